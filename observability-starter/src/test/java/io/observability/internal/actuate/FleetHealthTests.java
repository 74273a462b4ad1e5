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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observability.FullPolicy;
import io.observability.internal.log.collector.CheckpointProgress;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.testing.TestFleet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the health of a fleet tells, trouble by trouble.
 */
class FleetHealthTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private TestFleet.Member self;

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		this.self = this.fleet.start();
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	private FleetHealth.Report health() {
		FleetObserver observer = new FleetObserver(() -> this.self.instance(), null, this.fleet.problems());
		return new FleetHealth(observer, LogQueue.MIN_BACKLOG).check();
	}

	@Test
	void fleetWithoutTroubleIsUp() {
		this.fleet.start();

		assertThat(health().status()).isEqualTo("UP");
		assertThat(health().details()).containsEntry("instances", 2).containsKey("store").hasSize(2);
	}

	@Test
	void endedInstanceIsNoTrouble() {
		this.fleet.start().kill();

		assertThat(health().status()).isEqualTo("UP");
		assertThat(health().details()).containsEntry("instances", 1);
	}

	@Test
	void instanceAloneInItsMemoryIsDegraded() {
		FleetHealth.Report health = new FleetHealth(new FleetObserver(() -> null, null, this.fleet.problems()), 1)
			.check();

		assertThat(health.status()).isEqualTo("DEGRADED");
		assertThat(health.details()).containsKey("store");
	}

	@Test
	void corruptFileIsReported() throws IOException {
		TotalsFamily orders = Family.totals("orders", "", MetricType.COUNTER, List.of(), List.of(), 1);
		this.fleet.start().writer().totals(orders, List.of()).add(1);
		Path segment = this.fleet.segments()
			.stream()
			.filter((file) -> file.startsWith(this.fleet.store().path().resolve("slots/1")))
			.findFirst()
			.orElseThrow();
		Files.write(segment, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 });
		assertThat(this.fleet.shown()).isEmpty();

		assertThat(health().status()).isEqualTo("DEGRADED");
		assertThat(health().details().get("problems").toString()).contains(segment.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "collector.checkpoint", "collector.lock", "slots/0/log-0123456789abcdef-0-0.seg",
			"slots/7/instance" })
	void folderInThePlaceOfAFileIsReportedAndTheRestIsShown(String name) throws IOException {
		Path folder = Files.createDirectories(this.self.instance().store().path().resolve(name));
		Files.createDirectory(folder.resolve("folder"));
		try (LogQueue queue = openQueue()) {
			append(queue, 100);

			FleetHealth.Report health = health();

			assertThat(health.status()).isEqualTo("DEGRADED");
			assertThat(health.details()).containsEntry("instances", 1).containsKey("collector");
			if (!name.startsWith("slots/7")) {
				assertThat(health.details().get("problems").toString()).contains(folder.toString());
			}
		}
	}

	@Test
	void fileInThePlaceOfASlotIsReported() throws IOException {
		Path file = Files.createFile(this.self.instance().store().slots().resolve("7"));

		assertThat(health().status()).isEqualTo("DEGRADED");
		assertThat(health().details().get("problems").toString()).contains(file.toString());
	}

	@Test
	void filesOfANewerVersionAreReportedAndTheRestIsShown() throws IOException {
		Path checkpoint = this.self.instance().store().collectorCheckpoint();
		Files.write(checkpoint, header("OBSVCHKP"));
		Path segment = this.self.directory().resolve("log-0123456789abcdef-0-0.seg");
		Files.write(segment, header("OBSVLOGQ"));

		FleetHealth.Report health = health();

		assertThat(health.status()).isEqualTo("DEGRADED");
		assertThat(health.details()).containsEntry("instances", 1);
		assertThat(health.details().get("problems").toString()).contains(checkpoint.toString(), segment.toString())
			.contains("version=9");
	}

	/** The start of a file of version 9. */
	private static byte[] header(String magic) {
		ByteBuffer header = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
		header.put(magic.getBytes(StandardCharsets.US_ASCII)).putInt(9);
		return header.array();
	}

	private LogQueue openQueue() throws IOException {
		return LogQueue.open(this.self.instance(), LogQueue.MIN_BACKLOG, FullPolicy.DROP,
				CheckpointProgress.in(this.fleet.store()), (task, cause) -> {
				});
	}

	@Test
	void eventsWithoutACollectorAreReported() throws IOException {
		try (LogQueue queue = LogQueue.open(this.self.instance(), LogQueue.MIN_BACKLOG, FullPolicy.DROP,
				CheckpointProgress.in(this.fleet.store()), (task, cause) -> {
				})) {
			assertThat(health().status()).isEqualTo("UP");

			append(queue, 100);

			assertThat(health().status()).isEqualTo("DEGRADED");
			assertThat(health().details().get("collector").toString()).contains("missing").contains("100");
			assertThat(health().details()).doesNotContainKey("logBacklog");
		}
	}

	@Test
	void taskThatFailsIsReportedWhileItDoes() {
		AtomicBoolean failing = new AtomicBoolean(true);
		Task task = Supervisor.ofThisProcess().start("observability-test", "test", Duration.ZERO, () -> {
			if (failing.get()) {
				throw new OutOfMemoryError("planted");
			}
			return TimeUnit.MILLISECONDS.toNanos(1);
		}, (name, cause) -> {
		});
		Awaitility.await().untilAsserted(() -> {
			assertThat(health().status()).isEqualTo("DEGRADED");
			assertThat(health().details().get("problems").toString()).contains("task test", "planted");
		});

		failing.set(false);

		Awaitility.await().untilAsserted(() -> assertThat(health().status()).isEqualTo("UP"));
		task.close(TimeUnit.SECONDS.toNanos(10));
	}

	@Test
	void nearlyFullBacklogIsReported() throws IOException {
		try (LogQueue queue = LogQueue.open(this.self.instance(), LogQueue.MIN_BACKLOG, FullPolicy.DROP,
				CheckpointProgress.in(this.fleet.store()), (task, cause) -> {
				})) {
			for (int i = 0; i < 70; i++) {
				append(queue, 10_000);
			}

			assertThat(health().details().get("logBacklog").toString()).contains("instances=[0]");
		}
	}

	private static void append(LogQueue queue, int length) {
		queue.append(Level.INFO, 1, new byte[length], length);
	}

	@Test
	void clockBehindAnotherInstancesStartIsTold() throws IOException {
		Path info = this.fleet.start().directory().resolve("instance");
		Files.writeString(info,
				Files.readString(info).replaceAll("started=.*", "started=" + Instant.now().plus(Duration.ofHours(1))));

		assertThat(health().status()).isEqualTo("DEGRADED");
		assertThat(health().details().get("clock").toString()).contains("instances=[1]");
	}

}
