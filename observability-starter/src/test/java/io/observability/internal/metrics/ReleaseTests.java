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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observability.GaugeMode;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.observability.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * What a writer frees when series of current values are released.
 */
class ReleaseTests {

	/** As many as make a writer compact its segments. */
	private static final int ROWS = 1000;

	private static final SampleFamily STATE = row("state", GaugeMode.SUM);

	/** When a file that could not be created is tried again. */
	private static final Duration RETRY = Duration.ofSeconds(11);

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Member member;

	private MetricsWriter writer;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.member = this.fleet.start();
		this.writer = this.member.writer();
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private static SampleFamily row(String name, GaugeMode mode) {
		return Family.samples(name, "A row.", MetricType.GAUGE, mode, List.of("row"), List.of());
	}

	private Sample gauge(SampleFamily family, String row, double value) {
		Sample sample = this.writer.sample(family, List.of(row));
		sample.set(value, 1);
		return sample;
	}

	private List<Sample> generation(SampleFamily family, int generation, int rows) {
		return IntStream.range(0, rows).mapToObj((row) -> gauge(family, generation + "-" + row, generation)).toList();
	}

	/** Registers and releases as many series as make the writer compact. */
	private void churn() {
		generation(row("churn", GaugeMode.SUM), 1, ROWS).forEach(Sample::release);
	}

