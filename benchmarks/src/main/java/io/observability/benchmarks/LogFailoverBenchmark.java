/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.FleetLog;

/** Time from the death of the collector until another one writes. */
final class LogFailoverBenchmark {

	private static final int ROUNDS = 20;

	private static final int PROCESSES = 4;

	private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private LogFailoverBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process or its files fail
	 */
	public static void main(String[] args) throws IOException {
		List<Double> millis = new ArrayList<>();
		try (TemporaryFolder folder = TemporaryFolder.create("log")) {
			List<ChildProcess> writers = new ArrayList<>();
			for (int i = 0; i < PROCESSES; i++) {
				writers.add(start(folder.path(), i));
			}
			for (int round = 0; round < ROUNDS; round++) {
				ChildProcess collector = collector(folder.path(), writers);
				writers.remove(collector);
				writers.add(start(folder.path(), PROCESSES + round));
				collector.kill();
				millis.add(untilItGrows(folder.path().resolve("app.log")));
			}
			writers.forEach(ChildProcess::kill);
		}
		System.out.printf(Locale.ROOT,
				"collector gone until another writes: median %.0f ms, greatest %.0f ms (%d kills), bar <= 1000%n",
				Comparison.median(millis), Collections.max(millis), ROUNDS);
	}

	private static ChildProcess start(Path directory, int number) throws IOException {
		ChildProcess writer = LogWriter.start("queue", directory, "w" + number, 1);
		writer.awaitLine("ready");
		writer.ask("keep 5");
		return writer;
	}

	private static ChildProcess collector(Path directory, List<ChildProcess> writers) throws IOException {
		StoreDirectory store = StoreDirectory.open(directory.resolve("store"));
		while (true) {
			String id = FleetLog.of(store).collector();
			for (Slot slot : new Slots(store).list()) {
				InstanceInfo occupant = slot.livingOccupant();
				if (occupant != null && occupant.id().equals(id)) {
					return writers.stream()
						.filter((writer) -> writer.pid() == occupant.pid())
						.findFirst()
						.orElseThrow();
				}
			}
			LockSupport.parkNanos(WAIT_NANOS);
		}
	}

	private static double untilItGrows(Path file) throws IOException {
		long start = System.nanoTime();
		long size = Files.size(file);
		while (Files.exists(file) && Files.size(file) == size) {
			LockSupport.parkNanos(WAIT_NANOS);
		}
		return (System.nanoTime() - start) / 1e6;
	}

}
