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

package io.observability.internal.metrics;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.observability.GaugeMode;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.SampledTotal;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Locks;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.observability.testing.Together;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What an instance does about files that somebody has taken from it.
 */
class RepairTests {

	/** When a file that could not be created is tried again. */
	private static final Duration RETRY = Duration.ofSeconds(11);

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Member member;

	private MetricsWriter writer;

	private Totals counter;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.member = this.fleet.start();
		this.writer = this.member.writer();
		this.counter = this.writer.totals(Families.COUNTER, List.of("north"));
		this.counter.add(1);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void nothingIsDoneWhenAllIsWell() {
		List<Path> before = this.fleet.files();
		this.writer.repair();
		assertThat(this.fleet.files()).containsExactlyInAnyOrderElementsOf(before);
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void deletedFileIsMadeAnewWithItsNumbers() throws IOException {
		Sample gauge = this.writer.sample(Families.gauge("queue", GaugeMode.SUM), List.of());
		gauge.set(7, 1);
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		for (int i = 0; i < 20_000; i++) {
			histogram.record(i % 3, 1_000_000_000L);
		}
		WindowMax max = this.writer.windowMax(Families.windowMaxOfAnHour(), List.of(), System.currentTimeMillis());
		max.record(5);
		Map<String, String> before = this.fleet.shown();
		List<Path> lost = this.fleet.segments();
		for (Path file : lost) {
			Files.delete(file);
		}
		this.counter.add(1);
		assertThat(this.fleet.shown()).isEmpty();
		this.writer.repair();
		assertThat(before.put("orders{shop=north}", "2.0")).isEqualTo("1.0");
		assertThat(this.fleet.shown()).isEqualTo(before).hasSize(4);
		this.counter.add(1);
		histogram.record(0, 1_000_000_000L);
		gauge.set(8, 2);
		max.record(6);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "3.0")
			.containsEntry("latency_seconds", "[6668, 6667, 6666] 20001.0")
			.containsEntry("queue", "8.0")
			.containsEntry("longest", "6.0");
		assertThat(this.fleet.warnings()).hasSameSizeAs(lost)
			.allSatisfy((warning) -> assertThat(warning).contains("was deleted or cut off while in use"));
	}

