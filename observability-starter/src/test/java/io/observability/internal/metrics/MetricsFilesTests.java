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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observability.GaugeMode;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.FamilyMetadata;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.RegionSegments;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.observability.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * What one instance writes, and another reads.
 */
// Numbers in tests are small.
@SuppressWarnings({ "LongDoubleConversion", "IntLongMath", "NarrowCalculation" })
class MetricsFilesTests {

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
	void everyKindIsReadAsItWasWritten() {
		long now = System.currentTimeMillis();
		MetricsWriter writer = this.fleet.start("blue").writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		counter.add(2);
		counter.add(0.25);
		Totals histogram = writer.totals(Families.HISTOGRAM, List.of());
		histogram.record(0, 50_000_000L);
		histogram.record(2, 3_000_000_000L);
		histogram.record(2, 1_000_000_000L);
		writer.totals(Families.SUMMARY, List.of()).record(0, 12.5);
		writer.windowMax(Families.MAX, List.of(), now).record(12.5);
		writer.sample(Families.gauge("queue", GaugeMode.LIVEALL), List.of()).set(-7.5, now);
		writer.sample(Families.sampledCounter("asked"), List.of()).set(40, now);
		writer
			.sample(Family.samples("tasks", "", MetricType.GAUGE_HISTOGRAM, GaugeMode.LIVESUM, List.of("kind"),
					List.of(1.0)), List.of("slow"))
			.set(9.5, new double[] { 1, 2 }, now);
		writer
			.sample(Family.samples("build", "", MetricType.INFO, GaugeMode.LIVEMAX, List.of("v"), List.of()),
					List.of("1.2"))
			.set(1, now);
		Map<String, String> expected = Map.of("orders{shop=north}", "2.25", "latency_seconds", "[1, 0, 2] 4.05",
				"size_bytes", "[1] 12.5", "size_bytes_max", "12.5", "queue{@blue}", "-7.5", "asked", "40.0",
				"tasks{kind=slow}", "[1.0, 2.0] 9.5", "build{v=1.2}", "1.0");
		assertThat(this.fleet.shown()).containsExactlyInAnyOrderEntriesOf(expected);
		assertThat(Shown.by(new InstanceMetrics(writer.ownSegments()))).containsExactlyInAnyOrderEntriesOf(expected);
	}

	@Test
	void writerReadsItsOwnCells() {
		MetricsWriter writer = this.fleet.start().writer();
		Totals histogram = writer.totals(Families.HISTOGRAM, List.of());
		histogram.record(1, 5L);
		histogram.record(1, 2.5);
		assertThat(histogram.count(0)).isZero();
		assertThat(histogram.count(1)).isEqualTo(2);
		assertThat(histogram.sum()).isEqualTo(7.5);
		Sample sample = writer.sample(Families.gauge("g", GaugeMode.ALL), List.of());
		sample.set(3, new double[0], 1);
		assertThat(sample.value()).isEqualTo(3);
	}

	@Test
	void familiesAreReadWithAllThatIsSaidOfThem() throws IOException {
		TotalsFamily odd = new TotalsFamily(new FamilyMetadata("größe_π", "Zeile \"eins\" \\ 二", "Stück",
				MetricType.HISTOGRAM, List.of("a", "ß", "empty")), List.of(-1.5, 0.0, 1e300), 1e3);
		WindowMaxFamily max = Family.windowMax("m", "", List.of(), 1e9, 5, 24_000);
		MetricsWriter writer = this.fleet.start().writer();
		writer.totals(odd, List.of("1", "🛒", ""));
		writer.windowMax(max, List.of(), 0);
		List<Family> read = this.fleet.observer()
			.collect((families) -> families.stream().map(MergedFamily::family).toList());
		assertThat(read).containsExactlyInAnyOrder(odd, max);
		assertThat(this.fleet.shown()).containsKey("größe_π{a=1,ß=🛒,empty=}");
	}

	@Test
	void seriesTellWhenTheyBegan() throws IOException {
		long before = System.currentTimeMillis();
		this.fleet.start().writer().totals(Families.COUNTER, List.of("north"));
		long created = this.fleet.observer().collect((families) -> onlySeries(families).createdMillis());
		assertThat(created).isBetween(before, System.currentTimeMillis());
	}