	@Test
	void limitCountsSeriesInUse() throws IOException {
		MetricsWriter limited = MetricsWriter.open(this.member.instance(), 3, this.fleet.problems());
		limited.sample(STATE, List.of("stays")).set(1, 1);
		for (int i = 0; i < 100_000; i++) {
			Sample removed = limited.sample(STATE, List.of("removed-" + i));
			removed.set(i, 1);
			removed.release();
		}
		limited.sample(STATE, List.of("new")).set(2, 1);
		limited.totals(Families.COUNTER, List.of("new")).add(3);
		limited.sample(STATE, List.of("too many")).set(4, 1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=new}", "3.0"), entry("state{row=new}", "2.0"),
				entry("state{row=stays}", "1.0"));
		limited.repair();
		assertThat(this.fleet.observer().state().missingBySlot()).containsExactly(entry(0, 1));
		assertThat(this.fleet.warnings()).singleElement().asString().contains("state[too many]");
	}

	@Test
	void seriesBeyondTheLimitIsSharedOnceItIsWithinIt() {
		MetricsWriter limited = MetricsWriter.open(this.member.instance(), 1, this.fleet.problems());
		Sample first = limited.sample(STATE, List.of("first"));
		Sample second = limited.sample(STATE, List.of("second"));
		Sample third = limited.sample(STATE, List.of("third"));
		Stream.of(first, second, third).forEach((sample) -> sample.set(5, 1));
		third.release();
		limited.repair();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=first}", "5.0"));
		first.release();
		limited.repair();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=second}", "5.0"));
		assertThat(this.fleet.observer().state().missingBySlot()).isEmpty();
		second.set(6, 2);
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=second}", "6.0"));
	}

	@Test
	void releasedSeriesIsGoneAtOnceAndForGood() {
		FleetMetrics observer = this.fleet.observer();
		Sample sample = gauge(STATE, "north", 1);
		assertThat(Shown.by(observer)).hasSize(1);
		sample.release();
		assertThat(Shown.by(observer)).isEmpty();
		sample.set(2, 2);
		sample.set(2, new double[0], 2);
		sample.release();
		assertThat(Shown.by(observer)).as("a sampling that comes too late").isEmpty();
		gauge(STATE, "north", 3);
		sample.set(4, 3);
		sample.release();
		assertThat(Shown.by(observer)).containsExactly(entry("state{row=north}", "3.0"));
	}

	@Test
	void seriesStaysUntilItsLastUserReleasesIt() {
		Sample first = gauge(STATE, "north", 1);
		Sample second = gauge(STATE, "north", 2);
		assertThat(second).isSameAs(first);
		first.release();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=north}", "2.0"));
		second.release();
		assertThat(this.fleet.shown()).isEmpty();
	}

	@Test
	void totalsAreNeverReleased() {
		Sample sampled = this.writer.sample(Families.sampledCounter("asked"), List.of());
		sampled.set(4, 1);
		sampled.release();
		assertThat(this.fleet.shown()).containsExactly(entry("asked", "4.0"));
		assertThat(this.writer.sample(Families.sampledCounter("asked"), List.of())).isSameAs(sampled);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void filesAndWhatReadersKeepStayFlatOverManyGenerations() throws IOException {
		FleetMetrics observer = this.fleet.observer();
		gauge(STATE, "stays", 7);
		long bytes = 0;
		List<Sample> before = List.of();
		for (int generation = 0; generation < 500; generation++) {
			List<Sample> rows = generation(STATE, generation, 200);
			before.forEach(Sample::release);
			before = rows;
			Map<String, String> shown = Shown.by(observer);
			assertThat(shown).hasSize(201).containsEntry("state{row=stays}", "7.0");
			if (generation == 10) {
				bytes = bytes();
			}
		}
		assertThat(bytes()).isLessThanOrEqualTo(bytes * 3 / 2);
		assertThat(this.fleet.segments()).hasSizeLessThanOrEqualTo(2);
		assertThat(openSegments()).isLessThanOrEqualTo(2);
		assertThat(this.fleet.warnings()).isEmpty();
	}

	private long bytes() throws IOException {
		long bytes = 0;
		for (Path file : this.fleet.segments()) {
			bytes += Files.size(file);
		}
		return bytes;
	}

	/** How many segments of this store are open in this process. */
	private long openSegments() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter(Files::isSymbolicLink).map((link) -> {
				try {
					return Files.readSymbolicLink(link).toString();
				}
				catch (IOException ex) {
					return "";
				}
			}).filter((target) -> target.startsWith(this.directory.toString()) && target.contains("metrics-")).count();
		}
	}

	@Test
	void readersMissNoSeriesInUseAndSeeNoneThatWasReleased() throws Exception {
		List<MetricsSource> views = List.of(this.fleet.observer(), this.fleet.viewOf(this.writer),
				new InstanceMetrics(this.writer.ownSegments()));
		gauge(STATE, "stays", 7);
		List<Sample> generationZero = generation(STATE, 0, 300);
		AtomicInteger released = new AtomicInteger(-1);
		AtomicInteger shared = new AtomicInteger();
		AtomicBoolean done = new AtomicBoolean();
		AtomicInteger checks = new AtomicInteger();
		Together.run(views.size() + 1, (thread) -> {
			if (thread < views.size()) {
				while (!done.get()) {
					int goneBefore = released.get();
					int sharedBefore = shared.get();
					Map<String, String> shown = Shown.by(views.get(thread));
					assertThat(shown).as("never missing, never twice").containsEntry("state{row=stays}", "7.0");
					// Only then is the next generation registered, and this one released.
					if (shared.get() == sharedBefore) {
						checks.incrementAndGet();
						for (int row = 0; row < 300; row++) {
							assertThat(shown).containsEntry("state{row=" + sharedBefore + "-" + row + "}",
									sharedBefore + ".0");
						}
					}
					for (String series : shown.keySet()) {
						if (!series.contains("stays")) {
							assertThat(Integer.parseInt(series.replaceAll(".*=|-.*", ""))).isGreaterThan(goneBefore);
						}
					}
				}
				return;
			}
			try {
				List<Sample> before = generationZero;
				for (int generation = 1; generation <= 200 || checks.get() < 30; generation++) {
					List<Sample> rows = generation(STATE, generation, 300);
					shared.set(generation);
					before.forEach(Sample::release);
					released.set(generation - 1);
					before = rows;
				}
			}
			finally {
				done.set(true);
			}
		});
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void totalsAreExactWhileSeriesAreReleased() throws Exception {
		Totals counter = this.writer.totals(Families.COUNTER, List.of("north"));
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		FleetMetrics observer = this.fleet.observer();
		AtomicLong recorded = new AtomicLong();
		AtomicBoolean done = new AtomicBoolean();
		Together.run(4, (thread) -> {
			if (thread < 2) {
				long count = 0;
				for (; !done.get(); count++) {
					counter.add(1);
					histogram.record(1, 1L);
				}
				recorded.addAndGet(count);
			}
			else if (thread == 2) {
				double last = 0;
				while (!done.get()) {
					double now = Double.parseDouble(Shown.by(observer).get("orders{shop=north}"));
					assertThat(now).isGreaterThanOrEqualTo(last);
					last = now;
				}
			}
			else {
				try {
					for (int i = 0; i < 40; i++) {
						churn();
					}
				}
				finally {
					done.set(true);
				}
			}
		});
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", Double.toString((double) recorded.get()))
			.containsEntry("latency_seconds", "[0, " + recorded.get() + ", 0] " + recorded.get() / 1e9);
		this.member.kill();
		this.fleet.fold();
		assertThat(this.fleet.shown()).containsEntry("latency_seconds",
				"[0, " + recorded.get() + ", 0] " + recorded.get() / 1e9);
	}

	@Test
	void killedBeforeTheNewSegmentIsReadableItLeavesTheFormerOnes() throws IOException {
		Map<Path, byte[]> former = fillWithCurrentValues();
		Map<String, String> shown = this.fleet.shown();
		churn();
		Path replacement = newSegment(former);
		Files.move(replacement, replacement.resolveSibling(replacement.getFileName().toString().replace("seg", "tmp")));
		restore(former);
		assertThat(this.fleet.shown()).isEqualTo(shown);
		this.member.kill();
		assertThat(this.fleet.shown()).isEqualTo(shown);
		assertThat(this.fleet.fold()).isOne();
		assertThat(this.fleet.shown()).isEqualTo(shown);
		assertThat(this.member.directory()).isDirectoryNotContaining("glob:**metrics-*");
	}

	@Test
	void killedBeforeTheFormerSegmentsAreDeletedItLeavesValuesThatCountOnce() throws IOException {
		Map<Path, byte[]> former = fillWithCurrentValues();
		FleetMetrics observer = this.fleet.observer();
		Map<String, String> shown = Shown.by(observer);
		churn();
		newSegment(former);
		restore(former);
		assertThat(this.fleet.shown()).isEqualTo(shown);
		assertThat(Shown.by(observer)).isEqualTo(shown);
		this.member.kill();
		assertThat(Shown.by(observer)).isEqualTo(shown);
		assertThat(this.fleet.fold()).isOne();
		assertThat(Shown.by(observer)).isEqualTo(shown);
		assertThat(this.member.directory()).isDirectoryNotContaining("glob:**metrics-*");
	}

	/** Several segments of series whose values show when they are counted twice. */
	private Map<Path, byte[]> fillWithCurrentValues() throws IOException {
		String large = "x".repeat(100_000);
		for (int i = 0; i < 4; i++) {
			gauge(STATE, large + i, 1 + i);
			gauge(row("each", GaugeMode.ALL), "row-" + i, 10 + i);
		}
		Map<Path, byte[]> files = new LinkedHashMap<>();
		for (Path file : this.fleet.segments()) {
			files.put(file, Files.readAllBytes(file));
		}
		assertThat(files).hasSizeGreaterThan(1);
		return files;
	}

	private Path newSegment(Map<Path, byte[]> former) {
		List<Path> found = new ArrayList<>(this.fleet.segments());
		assertThat(found).doesNotContainAnyElementsOf(former.keySet());
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	private static void restore(Map<Path, byte[]> former) throws IOException {
		for (Map.Entry<Path, byte[]> file : former.entrySet()) {
			Files.write(file.getKey(), file.getValue());
		}
	}

	/** A folder, which can't be put aside because all names for that are in use. */
	private static void obstruct(Path file) throws IOException {
		for (int i = 1; i <= 1000; i++) {
			Files.createFile(file.resolveSibling(file.getFileName() + ".unusable" + i));
		}
		Files.createDirectory(file);
	}

	private static void free(Path file) throws IOException {
		// After a failure the writer deletes an empty folder, too.
		Files.deleteIfExists(file);
		for (int i = 1; i <= 1000; i++) {
			Files.delete(file.resolveSibling(file.getFileName() + ".unusable" + i));
		}
	}

	@Test
	void releaseGoesOnWhileNoFileCanBeCreated() throws IOException {
		gauge(STATE, "stays", 1);
		String first = this.fleet.segments().get(0).getFileName().toString();
		Path inTheWay = this.member.directory().resolve(first.replace("-0.seg", "-1.tmp"));
		obstruct(inTheWay);
		churn();
		gauge(STATE, "new", 2);
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=new}", "2.0"),
				entry("state{row=stays}", "1.0"));
		assertThat(this.fleet.warnings()).singleElement().asString().startsWith("metrics file can't be made");
		free(inTheWay);
		this.fleet.pass(RETRY);
		this.writer.repair();
		churn();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=new}", "2.0"),
				entry("state{row=stays}", "1.0"));
		assertThat(this.fleet.segments()).singleElement().asString().endsWith("-1.seg");
	}

	@Test
	void seriesStayWhereTheyAreIfTheirNewFileCannotBePublished() throws IOException {
		Sample stays = gauge(STATE, "stays", 1);
		String first = this.fleet.segments().get(0).getFileName().toString();
		Path inTheWay = this.member.directory().resolve(first.replace("-0.seg", "-1.seg"));
		obstruct(inTheWay);
		churn();
		stays.set(2, 2);
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=stays}", "2.0"));
		assertThat(this.fleet.files()).noneMatch((file) -> file.toString().endsWith(".tmp"));
		free(inTheWay);
		this.fleet.pass(RETRY);
		this.writer.repair();
		churn();
		stays.set(3, 3);
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=stays}", "3.0"));
		assertThat(this.fleet.segments()).singleElement().asString().endsWith("-1.seg");
	}

	@Test
	void writerWithoutAStoreFreesToo() throws IOException {
		MetricsWriter unshared = MetricsWriter.unshared("alone");
		InstanceMetrics view = new InstanceMetrics(unshared.ownSegments());
		unshared.sample(STATE, List.of("stays")).set(1, 1);
		for (int i = 0; i < 10 * ROWS; i++) {
			Sample sample = unshared.sample(STATE, List.of("row-" + i));
			sample.set(i, 1);
			sample.release();
		}
		assertThat(Shown.by(view)).containsExactly(entry("state{row=stays}", "1.0"));
		assertThat(unshared.ownSegments().all()).singleElement()
			.satisfies((region) -> assertThat(region.capacity()).isLessThanOrEqualTo(256 << 10));
	}

	@Test
	void filesThatWereDeletedAreMadeAnewWithoutWhatWasReleased() throws IOException {
		gauge(STATE, "stays", 1);
		generation(STATE, 1, 100).forEach(Sample::release);
		for (Path file : this.fleet.segments()) {
			Files.delete(file);
		}
		this.writer.repair();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=stays}", "1.0"));
		assertThat(this.fleet.observer().state().seriesBySlot()).containsExactly(entry(0, 1));
		churn();
		assertThat(this.fleet.shown()).containsExactly(entry("state{row=stays}", "1.0"));
	}

}
