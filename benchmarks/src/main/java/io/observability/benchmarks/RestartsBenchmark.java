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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What 1,000 restarts of instances leave behind, half of them killed and half ended in
 * good order: time of a scrape, files and bytes of the store. The time is compared with
 * that of a fleet of the same size that never saw a restart, both measured in turns.
 */
final class RestartsBenchmark {

	private static final String RESTARTS = "1000";

	private static final int INSTANCES = 5;

	private static final int SERIES = 100;

	private static final int WARM_UP = 300;

	private static final int ROUNDS = 9;

	private static final int TURNS = 15;

	private static final int FOLD_POLL_MILLIS = 100;

	private RestartsBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args the number of restarts, if not 1,000
	 * @throws IOException if a process fails
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		int restarts = Integer.parseInt((args.length > 0) ? args[0] : RESTARTS);
		try (ProcessFleet fleet = ProcessFleet.start(INSTANCES, SERIES)) {
			List<Path> before = files(fleet);
			long bytesBefore = bytes(before);
			restart(fleet, restarts);
			awaitFolded(fleet);
			List<Path> after = files(fleet);
			Comparison files = new Comparison("files after %,d restarts / before".formatted(restarts), "files");
			files.add(after.size(), before.size());
			files.printRatio("<= 1.2");
			Comparison bytes = new Comparison("bytes after %,d restarts / before".formatted(restarts), "bytes");
			bytes.add((double) bytes(after), (double) bytesBefore);
			bytes.printRatio("<= 1.2");
			compareScrapes(fleet, restarts);
		}
	}

	/** Each instance is restarted again and again by a thread of its own. */
	private static void restart(ProcessFleet fleet, int restarts) {
		int each = restarts / fleet.others().size();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < fleet.others().size(); i++) {
			int index = i;
			threads.add(CompletableFuture.runAsync(() -> {
				for (int restart = 0; restart < each; restart++) {
					restart(fleet, index, restart % 2 == 0);
				}
			}, (task) -> new Thread(task, "restarts-of-" + index).start()));
		}
		threads.forEach(CompletableFuture::join);
	}

	private static void restart(ProcessFleet fleet, int index, boolean kill) {
		try {
			ChildProcess instance = fleet.others().get(index);
			if (kill) {
				instance.kill();
			}
			else {
				instance.close();
			}
			ChildProcess next = InstanceMain.start(fleet.store(), SERIES);
			next.awaitLine("ready");
			fleet.others().set(index, next);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The application that is scraped folds what has ended, from time to time. */
	private static void awaitFolded(ProcessFleet fleet) throws IOException, InterruptedException {
		int instances;
		do {
			Thread.sleep(FOLD_POLL_MILLIS);
			instances = (int) files(fleet).stream()
				.filter((file) -> file.getFileName().toString().endsWith("-0.seg"))
				.count();
		}
		while (instances > INSTANCES);
	}

	private static List<Path> files(ProcessFleet fleet) throws IOException {
		return TemporaryFolder.files(fleet.store());
	}

	private static long bytes(List<Path> files) throws IOException {
		long bytes = 0;
		for (Path file : files) {
			try {
				bytes += Files.size(file);
			}
			catch (NoSuchFileException ex) {
				// It was being replaced.
			}
		}
		return bytes;
	}

	private static void compareScrapes(ProcessFleet restarted, int restarts) throws IOException {
		try (ProcessFleet fresh = ProcessFleet.start(INSTANCES, SERIES)) {
			Comparison.Figure ofRestarted = () -> restarted.scrape().millis();
			Comparison.Figure ofFresh = () -> fresh.scrape().millis();
			new Comparison("", "").measure(1, WARM_UP, ofRestarted, ofFresh);
			System.out.printf("samples: %,d / %,d%n", restarted.scrape().samples(), fresh.scrape().samples());
			new Comparison("scrape after %,d restarts / without".formatted(restarts), "ms")
				.measure(ROUNDS, TURNS, ofRestarted, ofFresh)
				.printRatio("<= 1.2");
		}
	}

}
