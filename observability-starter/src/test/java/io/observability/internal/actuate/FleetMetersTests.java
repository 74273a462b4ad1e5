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

package io.observability.internal.actuate;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointProgress;
import io.observability.internal.log.queue.LogQueue;
import io.observability.testing.TestFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FleetMetersTests {

	@TempDir
	private Path directory;

	@Test
	void lagIsTheAgeOfTheOldestEventThatWaits() throws IOException {
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			TestFleet.Member self = fleet.start();
			FleetObserver observer = new FleetObserver(self::instance, null, fleet.problems());
			assertThat(lag(observer)).isZero();
			try (LogQueue queue = LogQueue.open(self.instance(), LogQueue.MIN_BACKLOG, FullPolicy.DROP,
					CheckpointProgress.in(fleet.store()), (task, cause) -> {
					})) {
				assertThat(lag(observer)).isZero();
				append(queue, 60);
				append(queue, 1);
				assertThat(lag(observer)).isBetween(60.0, 600.0);
			}
		}
	}

	@Test
	void lagAndProblemsAreThoseOfAllLogs() throws IOException {
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			FleetObserver observer = new FleetObserver(fleet.start()::instance, null, fleet.problems());
			StoreDirectory other = fleet.store().openLog("other");
			Files.createDirectory(other.collectorCheckpoint());
			try (Instance member = Instance.join(other, null);
					LogQueue queue = LogQueue.open(member, LogQueue.MIN_BACKLOG, FullPolicy.DROP,
							CheckpointProgress.in(other), (task, cause) -> {
							})) {
				append(queue, 60);
				assertThat(lag(observer)).isBetween(60.0, 600.0);
				assertThat(observer.observe().problems().keySet()).singleElement()
					.asString()
					.endsWith("logs/other/collector.checkpoint");
			}
		}
	}

	private static void append(LogQueue queue, int age) {
		long time = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond() - age);
		queue.append(Level.INFO, time, new byte[10], 10);
	}

	private static double lag(FleetObserver observer) {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new FleetMeters(observer).bindTo(registry);
		return registry.get("observability.log.collector.lag").gauge().value();
	}

}
