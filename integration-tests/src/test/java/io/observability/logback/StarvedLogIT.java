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

import io.observability.testing.ForkedJvm;
import io.observability.testing.OtherUser;
import io.observability.testing.OwnMounts;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that write one log, and one of them lacks what the others have.
 */
class StarvedLogIT {

	private static final int PAUSE_MICROS = 2000;

	private static final int SOME_BYTES = 1 << 18;

	@TempDir
	private Path directory;

	@Test
	void collectorWithoutDescriptorsIsReplacedAndLosesNothing(@TempDir Path jars) throws Exception {
		String classPath = ForkedJvm.packed(ForkedJvm.plainClassPath(), jars);
		try (LogFleet fleet = emptyFleet()) {
			fleet.start(List.of(), classPath).awaitLine("started");
			fleet.start(List.of(), classPath).awaitLine("started");
			fleet.awaitProgress(SOME_BYTES);
			ForkedJvm starved = fleet.collector();
			limitDescriptors(starved, 10);
			awaitOtherCollector(fleet, starved);
			fleet.awaitProgress(SOME_BYTES);
			limitDescriptors(starved, 4096);
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet, starved, this.directory, this.directory);
		}
	}

	@Test
	void processThatCannotWriteTheLogLeavesItToOneThatCan() throws Exception {
		OwnMounts.assumeAvailable();
		Path logs = Files.createDirectory(this.directory.resolve("logs"));
		try (LogFleet fleet = new LogFleet(this.directory, logs, 0, PAUSE_MICROS,
				Map.of("maxFileSize", "200KB", "logDirectory", logs.toString()))) {
			ForkedJvm readOnly = fleet.start(OwnMounts.readOnly(logs), ForkedJvm.plainClassPath());
			readOnly.awaitLine("started");
			assertThat(fleet.collector()).isSameAs(readOnly);
			fleet.start();
			awaitOtherCollector(fleet, readOnly);
			fleet.awaitProgress(SOME_BYTES);
			// It is elected while there is no other.
			fleet.replace(List.of(fleet.collector()));
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet, readOnly, this.directory, logs);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "store" })
	void collectorWhoseFolderBecomesReadOnlyIsReplaced(String folder) throws Exception {
		OwnMounts.assumeAvailable();
		try (LogFleet fleet = emptyFleet()) {
			for (int i = 0; i < 2; i++) {
				fleet.start(OwnMounts.LAUNCHER, ForkedJvm.plainClassPath()).awaitLine("started");
			}
			fleet.awaitProgress(SOME_BYTES);
			ForkedJvm readOnly = fleet.collector();
			OwnMounts.makeReadOnly(readOnly, this.directory.resolve(folder));
			awaitOtherCollector(fleet, readOnly);
			fleet.awaitProgress(SOME_BYTES);
			OwnMounts.makeWritable(readOnly, this.directory.resolve(folder));
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet, readOnly, this.directory, this.directory);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void logOfAGroupIsWrittenByWhichOfItsUsersCan(boolean madeForOneUser, @TempDir Path classes) throws Exception {
		OtherUser.assumeAvailable();
		OtherUser owner = new OtherUser(54_321);
		OtherUser other = new OtherUser(54_322);
		Files.setAttribute(this.directory, "unix:mode", 0755);
		Files.setAttribute(classes, "unix:mode", 0755);
		String classPath = OtherUser.readable(ForkedJvm.plainClassPath(), classes);
		Path shared = owner.own(Files.createDirectory(this.directory.resolve("shared")), 02770);
		owner.own(Files.createDirectory(shared.resolve("store")), 02770);
		if (madeForOneUser) {
			owner.own(Files.createFile(shared.resolve("app.log")), 0644);
		}
		try (LogFleet fleet = new LogFleet(shared, shared, 0, PAUSE_MICROS, Map.of("maxFileSize", "200KB"))) {
			ForkedJvm first = fleet.start(other.launcher(), classPath);
			first.awaitLine("started");
			assertThat(fleet.collector()).isSameAs(first);
			fleet.start(owner.launcher(), classPath);
			if (madeForOneUser) {
				awaitOtherCollector(fleet, first);
			}
			fleet.awaitProgress(SOME_BYTES);
			fleet.kill(fleet.collector());
			fleet.start(owner.launcher(), classPath);
			fleet.awaitProgress(SOME_BYTES);
			fleet.kill(fleet.collector());
			fleet.start(other.launcher(), classPath);
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet, first, shared, shared);
		}
	}

	private LogFleet emptyFleet() {
		return new LogFleet(this.directory, this.directory, 0, PAUSE_MICROS, Map.of("maxFileSize", "200KB"));
	}

	private static void awaitOtherCollector(LogFleet fleet, ForkedJvm former) {
		long begin = System.nanoTime();
		Awaitility.await().until(() -> fleet.collector() != former);
		System.out.println("another collector after ms=" + (System.nanoTime() - begin) / 1_000_000);
	}

	private static void stopAndCheck(LogFleet fleet, ForkedJvm starved, Path directory, Path logs) throws IOException {
		fleet.all().forEach((jvm) -> jvm.send("stop"));
		for (ForkedJvm jvm : fleet.all()) {
			int reports = Integer.parseInt(jvm.awaitLine("warnings ").substring("warnings ".length()));
			// Once for each kind of failure.
			assertThat(reports).as("reports").isLessThanOrEqualTo((jvm == starved) ? 4 : 0);
			jvm.awaitExit();
		}
		MergedLogChecker log = MergedLogChecker.check(logs, directory);
		System.out.println(log);
		assertThat(log.findings()).as(log.toString()).isEmpty();
	}

	private static void limitDescriptors(ForkedJvm jvm, long limit) throws Exception {
		assertThat(
				new ProcessBuilder("prlimit", "--pid", Long.toString(jvm.pid()), "--nofile=" + limit + ":").inheritIO()
					.start()
					.waitFor())
			.isZero();
	}

}