	@Test
	void fileThatWasCutOffIsReplacedAndWhatIsLeftKept() throws IOException {
		// Numbers lie at the end, so those of the first series are the first to go.
		Totals kept = this.counter;
		for (int i = 0; i < 2000; i++) {
			kept = this.writer.totals(Families.COUNTER, List.of("shop-" + i));
			kept.add(1);
		}
		Path file = this.fleet.segments().get(0);
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.setLength(bytes.length() - 8192);
		}
		assertThat(this.fleet.shown()).as("can't be read any more").hasSizeLessThan(2001);
		this.writer.repair();
		assertThat(this.fleet.shown()).hasSize(2001)
			.containsEntry("orders{shop=north}", "0.0")
			.containsEntry("orders{shop=shop-1999}", "1.0");
		assertThat(file).doesNotExist();
		this.counter.add(5);
		kept.add(1);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "5.0")
			.containsEntry("orders{shop=shop-1999}", "2.0");
	}

	@Test
	void storeThatWasWipedComesBack() throws IOException {
		wipe(this.fleet.store().path());
		this.counter.add(1);
		this.writer.repair();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
		assertThat(this.member.instance().slot().isHeld()).isTrue();
		assertThat(this.member.instance().slot().occupant()).isEqualTo(this.member.instance().info());
		assertThat(this.fleet.fold()).as("it lives").isZero();
		this.member.kill();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
	}

	@Test
	void allWritersOfAnInstanceMoveToItsNewSlot() throws IOException {
		MetricsWriter second = MetricsWriter.open(this.member.instance(), 100, this.fleet.problems());
		Totals ofSecond = second.totals(Families.COUNTER, List.of("south"));
		ofSecond.add(10);
		Sample gauge = second.sample(Families.gauge("queue", GaugeMode.SUM), List.of());
		gauge.set(7, 1);
		loseSlot();
		this.counter.add(1);
		ofSecond.add(10);
		this.writer.repair();
		this.counter.add(1);
		ofSecond.add(10);
		second.repair();
		this.counter.add(1);
		ofSecond.add(10);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "4.0"),
				entry("orders{shop=south}", "40.0"), entry("queue", "7.0"));
		assertThat(this.fleet.fold()).as("what was left in the former slot").isOne();
		gauge.set(8, 2);
		ofSecond.add(10);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "4.0"),
				entry("orders{shop=south}", "50.0"), entry("queue", "8.0"));
		assertThat(this.fleet.segments()).allMatch((file) -> file.startsWith(this.fleet.store().slots().resolve("1")));
	}

	@Test
	void sampledTotalsCountOnceWhenTheirFilesWereFolded() throws IOException {
		Sample sampled = this.writer.sample(Families.sampledCounter("asked"), List.of());
		sampled.set(40, 1);
		Sample summary = this.writer.sample(
				Family.samples("asked_summary", "", MetricType.SUMMARY, GaugeMode.SUM, List.of(), List.of()),
				List.of());
		summary.set(10, new double[] { 4 }, 1);
		loseSlot();
		assertThat(this.fleet.fold()).isOne();
		this.writer.repair();
		assertThat(sampled.value()).isEqualTo(40);
		sampled.set(42, 2);
		summary.set(11, new double[] { 5 }, 2);
		assertThat(this.fleet.shown()).containsEntry("asked", "42.0").containsEntry("asked_summary", "[5.0] 11.0");
		assertThat(sampled.value()).isEqualTo(42);
		assertThat(summary.count(0)).isEqualTo(5);
	}

	@Test
	void sampledTotalsNeitherDoubleNorGoBackWhenTheirProcessGoesOnAfterTheFold() throws IOException {
		SampledTotal asked = this.writer.sample(Families.sampledCounter("asked"), List.of()).total();
		asked.set(40, 1);
		loseSlot();
		assertThat(this.fleet.fold()).isOne();
		List<Double> shown = new ArrayList<>();
		FleetMetrics observer = this.fleet.observer();
		FleetMetrics own = this.fleet.viewOf(this.writer);
		for (double value : new double[] { 41, 42, 43, 2, 3 }) {
			// Sampled before its files are repaired, meanwhile, and after.
			asked.set(value, 2);
			shown.add(Double.valueOf(Shown.by(observer).get("asked")));
			assertThat(Shown.by(own)).containsEntry("asked", shown.get(shown.size() - 1).toString());
			if (value == 42) {
				this.writer.repair();
				shown.add(Double.valueOf(Shown.by(observer).get("asked")));
			}
		}
		// What was sampled between the fold and the repair is in no file that is read.
		assertThat(shown).containsExactly(40.0, 40.0, 40.0, 41.0, 43.0, 44.0);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void instancesWhoseLocksAreDeletedAreNotFoldedAndTakeThemAgain() throws IOException {
		Member other = this.fleet.start();
		other.writer().totals(Families.COUNTER, List.of("south")).add(2);
		Map<String, String> before = this.fleet.shown();
		Locks.deleteOfSlots(this.fleet.store().path());
		assertThat(this.fleet.fold()).as("they live").isZero();
		assertThat(this.fleet.start().instance().slot().number()).as("theirs are not taken").isEqualTo(2);
		assertThat(this.fleet.shown()).isEqualTo(before);
		this.writer.repair();
		other.writer().repair();
		assertThat(this.member.instance().slot().isHeld()).isTrue();
		assertThat(other.instance().slot().isHeld()).isTrue();
		assertThat(this.member.instance().slot().number()).isZero();
		this.counter.add(1);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "2.0")
			.containsEntry("orders{shop=south}", "2.0");
		this.member.kill();
		assertThat(this.fleet.fold()).isOne();
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "2.0");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void lockThatWasLostIsTakenAgain() throws IOException {
		Locks.dropAll(this.fleet.store().path());
		Awaitility.await().until(() -> !this.member.instance().isIntact());
		this.writer.repair();
		assertThat(this.member.instance().isIntact()).isTrue();
		assertThat(this.member.instance().slot().number()).isZero();
		this.counter.add(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void filesOfALivingInstanceAreNeverOldToACleaner() throws Exception {
		// As systemd-tmpfiles does, which regards an empty folder as well.
		assertNothingIsOldTo("find", this.fleet.store().path().toString(), "-depth", "-type", "f", "-mtime", "+9",
				"-atime", "+9", "-delete");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void filesOfALivingInstanceAreNeverOldToSystemdTmpfiles() throws Exception {
		assumeThat(Path.of("/usr/bin/systemd-tmpfiles")).exists();
		// Not by the time of the last change of a file's status, which no test can set.
		Path rule = Files.writeString(this.directory.resolve("rule.conf"),
				"e " + this.fleet.store().path() + " - - - amAM:10d\n");
		assertNothingIsOldTo("systemd-tmpfiles", "--clean", rule.toString());
	}

	private void assertNothingIsOldTo(String... cleaner) throws Exception {
		Member ended = this.fleet.start();
		ended.writer().totals(Families.COUNTER, List.of("south")).add(2);
		ended.end();
		assertThat(this.fleet.fold()).isOne();
		ended = this.fleet.start();
		ended.end();
		Path store = this.fleet.store().path();
		Path old = Files.createFile(store.resolve("of no process"));
		new ProcessBuilder("find", store.toString(), "-exec", "touch", "-d", "11 days ago", "{}", "+").start()
			.waitFor();
		Map<String, String> before = this.fleet.shown();
		this.writer.repair();
		assertThat(new ProcessBuilder(cleaner).inheritIO().start().waitFor()).isZero();
		assertThat(old).doesNotExist();
		assertThat(this.fleet.shown()).isEqualTo(before).hasSize(2);
		assertThat(this.member.instance().isIntact()).isTrue();
		this.member.end();
		assertThat(this.fleet.fold()).isOne();
		assertThat(this.fleet.shown()).isEqualTo(before);
	}

	@Test
	void archiveFolderThatWasDeletedWhenItWasEmptyIsCreatedAgain() throws IOException {
		wipe(this.fleet.store().archive());
		this.member.end();
		assertThat(this.fleet.fold()).isOne();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	/** Another instance takes the slot after its files were deleted. */
	private void loseSlot() throws IOException {
		Files.delete(this.member.directory().resolve("lock"));
		Files.delete(this.member.directory().resolve("instance"));
		assertThat(this.fleet.start().instance().slot().number()).isZero();
	}

	private static void wipe(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	@Test
	void whatHadNoRoomIsSharedOnceThereIsSome() throws IOException {
		Path inTheWay = Files.createDirectory(this.member.directory()
			.resolve(this.fleet.segments().get(0).getFileName().toString().replace("-0.seg", "-1.seg")));
		String large = "x".repeat(300_000);
		Totals unshared = this.writer.totals(Families.COUNTER, List.of(large));
		unshared.add(2);
		this.writer.repair();
		assertThat(this.fleet.shown()).hasSize(1);
		assertThat(Shown.by(this.fleet.viewOf(this.writer))).hasSize(2);
		Files.delete(inTheWay);
		this.fleet.pass(RETRY);
		this.writer.repair();
		unshared.add(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"),
				entry("orders{shop=" + large + "}", "3.0"));
		assertThat(Shown.by(this.fleet.viewOf(this.writer))).hasSize(2);
		assertThat(this.fleet.warnings()).first().asString().startsWith("metrics file can't be made");
	}

	@Test
	void seriesThatGoesIntoAFileWhileAllIsReadIsFoundOnce() throws IOException {
		Path inTheWay = Files.createDirectory(this.member.directory()
			.resolve(this.fleet.segments().get(0).getFileName().toString().replace("-0.seg", "-1.seg")));
		this.writer.totals(Families.COUNTER, List.of("x".repeat(300_000))).add(2);
		Files.delete(inTheWay);
		OwnSegments own = this.writer.ownSegments();
		AtomicInteger asked = new AtomicInteger();
		OwnSegments movedWhenAskedTwice = new OwnSegments() {

			@Override
			public List<Region> all() {
				return own.all();
			}

			@Override
			public List<Region> unshared() {
				if (asked.incrementAndGet() == 2) {
					RepairTests.this.fleet.pass(RETRY);
					RepairTests.this.writer.repair();
				}
				return own.unshared();
			}

			@Override
			public void addMissingSeries(Map<Integer, Integer> bySlot) {
				own.addMissingSeries(bySlot);
			}

		};
		try (FleetMetrics view = new FleetMetrics(this.fleet.store(), List.of(movedWhenAskedTwice),
				this.fleet.problems())) {
			assertThat(Shown.by(view).values()).containsExactly("1.0", "2.0");
		}
		assertThat(own.unshared()).isEmpty();
	}

	@Test
	void recordingGoesOnDuringRepairs() throws Exception {
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		AtomicBoolean done = new AtomicBoolean();
		Together.run(3, (thread) -> {
			if (thread == 0) {
				for (int i = 0; i < 20; i++) {
					for (Path file : this.fleet.segments()) {
						Files.delete(file);
					}
					this.writer.repair();
				}
				done.set(true);
				return;
			}
			while (!done.get()) {
				histogram.record(1, 1L);
			}
		});
		long before = histogram.count(1);
		histogram.record(1, 1L);
		assertThat(histogram.count(1)).isEqualTo(before + 1).isGreaterThan(1);
		assertThat(this.fleet.shown().get("latency_seconds")).startsWith("[0, " + (before + 1) + ", 0]");
		assertThat(histogram.sum()).as("still fits together").isEqualTo((double) (before + 1));
	}

	@Test
	void nothingIsLostOfWhatIsRecordedWhileFilesAreReplaced() throws Exception {
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		AtomicBoolean done = new AtomicBoolean();
		AtomicLong recorded = new AtomicLong();
		Together.run(3, (thread) -> {
			if (thread == 0) {
				for (int i = 0; i < 20; i++) {
					for (Path file : this.fleet.segments()) {
						Files.delete(file);
					}
					this.writer.repair();
				}
				done.set(true);
				return;
			}
			long count = 0;
			for (; !done.get(); count++) {
				histogram.record(1, 1L);
				histogram.record(2, 2.5);
				this.counter.add(1);
			}
			recorded.addAndGet(count);
		});
		this.writer.repair();
		long count = recorded.get();
		assertThat(this.fleet.shown().get("latency_seconds")).startsWith("[0, " + count + ", " + count + "]");
		assertThat(histogram.sum()).isEqualTo(3.5 * count);
		assertThat(this.counter.sum()).isEqualTo(1.0 + count);
	}

	@Test
	void seriesBeyondTheLimitAreLeftOutAndCounted() throws IOException {
		MetricsWriter limited = MetricsWriter.open(this.member.instance(), 2, this.fleet.problems());
		for (int i = 0; i < 5; i++) {
			limited.totals(Families.COUNTER, List.of("limited-" + i)).add(1);
			limited.totals(Families.COUNTER, List.of("limited-" + i)).add(1);
		}
		assertThat(this.fleet.shown()).containsOnlyKeys("orders{shop=north}", "orders{shop=limited-0}",
				"orders{shop=limited-1}");
		assertThat(Shown.by(this.fleet.viewOf(limited))).hasSize(3);
		assertThat(limited.totals(Families.COUNTER, List.of("limited-4")).sum()).as("goes on").isEqualTo(2);
		assertThat(this.fleet.warnings())
			.containsExactly("too many series, more are not kept; is there a label with ever new values? limit=2, "
					+ "first too many=orders[limited-2], file=" + this.member.directory());
		limited.repair();
		assertThat(this.fleet.observer().state().missingBySlot()).containsExactly(entry(0, 3));
	}

}
