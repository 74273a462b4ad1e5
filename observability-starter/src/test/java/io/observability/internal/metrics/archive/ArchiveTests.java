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

package io.observability.internal.metrics.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.observability.GaugeMode;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.FleetReader;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.observability.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.entry;

@Timeout(120)
// Numbers in tests are small.
@SuppressWarnings({ "LongDoubleConversion", "IntLongMath", "NarrowCalculation" })
class ArchiveTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void foldedInstancesShowWhatTheyShowedBefore() {
		long now = System.currentTimeMillis();
		for (int i = 0; i < 3; i++) {
			Member member = this.fleet.start("i" + i);
			MetricsWriter writer = member.writer();
			writer.totals(Families.COUNTER, List.of("north")).add(i + 0.1);
			writer.totals(Families.COUNTER, List.of("only-" + i)).add(1);
			writer.totals(Families.HISTOGRAM, List.of()).record(i, 100L);
			writer.totals(Families.SUMMARY, List.of()).record(0, 0.7);
			writer.windowMax(Families.windowMaxOfAnHour(), List.of(), now).record(i);
			writer.sample(Families.sampledCounter("asked"), List.of()).set(i + 0.3, now);
			writer
				.sample(Family.samples("asked_summary", "", MetricType.SUMMARY, GaugeMode.SUM, List.of(), List.of()),
						List.of())
				.set(0.1, new double[] { i }, now);
			for (GaugeMode mode : GaugeMode.values()) {
				writer.sample(Families.gauge("g_" + mode, mode), List.of()).set(i + 1, now + i);
			}
			if (i > 0) {
				member.kill();
			}
		}
		Map<String, String> before = this.fleet.shown();
		assertThat(this.fleet.fold()).isEqualTo(2);
		assertThat(this.fleet.shown()).isEqualTo(before)
			.hasSizeGreaterThan(20)
			.containsEntry("g_ALL{@i2}", "3.0")
			.containsEntry("g_SUM", "6.0");
		assertThat(this.fleet.segments()).as("totals and current values of the living one").hasSize(2);
	}

	@ParameterizedTest
	@EnumSource
	void gaugesOfTheEndedAreKeptUnlessLiveIsAskedFor(GaugeMode mode) {
		Member member = this.fleet.start("a");
		member.writer().sample(Families.gauge("g", mode), List.of()).set(3, 5);
		member.kill();
		Map<String, String> before = this.fleet.shown();
		this.fleet.fold();
		assertThat(this.fleet.shown()).isEqualTo(before).hasSize(mode.isLiveOnly() ? 0 : 1);
	}

	@Test
	void foldingTwiceChangesNothing() throws IOException {
		ended("north", 1);
		assertThat(this.fleet.fold()).isEqualTo(1);
		byte[] archive = Files.readAllBytes(archive());
		assertThat(this.fleet.fold()).isZero();
		assertThat(Files.readAllBytes(archive())).isEqualTo(archive);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	@Test
	void livingInstancesAreNotFolded() {
		Member living = this.fleet.start();
		Totals totals = living.writer().totals(Families.COUNTER, List.of("north"));
		totals.add(1);
		assertThat(this.fleet.fold()).isZero();
		totals.add(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
	}

	@Test
	void sequenceOfAClosedWriterIsFoldedWhileItsProcessLives() {
		Member member = this.fleet.start();
		MetricsWriter second = MetricsWriter.open(member.instance(), 1_000_000, this.fleet.problems());
		member.writer().totals(Families.COUNTER, List.of("north")).add(1);
		second.totals(Families.COUNTER, List.of("north")).add(2);
		second.close();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "3.0"));
		assertThat(this.fleet.segments()).hasSize(1);
	}

	@Test
	void sequenceOfSeveralSegmentsIsFoldedAsOne() {
		Member member = this.fleet.start();
		String large = "x".repeat(200_000);
		for (int i = 0; i < 6; i++) {
			member.writer().totals(Families.COUNTER, List.of(large + i)).add(i);
		}
		assertThat(this.fleet.segments()).hasSizeGreaterThan(1);
		member.kill();
		Map<String, String> before = this.fleet.shown();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.segments()).isEmpty();
		assertThat(this.fleet.shown()).isEqualTo(before).hasSize(6);
	}

	@Test
	void newHolderOfASlotReplacesTheGaugeInTheArchive() {
		gaugeOfEnded("0", 7);
		this.fleet.fold();
		gaugeOfEnded("0", 8);
		assertThat(this.fleet.shown()).containsExactly(entry("g{@0}", "8.0"));
		this.fleet.fold();
		assertThat(this.fleet.shown()).containsExactly(entry("g{@0}", "8.0"));
		this.fleet.start("0").writer().sample(Families.gauge("g", GaugeMode.ALL), List.of()).set(1, 1);
		assertThat(this.fleet.shown()).containsExactly(entry("g{@0}", "1.0"));
	}

	private void gaugeOfEnded(String name, double value) {
		Member member = this.fleet.start(name);
		member.writer().sample(Families.gauge("g", GaugeMode.ALL), List.of()).set(value, System.currentTimeMillis());
		member.kill();
	}

	@Test
	void seriesBeganWhenTheFirstInstanceBeganIt() throws IOException {
		ended("north", 1);
		FleetMetrics observer = this.fleet.observer();
		long created = createdMillis(observer);
		this.fleet.fold();
		ended("north", 1);
		assertThat(createdMillis(observer)).isEqualTo(created);
		assertThat(createdMillis(this.fleet.observer())).isEqualTo(created);
	}

	private static long createdMillis(FleetMetrics metrics) throws IOException {
		return metrics.collect((families) -> families.iterator().next().series().iterator().next().createdMillis());
	}

	@Test
	void killedBeforeTheMoveItLeavesAFileThatTheNextOneOverwrites() throws IOException {
		ended("north", 1);
		Path temporary = archive().resolveSibling("totals.tmp");
		Files.write(temporary, new byte[12_345]);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(temporary).doesNotExist();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	@Test
	void killedAfterTheMoveItLeavesFilesThatCountOnce() throws IOException {
		// Some of the sequences' files are gone, some are not, at each possible point.
		Member large = this.fleet.start();
		large.writer().totals(Families.COUNTER, List.of("x".repeat(200_000))).add(1);
		large.writer().totals(Families.COUNTER, List.of("y".repeat(200_000))).add(1);
		ended("north", 1);
		large.kill();
		FleetMetrics observer = this.fleet.observer();
		Map<String, String> before = Shown.by(observer);
		Map<Path, byte[]> files = segmentBytes();
		assertThat(files).hasSize(3);
		assertThat(this.fleet.fold()).isEqualTo(2);
		for (int left = 0; left < 8; left++) {
			restore(files, left);
			assertThat(this.fleet.shown()).isEqualTo(before);
			assertThat(Shown.by(observer)).isEqualTo(before);
			assertThat(this.fleet.fold()).as("nothing new").isZero();
			assertThat(this.fleet.segments()).isEmpty();
			assertThat(this.fleet.shown()).isEqualTo(before);
			assertThat(Shown.by(observer)).isEqualTo(before);
		}
	}

	@Test
	void filesThatAFoldLeftAreGoneBeforeTheirSequenceIsForgotten() throws IOException {
		ended("north", 1);
		Map<Path, byte[]> files = segmentBytes();
		this.fleet.fold();
		restore(files, 1);
		for (int i = 0; i <= ArchiveFile.REMEMBERED_GENERATIONS + 1; i++) {
			ended("north", 1);
			assertThat(this.fleet.fold()).isEqualTo(1);
		}
		assertThat(this.fleet.shown())
			.containsExactly(entry("orders{shop=north}", ArchiveFile.REMEMBERED_GENERATIONS + 3 + ".0"));
	}

	private Map<Path, byte[]> segmentBytes() throws IOException {
		Map<Path, byte[]> files = new HashMap<>();
		for (Path file : this.fleet.segments()) {
			files.put(file, Files.readAllBytes(file));
		}
		return files;
	}

	private static void restore(Map<Path, byte[]> files, int which) throws IOException {
		List<Path> sorted = files.keySet().stream().sorted().toList();
		for (int i = 0; i < sorted.size(); i++) {
			if ((which & (1 << i)) != 0) {
				Files.write(sorted.get(i), files.get(sorted.get(i)));
			}
		}
	}

	@Test
	void sequencesAreForgottenAfterSomeGenerations() throws IOException {
		int generations = ArchiveFile.REMEMBERED_GENERATIONS + 20;
		for (int i = 0; i < generations; i++) {
			ended("north", 1);
			this.fleet.fold();
		}
		try (FleetReader reader = new FleetReader(this.fleet.store(), this.fleet.problems())) {
			reader.refresh();
			assertThat(reader.archive().header().index()).isEqualTo(generations);
			assertThat(reader.archive().folded()).hasSize(ArchiveFile.REMEMBERED_GENERATIONS + 1);
		}
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", generations + ".0"));
	}

	@Test
	void readerThatSleptForManyGenerationsCountsOnce() {
		ended("north", 1);
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "1.0"));
		int generations = ArchiveFile.REMEMBERED_GENERATIONS + 20;
		for (int i = 0; i < generations; i++) {
			ended("north", 1);
			this.fleet.fold();
		}
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", generations + 1 + ".0"));
	}

	@Test
	void filesAndBytesAreBoundedAfterAnyNumberOfRestarts() throws IOException {
		List<Long> bytes = new ArrayList<>();
		List<Integer> files = new ArrayList<>();
		for (int i = 1; i <= 200; i++) {
			ended("north", 1);
			this.fleet.fold();
			if (i % 100 == 0) {
				bytes.add(this.fleet.files().stream().mapToLong((file) -> file.toFile().length()).sum());
				files.add(this.fleet.files().size());
			}
		}
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "200.0"));
		assertThat(files.get(1)).isEqualTo(files.get(0));
		assertThat(bytes.get(1)).isEqualTo(bytes.get(0));
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void damagedArchiveIsPutAsideAndANewOneBegun() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(1);
		for (byte[] damage : List.of(damagedAtItsEnd(), new byte[0], new byte[100], new byte[] { 1, 2, 3 })) {
			Files.write(archive(), damage);
			assertThat(Shown.by(observer)).as("who has read it before").containsOnlyKeys("orders{shop=north}");
			assertThat(this.fleet.shown()).as("who has not").isEmpty();
			assertThat(this.fleet.problems().byFile()).containsOnlyKeys(archive());
			ended("north", 2);
			assertThat(this.fleet.fold()).isEqualTo(1);
			assertThat(Files.readAllBytes(archive().resolveSibling("totals.corrupt"))).isEqualTo(damage);
			assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
			assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "2.0"));
		}
		assertThat(this.fleet.warnings()).hasSize(1);
		assertThat(this.fleet.problems().byFile()).isEmpty();
	}

	/** As a restart of the one process takes it away. */
	@Test
	void infinityIsGoneWithItsInstance() throws IOException {
		for (double amount : new double[] { 2.5, Double.POSITIVE_INFINITY, 3.5 }) {
			Member member = this.fleet.start();
			member.writer().totals(Families.COUNTER, List.of("north")).add(4);
			member.writer().totals(Families.COUNTER, List.of("north")).add(amount);
			member.writer().totals(Families.HISTOGRAM, List.of()).record(2, amount);
			member.writer().sample(Families.sampledCounter("asked"), List.of()).set(amount, 1);
			member.writer().sample(Families.gauge("greatest", GaugeMode.MAX), List.of()).set(amount, 1);
			assertThat(this.fleet.shown()).containsEntry("orders{shop=north}",
					Double.toString(Double.isInfinite(amount) ? amount : ((amount < 3) ? 6.5 : 18)));
			member.kill();
			assertThat(this.fleet.fold()).isEqualTo(1);
		}
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "18.0")
			.containsEntry("asked", "6.0")
			.containsEntry("greatest", "Infinity")
			.hasEntrySatisfying("latency_seconds",
					(shown) -> assertThat(shown).startsWith("[0, 0, 3]").doesNotContain("Infinity"));
	}

	@Test
	void deletedArchiveIsGoneForAllAlike() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(1);
		Files.delete(archive());
		assertThat(Shown.by(observer)).as("who has read it before").isEqualTo(this.fleet.shown()).isEmpty();
	}

	@Test
	void archiveOfANewerVersionIsLeftToIt() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		byte[] newer = Files.readAllBytes(archive());
		newer[SegmentHeaderLayout.VERSION_OFFSET] = (byte) (MetricsSegmentLayout.FORMAT.version() + 1);
		Files.write(archive(), newer);
		ended("south", 2);
		assertThat(this.fleet.fold()).isZero();
		assertThat(Files.readAllBytes(archive())).isEqualTo(newer);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=south}", "2.0"));
	}

	@Test
	void seriesGoesWhenItsRetentionIsOver() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		awaitAnotherMilli();
		Archive archive = new Archive(this.fleet.store(), this.fleet.problems(), Duration.ZERO);
		assertThat(archive.fold()).isZero();
		assertThat(this.fleet.shown()).isEmpty();
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void retentionBeginsWhenTheLastInstanceEnds() throws IOException {
		ended("north", 1);
		ended("south", 1);
		this.fleet.fold();
		awaitAnotherMilli();
		ended("north", 2);
		Archive archive = new Archive(this.fleet.store(), this.fleet.problems(), Duration.ZERO);
		assertThat(archive.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "3.0"));
	}

	@Test
	void seriesThatALivingInstanceHasIsKeptWhole() throws IOException {
		ended("north", 1);
		ended("south", 1);
		this.fleet.fold();
		awaitAnotherMilli();
		this.fleet.start().writer().totals(Families.COUNTER, List.of("north")).add(2);
		Archive archive = new Archive(this.fleet.store(), this.fleet.problems(), Duration.ZERO);
		archive.fold();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "3.0"));
		byte[] kept = Files.readAllBytes(archive());
		archive.fold();
		assertThat(Files.readAllBytes(archive())).as("nothing more to drop").isEqualTo(kept);
	}

	@Test
	void seriesIsKeptForItsRetention() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		awaitAnotherMilli();
		new Archive(this.fleet.store(), this.fleet.problems(), Duration.ofHours(1)).fold();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	private static void awaitAnotherMilli() {
		long now = System.currentTimeMillis();
		while (System.currentTimeMillis() == now) {
			Thread.onSpinWait();
		}
	}

	/** An archive whose first records are good. */
	private byte[] damagedAtItsEnd() throws IOException {
		byte[] bytes = Files.readAllBytes(archive());
		int last = MetricsSegmentLayout.headerLength(0);
		int end = last;
		while (bytes[end] != 0) {
			last = end;
			end += bytes[end] & 0xFF;
		}
		bytes[last] = 3;
		return bytes;
	}

	@Test
	void metricsFileIsNoArchive() throws IOException {
		ended("north", 1);
		Files.copy(this.fleet.segments().get(0), archive());
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(archive().resolveSibling("totals.corrupt")).exists();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
		assertThat(this.fleet.warnings()).hasSize(1);
	}

	@Test
	void archiveThatCanNotBeWrittenLosesNothing() throws IOException {
		ended("north", 1);
		Path temporary = Files.createDirectory(archive().resolveSibling("totals.tmp"));
		Path inTheWay = Files.createFile(temporary.resolve("in-the-way"));
		assertThatIOException()
			.isThrownBy(() -> new Archive(this.fleet.store(), this.fleet.problems(), Duration.ofDays(7)).fold());
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
		Files.delete(inTheWay);
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	@Test
	void oneFoldsAtATime() throws IOException {
		ended("north", 1);
		try (ProcessLock other = ProcessLock.tryAcquire(this.fleet.store().archive().resolve("lock"))) {
			assertThat(other).isNotNull();
			assertThat(this.fleet.fold()).isZero();
		}
		assertThat(this.fleet.fold()).isEqualTo(1);
	}

	@Test
	void archiveOfAnotherStoreIsReadAnew() throws IOException {
		ended("north", 1);
		this.fleet.fold();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "1.0"));
		Path other = Files.createDirectory(this.directory.resolve("other"));
		try (TestFleet otherFleet = TestFleet.in(other)) {
			Member member = otherFleet.start();
			member.writer().totals(Families.COUNTER, List.of("north")).add(5);
			member.kill();
			otherFleet.fold();
			// The same generation, and no byte more or less.
			Files.copy(ArchiveFile.of(otherFleet.store()), archive(), StandardCopyOption.REPLACE_EXISTING);
		}
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "5.0"));
	}

	@Test
	void fractionsNeverGoBackByABit() {
		Random random = new Random(1);
		FleetMetrics observer = this.fleet.observer();
		List<Member> living = new ArrayList<>();
		double last = 0;
		double lastAsked = 0;
		for (int i = 0; i < 80; i++) {
			Member member = this.fleet.start();
			living.add(member);
			member.writer().totals(Families.COUNTER, List.of("north")).add(random.nextDouble() * (i % 7) + 1e-9);
			member.writer().sample(Families.sampledCounter("asked"), List.of()).set(random.nextDouble() * 1e-3, 1);
			Collections.shuffle(living, random);
			if (living.size() > 4) {
				living.remove(0).kill();
				assertThat(this.fleet.fold()).isEqualTo(1);
			}
			Map<String, String> shown = Shown.by(observer);
			double orders = Double.parseDouble(shown.get("orders{shop=north}"));
			double asked = Double.parseDouble(shown.get("asked"));
			assertThat(orders).isGreaterThanOrEqualTo(last);
			assertThat(asked).isGreaterThanOrEqualTo(lastAsked);
			assertThat(this.fleet.shown()).as("another reader, in another order").isEqualTo(shown);
			last = orders;
			lastAsked = asked;
		}
	}

	/**
	 * Should so many folds fall into one reading that a sequence is forgotten meanwhile.
	 */
	@Test
	void readingDuringWhichManyGenerationsPassBeginsAgain() throws IOException {
		Member early = this.fleet.start();
		early.writer().totals(Families.COUNTER, List.of("north")).add(1);
		Member late = this.fleet.start();
		Files.write(late.directory().resolve("metrics-0123456789abcdef-0-0.seg"), new byte[] { 1 });
		// Told of the bad file after the early instance was read and before the archive.
		Problems problems = new Problems((warning) -> {
			early.kill();
			for (int i = 0; i <= ArchiveFile.REMEMBERED_GENERATIONS + 1; i++) {
				this.fleet.fold();
				ended("south", 1);
			}
		});
		try (FleetMetrics metrics = new FleetMetrics(this.fleet.store(), List.of(), problems)) {
			assertThat(Shown.by(metrics)).containsEntry("orders{shop=north}", "1.0");
		}
	}

	/**
	 * What is recorded between the moment in which a folding thread has read an instance
	 * and the one in which it finds it ended must not go with the files.
	 */
	@Test
	void whatWasRecordedLastIsFoldedToo() throws Exception {
		AtomicLong recorded = new AtomicLong();
		AtomicBoolean ended = new AtomicBoolean();
		Together.run(2, (thread) -> {
			if (thread == 1) {
				while (!ended.get()) {
					this.fleet.fold();
				}
				return;
			}
			for (int i = 0; i < 20; i++) {
				Member member = this.fleet.start();
				MetricsWriter writer = member.writer();
				// Takes a while to be read.
				for (int large = 0; large < 6; large++) {
					writer.totals(Families.COUNTER, List.of("x".repeat(500_000) + large));
				}
				Totals totals = writer.totals(Families.COUNTER, List.of("north"));
				long until = System.nanoTime() + 5_000_000;
				while (System.nanoTime() < until) {
					totals.add(1);
					recorded.incrementAndGet();
				}
				if (i % 2 == 0) {
					member.kill();
				}
				else {
					// And another file, just before the end.
					writer.totals(Families.COUNTER, List.of("y".repeat(3 << 20)));
					writer.totals(Families.COUNTER, List.of("south")).add(1);
					member.end();
				}
			}
			ended.set(true);
		});
		this.fleet.fold();
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", recorded.get() + ".0")
			.containsEntry("orders{shop=south}", "10.0");
	}

	/**
	 * Instances that come, record and go, a thread that folds without pause and two that
	 * read.
	 */
	@Test
	void nothingIsLostOrCountedTwiceWhileReadersReadAndFoldersFold() throws Exception {
		int recorders = 3;
		int restarts = 40;
		AtomicLong recorded = new AtomicLong();
		AtomicLong ended = new AtomicLong();
		Together.run(recorders + 3, (thread) -> {
			if (thread < recorders) {
				for (int i = 0; i < restarts; i++) {
					recordAndEnd(thread, i, recorded);
				}
				ended.incrementAndGet();
			}
			else if (thread == recorders) {
				while (ended.get() < recorders) {
					this.fleet.fold();
				}
			}
			else {
				FleetMetrics observer = this.fleet.observer();
				double last = 0;
				while (ended.get() < recorders) {
					long before = recorded.get();
					SortedMap<String, String> shown = Shown.by(observer);
					double value = Double.parseDouble(shown.getOrDefault("orders{shop=north}", "0"));
					assertThat(value).isGreaterThanOrEqualTo(Math.max((double) before, last))
						.isLessThanOrEqualTo((double) (recorded.get() + recorders));
					last = value;
				}
			}
		});
		this.fleet.fold();
		String expected = recorded.get() + ".0";
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", expected)
			.containsEntry("latency_seconds", "[0, " + recorded.get() + ", 0] " + expected);
		assertThat(this.fleet.segments()).isEmpty();
		assertThat(this.fleet.warnings()).isEmpty();
	}

	private void recordAndEnd(int thread, int round, AtomicLong recorded) {
		Member member = this.fleet.start();
		Totals counter = member.writer().totals(Families.COUNTER, List.of("north"));
		Totals histogram = member.writer().totals(Families.HISTOGRAM, List.of());
		for (int i = 0; i < 200; i++) {
			counter.add(1);
			histogram.record(1, 1_000_000_000L);
			recorded.incrementAndGet();
			if (i == 100 && round % 8 == thread) {
				// Makes another file in the middle of it all.
				member.writer().totals(Families.COUNTER, List.of("x".repeat(300_000))).add(1);
				counter = member.writer().totals(Families.COUNTER, List.of("north"));
			}
		}
		if (round % 2 == 0) {
			member.kill();
		}
		else {
			member.end();
		}
	}

	/** An instance that counts a few orders and is killed. */
	private void ended(String shop, double orders) {
		Member member = this.fleet.start();
		member.writer().totals(Families.COUNTER, List.of(shop)).add(orders);
		member.kill();
	}

	private Path archive() {
		return ArchiveFile.of(this.fleet.store());
	}

}
