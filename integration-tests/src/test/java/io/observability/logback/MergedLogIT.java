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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import io.observability.internal.logback.sinks.SinkChecker;
import io.observability.testing.ForkedJvm;
import io.observability.testing.LiveFolder;
import io.observability.testing.Locks;
import io.observability.testing.SmallDisk;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Processes that write one log, rolled at 1 MB and compressed, while they are killed:
 * each event whose log call has returned is in it once, whole and in its writer's order.
 * The profile {@code soak} kills more often, and lets them write as fast as they can.
 */
class MergedLogIT {

	private static final int KILLS = Integer.getInteger("kills", 3);

	private static final int KILLS_OF_ALL = Integer.getInteger("killsOfAll", 2);

	private static final int STOPS = Integer.getInteger("stops", 1);

	private static final int DELETIONS = Integer.getInteger("deletions", 5);

	private static final int PROCESSES = Integer.getInteger("logProcesses", 3);

	private static final int PAUSE_MICROS = 400;

	private static final int PAUSE_BETWEEN_KILLS_MICROS = Integer.getInteger("pauseMicros", PAUSE_MICROS);

	private static final Map<String, String> PROPERTIES = Map.of("maxFileSize",
			System.getProperty("maxFileSize", "1MB"));

	/** All that is written is checked in the end. */
	private static final Map<String, String> BOUNDED = Map.of("maxBacklog", System.getProperty("maxBacklog", "8MB"),
			"maxEvents", System.getProperty("maxEvents", "60000"));

	private static final long SOME_BYTES = 400_000;

	@TempDir
	private Path directory;

	@Test
	void killedProcess() throws IOException {
		try (LogFleet fleet = fleetToKill()) {
			for (int i = 0; i < KILLS; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.any()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void killedCollector() throws IOException {
		try (LogFleet fleet = fleetToKill()) {
			for (int i = 0; i < KILLS; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.collector()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void allProcessesKilledAtOnce() throws IOException {
		try (LogFleet fleet = fleetToKill()) {
			for (int i = 0; i < KILLS_OF_ALL; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(fleet.all());
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void processesThatWriteAsFastAsTheyCan() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 2, 0, BOUNDED)) {
			for (int i = 0; i < KILLS / 3; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.any()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void stoppedCollectorIsReplacedAndChangesNothingWhenItGoesOn() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, PAUSE_MICROS, PROPERTIES)) {
			for (int i = 0; i < STOPS; i++) {
				fleet.awaitProgress(SOME_BYTES / 2);
				ForkedJvm collector = fleet.collector();
				collector.signal("STOP");
				long stopped = System.nanoTime();
				Awaitility.await().until(() -> fleet.collector() != collector);
				System.out.println("another collector after ms=" + (System.nanoTime() - stopped) / 1_000_000);
				fleet.awaitProgress(SOME_BYTES);
				collector.signal("CONT");
				fleet.awaitProgress(SOME_BYTES);
				assertThat(fleet.collector()).isNotEqualTo(collector);
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void collectorThatMeetsErrorsGoesOnAndReportsEachOnce() throws IOException {
		List<Class<? extends Error>> errors = List.of(OutOfMemoryError.class, NoClassDefFoundError.class,
				StackOverflowError.class);
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 1, PAUSE_MICROS,
				Map.of("collectorErrors", errors.stream().map(Class::getName).collect(Collectors.joining(","))))) {
			fleet.awaitProgress(SOME_BYTES);
			assertThat(fleet.stopAndCountWarnings()).isEqualTo(errors.size());
		}
		assertThat(MergedLogChecker.check(this.directory).findings()).isEmpty();
	}

	@Test
	void queueWithoutDirectMemoryForAWhileIsExtendedAgainAndReportsItOnce() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 1, PAUSE_MICROS,
				Map.of("exhaust", "true", "maxBacklog", "4MB"))) {
			fleet.any().awaitLine("exhausted");
			fleet.awaitProgress(SOME_BYTES);
			assertThat(fleet.stopAndCountWarnings()).isBetween(1L, 2L);
		}
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		assertThat(log.findings()).allMatch((finding) -> finding.contains(LogWriterMain.LARGE_EVENT));
	}

	@Test
	void fullDiskOfTheLogBlocksNoWriterAndLosesNothing() throws IOException {
		Path directory = Files.createDirectory(this.directory.resolve("disk"));
		try (SmallDisk disk = SmallDisk.mount(directory, "16m")) {
			assumeThat(disk).as("a small file system can be mounted, which takes root").isNotNull();
			Map<String, String> properties = Map.of("logDirectory", disk.path().toString());
			try (LogFleet fleet = new LogFleet(this.directory, disk.path(), 2, 5 * PAUSE_MICROS, properties)) {
				fleet.awaitProgress(SOME_BYTES);
				disk.fill();
				long written = fleet.acknowledged();
				Awaitility.await().until(() -> fleet.acknowledged() > written + 5000);
				disk.free();
				fleet.awaitProgress(2 * SOME_BYTES);
				fleet.stop();
			}
			MergedLogChecker log = MergedLogChecker.check(disk.path(), this.directory);
			assertThat(log.findings()).as(log.toString()).isEmpty();
		}
	}

	@Test
	void diskOfTheLogWithoutInodesLosesNoRolledFile() throws IOException {
		Path directory = Files.createDirectory(this.directory.resolve("disk"));
		try (SmallDisk disk = SmallDisk.mount(directory, "64m,nr_inodes=200")) {
			assumeThat(disk).as("a small file system can be mounted, which takes root").isNotNull();
			Map<String, String> properties = Map.of("logDirectory", disk.path().toString());
			try (LogFleet fleet = new LogFleet(this.directory, disk.path(), 2, 5 * PAUSE_MICROS, properties)) {
				fleet.awaitProgress(SOME_BYTES);
				// While no rolled file is being compressed.
				disk.fillInodes();
				fleet.awaitProgress(2 * SOME_BYTES);
				disk.freeInodes();
				fleet.awaitProgress(SOME_BYTES);
				fleet.stop();
			}
			MergedLogChecker log = MergedLogChecker.check(disk.path(), this.directory);
			assertThat(log.findings()).as(log.toString()).isEmpty();
		}
	}

	@Test
	void logFileThatIsMovedAwayIsCreatedAgain() throws IOException {
		Path away = Files.createDirectory(this.directory.resolve("away"));
		try (LogFleet fleet = new LogFleet(this.directory, 2, PAUSE_MICROS)) {
			for (int i = 0; i < 4; i++) {
				fleet.awaitProgress(SOME_BYTES);
				Path active = this.directory.resolve("app.log");
				Awaitility.await().until(() -> Files.exists(active));
				Files.move(active, away.resolve("app.log." + i));
			}
			fleet.awaitProgress(SOME_BYTES);
			fleet.stop();
		}
		for (int i = 0; i < 4; i++) {
			Files.move(away.resolve("app.log." + i), this.directory.resolve("app.log.2000-01-01." + i));
		}
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		assertThat(log.counts()).as(log.toString() + log.findings()).isEqualTo("missing=0, doubled=0, torn=0");
	}

	@Test
	void deletedStoreIsJoinedAgainByAllProcesses() throws IOException, InterruptedException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, PAUSE_MICROS,
				Map.of("maxFileSize", "200KB"))) {
			for (int i = 0; i < 3; i++) {
				fleet.awaitProgress(SOME_BYTES);
				// May find files that the processes have created meanwhile, and leave
				// them.
				new ProcessBuilder("rm", "-rf", this.directory.resolve("store").toString()).start().waitFor();
				Awaitility.await().ignoreExceptions().until(() -> fleet.queueFiles().size() >= 3);
			}
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet);
		}
	}

