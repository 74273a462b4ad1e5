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

package io.observability.logback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.FleetLog;
import io.observability.internal.logback.sinks.SinkChecker;
import io.observability.testing.LineServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes with two attached appenders, of which one has a server that is stopped for a
 * while, and whose collector is killed meanwhile. The profile {@code soak} stops the
 * server for a minute.
 */
class AttachedAppendersIT {

	private static final int DOWN_SECONDS = Integer.getInteger("downSeconds", 2);

	private static final int PAUSE_MICROS = 1000;

	private static final long SOME_BYTES = 100_000;

	@TempDir
	private Path directory;

	@Test
	void serverThatWasStoppedGetsEachEventInOrder() throws IOException {
		try (LineServer server = new LineServer()) {
			server.start();
			Map<String, String> properties = Map.of("sink", "true", "linePort", Integer.toString(server.port()));
			try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, PAUSE_MICROS, properties)) {
				Awaitility.await().until(() -> server.count() > 1000);
				server.stop();
				long stopped = System.nanoTime();
				fleet.awaitProgress(SOME_BYTES);
				Awaitility.await().until(() -> lines().failure() != null);
				fleet.replace(List.of(fleet.collectorOfSinks()));
				while (System.nanoTime() - stopped < Duration.ofSeconds(DOWN_SECONDS).toNanos()) {
					fleet.awaitProgress(SOME_BYTES);
				}
				Awaitility.await().until(() -> lines().failure() != null && lines().backlog() > SOME_BYTES);
				int before = server.count();
				server.start();
				Awaitility.await().until(() -> server.count() > before + 1000);
				fleet.replace(List.of(fleet.collectorOfSinks()));
				Awaitility.await()
					.until(() -> lines().failure() == null && server.count() > fleet.acknowledged() - 10_000);
				assertThat(lines().missed()).isZero();
				fleet.stop();
				assertThat(fleet.queueFiles()).isEmpty();
			}
			assertEachInOrder(server.lines());
		}
		assertThat(SinkChecker.check(this.directory).findings()).isEmpty();
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		assertThat(log.findings()).as(log.toString()).isEmpty();
	}

	private FleetLog.AttachedAppender lines() throws IOException {
		return FleetLog.of(StoreDirectory.open(this.directory.resolve("store")))
			.appenders()
			.stream()
			.filter((appender) -> appender.name().equals("LINES"))
			.findFirst()
			.orElse(new FleetLog.AttachedAppender("LINES", 0, 0, null));
	}

	/** Some may come twice, but only together with all that followed them. */
	private void assertEachInOrder(List<String> lines) throws IOException {
		Map<String, Integer> last = new HashMap<>();
		int doubled = 0;
		for (String line : lines) {
			String[] words = line.split(" ", -1);
			String writer = words[0] + " " + words[1];
			int number = Integer.parseInt(words[2]);
			int before = last.getOrDefault(writer, 0);
			assertThat(number).as("missing before: " + line).isLessThanOrEqualTo(before + 1);
			doubled += (number <= before) ? 1 : 0;
			last.put(writer, Math.max(number, before));
		}
		System.out.println("lines=" + lines.size() + ", doubled=" + doubled);
		assertThat(doubled).isLessThan(10_000);
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.filter((path) -> path.getFileName().toString().startsWith("ack-")).toList()) {
				ByteBuffer acknowledged = ByteBuffer.wrap(Files.readAllBytes(file));
				String name = file.getFileName().toString().substring("ack-".length());
				for (int thread = 0; acknowledged.hasRemaining(); thread++) {
					assertThat(last.getOrDefault(name + " " + thread, 0)).as(name + " " + thread)
						.isGreaterThanOrEqualTo(acknowledged.getInt());
				}
			}
		}
	}

}