	private static MergedSeries onlySeries(Collection<MergedFamily> families) {
		assertThat(families).hasSize(1);
		assertThat(families.iterator().next().series()).hasSize(1);
		return families.iterator().next().series().iterator().next();
	}

	@Test
	void sameSeriesHasTheSameCells() {
		MetricsWriter writer = this.fleet.start().writer();
		assertThat(writer.totals(Families.COUNTER, List.of("north")))
			.isSameAs(writer.totals(Families.COUNTER, new ArrayList<>(List.of("north"))))
			.isNotSameAs(writer.totals(Families.COUNTER, List.of("south")));
	}

	@Test
	void readerSeesWhatIsAddedAndRecordedLater() {
		MetricsWriter writer = this.fleet.start().writer();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).isEmpty();
		Totals north = writer.totals(Families.COUNTER, List.of("north"));
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "0.0"));
		north.add(1);
		Totals south = writer.totals(Families.COUNTER, List.of("south"));
		south.add(5);
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "1.0"),
				entry("orders{shop=south}", "5.0"));
		north.add(1);
		this.fleet.start().writer().totals(Families.COUNTER, List.of("north")).add(10);
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "12.0"),
				entry("orders{shop=south}", "5.0"));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void readingAgainOpensNoFileAgain() throws IOException {
		this.fleet.start().writer().totals(Families.COUNTER, List.of("north"));
		FleetMetrics observer = this.fleet.observer();
		MergedSeries series = observer.collect(MetricsFilesTests::onlySeries);
		long open = openFiles();
		for (int i = 0; i < 20; i++) {
			assertThat(observer.collect(MetricsFilesTests::onlySeries)).isSameAs(series);
		}
		assertThat(openFiles()).isEqualTo(open);
		observer.close();
		assertThat(openFiles()).isLessThan(open);
	}

	private static long openFiles() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter((path) -> isSegment(path)).count();
		}
	}

	private static boolean isSegment(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().endsWith(".seg");
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void readerFollowsThroughEverMoreSegments() {
		MetricsWriter writer = this.fleet.start().writer();
		FleetMetrics observer = this.fleet.observer();
		String longValue = "x".repeat(150);
		for (int i = 0; i < 12_000; i++) {
			writer.totals(Families.COUNTER, List.of(longValue + i)).add(i);
			if (i % 1500 == 0) {
				assertThat(Shown.by(observer)).hasSize(i + 1);
			}
		}
		Map<String, String> shown = Shown.by(observer);
		assertThat(shown).hasSize(12_000);
		IntStream.range(0, 12_000)
			.forEach((i) -> assertThat(shown).containsEntry("orders{shop=" + longValue + i + "}", i + ".0"));
		assertThat(this.fleet.segments()).extracting((file) -> file.toFile().length())
			.containsExactly(256L << 10, 512L << 10, 1L << 20, 2L << 20);
		assertThat(this.fleet.shown()).as("read at one go").isEqualTo(shown);
	}

	@Test
	void seriesThatNoUsualSegmentHoldsGetsOneThatDoes() {
		MetricsWriter writer = this.fleet.start("ü".repeat(1000)).writer();
		String large = "ä".repeat(300_000);
		writer.totals(Families.COUNTER, List.of(large)).add(1);
		writer.totals(Families.COUNTER, List.of("north")).add(2);
		assertThat(this.fleet.shown()).containsExactlyInAnyOrderEntriesOf(
				Map.of("orders{shop=" + large + "}", "1.0", "orders{shop=north}", "2.0"));
	}

	@Test
	void totalsOfManyThreadsAreExact() throws Exception {
		MetricsWriter writer = this.fleet.start().writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		Totals histogram = writer.totals(Families.HISTOGRAM, List.of());
		Totals fractions = writer.totals(Families.SUMMARY, List.of());
		int threads = 8;
		int each = 100_000;
		Together.run(threads, (thread) -> {
			for (int i = 0; i < each; i++) {
				counter.add(1);
				histogram.record(i % 3, 1_000_000_000L);
				fractions.record(0, (i % 2 == 0) ? 0.5 : 1);
			}
		});
		long all = threads * each;
		long third = all / 3;
		assertThat(counter.sum()).isEqualTo(all);
		assertThat(IntStream.range(0, 3).mapToLong(histogram::count).sum()).isEqualTo(all);
		assertThat(histogram.sum()).isEqualTo(all * 1e9);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", Double.toString(all))
			.containsEntry("size_bytes", "[" + all + "] " + all * 0.75);
		assertThat(this.fleet.shown().get("latency_seconds")).endsWith("] " + (double) all);
		assertThat(histogram.count(0)).isCloseTo(third, org.assertj.core.data.Offset.offset((long) threads));
	}

	@Test
	@Timeout(60)
	void threadsThatGetInEachOthersWayAreSpread() throws Exception {
		MetricsWriter writer = this.fleet.start().writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		while (recordsOf(writer, "orders") == 1) {
			Together.run(2, (thread) -> {
				for (int i = 0; i < 100_000; i++) {
					counter.add(1);
				}
			});
		}
		assertThat(recordsOf(writer, "orders")).isGreaterThan(2);
	}

	private static long recordsOf(MetricsWriter writer, String family) throws IOException {
		long records = 0;
		for (SegmentReader segment : new RegionSegments().refresh(writer.ownSegments().all())) {
			records += segment.series().stream().filter((entry) -> entry.family().name().equals(family)).count();
		}
		return records;
	}

	@Test
	void oneThreadAloneNeedsOneBlock() throws IOException {
		MetricsWriter writer = this.fleet.start().writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		for (int i = 0; i < 10_000; i++) {
			counter.add(1);
		}
		assertThat(recordsOf(writer, "orders")).isEqualTo(1);
	}

	@Test
	void largeAndFractionalAmountsAddUp() {
		MetricsWriter writer = this.fleet.start().writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		counter.add(1L << 32);
		counter.add((1L << 32) + 1);
		counter.add(1e18);
		counter.add(9e18);
		counter.add(9e18);
		counter.add(0.5);
		double sum = 2 * (double) (1L << 32) + 1 + 1e18 + 0.5 + 1.8e19;
		assertThat(counter.sum()).isEqualTo(sum);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", Double.toString(sum));
		Totals summary = writer.totals(Families.SUMMARY, List.of());
		summary.record(0, -3.0);
		summary.record(0, -1e12);
		summary.record(0, Double.MAX_VALUE);
		assertThat(summary.count(0)).isEqualTo(3);
		assertThat(summary.sum()).isEqualTo(Double.MAX_VALUE);
	}

	@Test
	void clearedSampleIsGoneUntilItIsSetAgain() {
		MetricsWriter writer = this.fleet.start().writer();
		Sample gauge = writer.sample(Families.gauge("queue", GaugeMode.SUM), List.of());
		assertThat(this.fleet.shown()).as("before it has a value").isEmpty();
		gauge.set(3, 1);
		assertThat(this.fleet.shown()).containsExactly(entry("queue", "3.0"));
		gauge.clear();
		assertThat(this.fleet.shown()).isEmpty();
		gauge.set(3, 2);
		assertThat(this.fleet.shown()).as("the same value again").containsExactly(entry("queue", "3.0"));
	}

	@Test
	void sequencesOfOneInstanceAddUp() {
		Member member = this.fleet.start();
		MetricsWriter second = MetricsWriter.open(member.instance(), 1_000_000, this.fleet.problems());
		member.writer().totals(Families.COUNTER, List.of("north")).add(1);
		second.totals(Families.COUNTER, List.of("north")).add(2);
		assertThat(this.fleet.segments()).hasSize(2);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "3.0"));
	}

	@Test
	void whatCanNotBePutIntoFilesIsSeenByItsInstanceAlone() throws IOException {
		Member member = this.fleet.start();
		MetricsWriter writer = member.writer();
		writer.totals(Families.COUNTER, List.of("north")).add(1);
		// No room for the next segment: something else has its name.
		Files.createDirectory(member.directory().resolve(nextSegmentName()));
		String large = "x".repeat(300_000);
		writer.totals(Families.COUNTER, List.of(large)).add(2);
		assertThat(this.fleet.warnings()).hasSize(1);
		assertThat(Shown.by(this.fleet.viewOf(writer))).hasSize(2).containsEntry("orders{shop=" + large + "}", "2.0");
		assertThat(Shown.by(new InstanceMetrics(writer.ownSegments()))).hasSize(2);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"));
	}

	private String nextSegmentName() {
		return this.fleet.segments().get(0).getFileName().toString().replace("-0.seg", "-1.seg");
	}

	@Test
	void writerWithoutAStoreKeepsAllToItself() {
		MetricsWriter writer = MetricsWriter.unshared("alone");
		writer.totals(Families.COUNTER, List.of("north")).add(1);
		writer.sample(Families.gauge("queue", GaugeMode.ALL), List.of()).set(2, 1);
		assertThat(Shown.by(new InstanceMetrics(writer.ownSegments())))
			.containsExactlyInAnyOrderEntriesOf(Map.of("orders{shop=north}", "1.0", "queue{@alone}", "2.0"));
		assertThat(this.fleet.files()).isEmpty();
	}

	@Test
	void fileBeginsAsItsLayoutSays() throws IOException {
		Member member = this.fleet.start("blue");
		member.writer().totals(Families.COUNTER, List.of("north"));
		byte[] bytes = Files.readAllBytes(this.fleet.segments().get(0));
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("OBSMETR1");
		assertThat(buffer.getInt(8)).as("version").isEqualTo(1);
		assertThat(buffer.getInt(12)).as("header length").isEqualTo(64);
		assertThat(Long.toHexString(buffer.getLong(16))).as("instance id")
			.isEqualTo(member.instance().info().id().replaceFirst("^0+", ""));
		assertThat(buffer.getInt(28)).as("index").isZero();
		assertThat(buffer.getInt(32)).as("size").isEqualTo(bytes.length);
		assertThat(buffer.getInt(36)).as("state").isEqualTo(MetricsSegmentLayout.STATE_OPEN);
		assertThat(new String(bytes, 56, buffer.getInt(52), StandardCharsets.UTF_8)).isEqualTo("blue");
		member.writer().close();
		assertThat(Files.readAllBytes(this.fleet.segments().get(0))[36]).as("state when closed")
			.isEqualTo((byte) MetricsSegmentLayout.STATE_CLOSED);
	}

	@Test
	void recordThatIsBeingWrittenIsNotSeenYet() throws IOException {
		Region region = Region.allocate(4096);
		SegmentWriter writer = new SegmentWriter(region, null);
		SegmentReader reader = new SegmentReader(SegmentSource.of(region));
		assertThat(reader.refresh()).as("not published").isFalse();
		writer.open(SequenceId.of(1, 0), 0, MetricsSegmentLayout.STATE_OPEN, "", 0);
		assertThat(reader.refresh()).isTrue();
		int family = writer.append(RecordEncoder.family(Families.SUMMARY));
		int cells = writer.allocateCells(Families.SUMMARY.cellBytes(), 8);
		byte[] record = RecordEncoder.series(family, cells, 0, 0, List.of());
		// All of it but its length, as a writer that is killed leaves it.
		region.putBytes(family + RecordEncoder.family(Families.SUMMARY).length + 4, record, 4, record.length - 4);
		assertThat(reader.refresh()).isTrue();
		assertThat(reader.series()).isEmpty();
		writer.append(record);
		assertThat(reader.refresh()).isTrue();
		assertThat(reader.series()).hasSize(1);
		assertThat(reader.damage()).isNull();
	}

	@Test
	void readingIsNotDisturbedByAnInterrupt() throws Exception {
		MetricsWriter writer = this.fleet.start().writer();
		Totals counter = writer.totals(Families.COUNTER, List.of("north"));
		counter.add(1);
		FleetMetrics observer = this.fleet.observer();
		Thread.currentThread().interrupt();
		try {
			assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "1.0"));
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		counter.add(1);
		assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=north}", "2.0"));
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void everyReadingOfARunningWriterFitsTogether() throws Exception {
		MetricsWriter writer = this.fleet.start().writer();
		Totals histogram = writer.totals(Families.HISTOGRAM, List.of());
		FleetMetrics observer = this.fleet.observer();
		int writers = 3;
		Together.run(writers + 1, (thread) -> {
			if (thread < writers) {
				for (int i = 0; i < 2_000_000; i++) {
					histogram.record(i % 3, 1_000_000_000L);
				}
				return;
			}
			long last = 0;
			for (int i = 0; i < 300; i++) {
				MergedTotals totals = observer.collect((families) -> (MergedTotals) onlySeries(families));
				long count = IntStream.range(0, 3).mapToLong((bucket) -> totals.counts()[bucket]).sum();
				assertThat(count).as("counts only grow").isGreaterThanOrEqualTo(last);
				assertThat(totals.sum()).as("every event with its amount").isEqualTo(count);
				last = count;
			}
		});
	}

}