	@Test
	void collectorWhoseLockIsDeletedIsReplaced() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, PAUSE_MICROS)) {
			for (int i = 0; i < 2; i++) {
				ForkedJvm collector = fleet.collector();
				fleet.awaitProgress(SOME_BYTES / 2);
				Files.delete(this.directory.resolve("store/collector.lock"));
				Awaitility.await().until(() -> fleet.collector() != collector);
			}
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet);
		}
	}

	@Test
	void stoppedCollectorWhoseLockIsDeletedWritesNothingWhenItGoesOn() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, PAUSE_MICROS)) {
			for (int i = 0; i < STOPS; i++) {
				fleet.awaitProgress(SOME_BYTES / 2);
				ForkedJvm collector = fleet.collector();
				collector.signal("STOP");
				Files.delete(this.directory.resolve("store/collector.lock"));
				Awaitility.await().until(() -> fleet.collector() != collector);
				fleet.awaitProgress(SOME_BYTES / 2);
				collector.signal("CONT");
				fleet.awaitProgress(SOME_BYTES / 2);
			}
			stopAndCheck(fleet);
		}
	}

	/** Of all kinds but the checkpoint. */
	@Test
	void cleanerThatDeletesSingleFilesLosesAndDoublesNothing() throws IOException {
		long seed = System.nanoTime();
		System.out.println("seed=" + seed);
		Random random = new Random(seed);
		Path store = this.directory.resolve("store");
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, PAUSE_MICROS,
				Map.of("metrics", "true", "maxFileSize", "200KB"))) {
			for (int i = 0; i < DELETIONS; i++) {
				fleet.awaitProgress(SOME_BYTES / 20);
				List<Path> files = LiveFolder.tree(store).stream().filter(MergedLogIT::isCleaned).toList();
				Files.deleteIfExists(files.get(random.nextInt(files.size())));
			}
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet);
		}
	}

	private static boolean isCleaned(Path file) {
		String name = file.getFileName().toString();
		return Files.isRegularFile(file) && !name.startsWith("collector.checkpoint");
	}

	@Test
	void processesThatLoseTheirLocksAllTheTimeLoseAndDoubleNothing() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, PAUSE_MICROS,
				Map.of("dropLocks", "true"))) {
			Path store = this.directory.resolve("store");
			Awaitility.await().until(() -> {
				Locks.deleteOfSlots(store);
				return fleet.acknowledged() > 20_000;
			});
			Awaitility.await().until(() -> Locks.ofSlots(store).size() == 3);
			stopAndCheck(fleet);
		}
	}

	@Test
	void attachedAppendersGetEachEventAtLeastOnceAndInOrder() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, 3, 2 * PAUSE_MICROS,
				Map.of("sink", "true"))) {
			for (int i = 0; i < 2; i++) {
				fleet.awaitProgress(SOME_BYTES / 4);
				fleet.replace(List.of(fleet.collectorOfSinks()));
			}
			fleet.stop();
			// If all stop at once, a delivered queue may be left to the next start.
			fleet.start();
			stopAndCheck(fleet);
		}
		SinkChecker sinks = SinkChecker.check(this.directory);
		assertThat(sinks.findings()).isEmpty();
		assertThat(sinks.files()).isGreaterThan(1);
	}

	private LogFleet fleetToKill() {
		return new LogFleet(this.directory, this.directory, PROCESSES, PAUSE_BETWEEN_KILLS_MICROS, PROPERTIES);
	}

	private void stopAndCheck(LogFleet fleet) throws IOException {
		fleet.stop();
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		System.out.println(log);
		assertThat(log.findings()).as(log.toString()).isEmpty();
		assertThat(log.lines()).isGreaterThan(10_000);
		assertThat(fleet.queueFiles()).isEmpty();
	}

}
