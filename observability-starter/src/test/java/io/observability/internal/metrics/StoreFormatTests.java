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
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observability.GaugeMode;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Exemplar;
import io.observability.internal.metrics.cells.ExemplarSlots;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.ExemplarsLayout;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.RecordLayout;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.read.MergedExemplars;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MergedWindowMax;
import io.observability.internal.metrics.read.Merger;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * What {@code docs/store-format.md} says of offsets is what the code does.
 */
class StoreFormatTests {

	private static final Path COMMITTED = Path.of("src/test/resources/metrics-segment-1.seg");

	private static final Path COMMITTED_REPLACEMENT = Path.of("src/test/resources/metrics-segment-2.seg");

	@Test
	void theDocumentHasAllOffsetsOfHeaderAndRecords() throws Exception {
		Map<String, Integer> offsets = new TreeMap<>();
		for (Class<?> layout : new Class<?>[] { SegmentHeaderLayout.class, RecordFrame.class,
				MetricsSegmentLayout.class, RecordLayout.class, ExemplarsLayout.class }) {
			for (Field field : layout.getDeclaredFields()) {
				if (field.getName().endsWith("_OFFSET") && !field.getName().equals("BODY_OFFSET")) {
					field.setAccessible(true);
					offsets.put(layout.getSimpleName() + "." + field.getName(), field.getInt(null));
				}
			}
		}

		assertThat(documented()).isEqualTo(offsets);
	}

	private static Map<String, Integer> documented() throws IOException {
		Matcher row = Pattern.compile("^\\| (\\d+) \\| [^|]+ \\| (\\w+(?:Layout|Frame)\\.\\w+) \\|", Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("..", "docs", "store-format.md")));
		Map<String, Integer> offsets = new TreeMap<>();
		while (row.find()) {
			offsets.put(row.group(2), Integer.valueOf(row.group(1)));
		}
		return offsets;
	}

	/**
	 * An archive, because that has all kinds of records, with all kinds of cells.
	 */
	private static byte[] written() {
		Region region = Region.allocate(1536);
		SegmentWriter writer = new SegmentWriter(region, null);
		writer.open(SequenceId.of(0x0011_2233_aabb_ccddL, 5), 7, MetricsSegmentLayout.STATE_ARCHIVE, "blue",
				1_700_000_000_000L);
		writer.putMissing(3);
		writer.append(RecordEncoder.folded(SequenceId.of(0xfedc_ba98_7654_3210L, 2), 6));
		Totals counter = new Totals(writer, block(writer, Families.COUNTER, "north"), () -> new TotalsBlock[0]);
		counter.add(2.25);
		Totals histogram = new Totals(writer, block(writer, Families.HISTOGRAM), () -> new TotalsBlock[0]);
		for (int i = 0; i < 20_000; i++) {
			histogram.record(i % 4 / 2, 1_000_000L);
		}
		histogram.record(2, 100_000_000_000L);
		new WindowMax(cells(writer, Families.MAX), 3, 1000, 1_700_000_000_000L).rotate(1_700_000_000_000L);
		new Sample(cells(writer, Families.gauge("queue", GaugeMode.ALL), "green")).set(-7.5, 1_700_000_000_001L);
		new ExemplarSlots(cells(writer, Families.COUNTER.exemplars(), "north")).set(0,
				new Exemplar(1, 1_700_000_000_002L, "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"));
		byte[] bytes = new byte[region.capacity()];
		region.slice(0, bytes.length).get(bytes);
		return bytes;
	}

	private static TotalsBlock block(SegmentWriter writer, TotalsFamily family, String... labelValues) {
		return new TotalsBlock(cells(writer, family, labelValues), family.buckets());
	}

	private static Cells cells(SegmentWriter writer, Family family, String... labelValues) {
		int familyOffset = writer.append(RecordEncoder.family(family));
		int offset = writer.allocateCells(family.cellBytes(), MetricsSegmentLayout.ALIGNMENT);
		writer.append(RecordEncoder.series(familyOffset, offset, 1_600_000_000_000L, 1_650_000_000_000L,
				List.of(labelValues)));
		return new Cells(writer.region(), offset, family.cellBytes());
	}

	@Test
	void writesTheCommittedFile() throws IOException {
		assertThat(written()).isEqualTo(Files.readAllBytes(COMMITTED));
	}

	@Test
	void readsTheCommittedFile() throws IOException {
		try (SegmentReader reader = new SegmentReader(
				SegmentSource.of(COMMITTED, new ReadBuffer(SegmentReader.CHUNK_BYTES)))) {
			assertThat(reader.refresh()).isTrue();
			assertThat(reader.damage()).isNull();
			assertThat(reader.isArchive()).isTrue();
			assertThat(reader.missing()).isEqualTo(3);
			assertThat(reader.folded()).containsExactly(entry(SequenceId.of(0xfedc_ba98_7654_3210L, 2), 6));
			Merger merger = new Merger();
			merger.begin(List.of(reader));
			merger.add(reader, false);
			assertThat(merger.families()).extracting(MergedFamily::family)
				.containsExactly(Families.COUNTER, Families.HISTOGRAM, Families.MAX,
						Families.gauge("queue", GaugeMode.ALL), Families.COUNTER.exemplars());
			Iterator<MergedFamily> families = merger.families().iterator();
			assertThat(((MergedTotals) only(families.next())).sum()).isEqualTo(2.25);
			MergedTotals histogram = (MergedTotals) only(families.next());
			assertThat(histogram.counts()).containsExactly(10_000, 10_000, 1);
			assertThat(histogram.sum()).isEqualTo(120);
			assertThat(histogram.createdMillis()).isEqualTo(1_600_000_000_000L);
			assertThat(histogram.endedMillis()).isEqualTo(1_650_000_000_000L);
			assertThat(((MergedWindowMax) only(families.next())).max(1_700_000_000_000L)).isZero();
			MergedSample gauge = (MergedSample) only(families.next());
			assertThat(gauge.instance()).isEqualTo("green");
			assertThat(gauge.value()).isEqualTo(-7.5);
			assertThat(((MergedExemplars) only(families.next())).exemplars()).containsExactly(
					new Exemplar(1, 1_700_000_000_002L, "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"));
		}
	}

	private static byte[] writtenReplacement() {
		Region region = Region.allocate(512);
		SegmentWriter writer = new SegmentWriter(region, null);
		writer.openReplacing(SequenceId.of(0x0011_2233_aabb_ccddL, 6), 2, "blue", 1_700_000_000_000L);
		new Sample(cells(writer, Families.gauge("queue", GaugeMode.LIVEALL))).set(-7.5, 1_700_000_000_001L);
		byte[] bytes = new byte[region.capacity()];
		region.slice(0, bytes.length).get(bytes);
		return bytes;
	}

	@Test
	void writesTheCommittedReplacement() throws IOException {
		assertThat(writtenReplacement()).isEqualTo(Files.readAllBytes(COMMITTED_REPLACEMENT));
	}

	@Test
	void committedReplacementIsAsTheDocumentSays() throws IOException {
		ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(COMMITTED_REPLACEMENT)).order(ByteOrder.LITTLE_ENDIAN);
		assertThat(file.getInt(8)).as("version").isEqualTo(2);
		assertThat(file.getInt(28)).as("index").isEqualTo(2);
		int replaces = file.getInt(12);
		assertThat(file.getInt(replaces)).as("length").isEqualTo(8);
		assertThat(file.get(replaces + 4)).isEqualTo((byte) 4);
		assertThat(file.get(replaces + 8 + 4)).as("family").isEqualTo((byte) 1);
		try (SegmentReader reader = new SegmentReader(
				SegmentSource.of(COMMITTED_REPLACEMENT, new ReadBuffer(SegmentReader.CHUNK_BYTES)))) {
			assertThat(reader.refresh()).isTrue();
			assertThat(reader.damage()).isNull();
			assertThat(reader.series()).hasSize(1);
		}
	}

	private static MergedSeries only(MergedFamily family) {
		assertThat(family.series()).hasSize(1);
		return family.series().iterator().next();
	}

	/** Numbers as in the document, not the constants. */
	@Test
	void committedFileIsAsTheDocumentSays() throws IOException {
		ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(COMMITTED)).order(ByteOrder.LITTLE_ENDIAN);
		assertThat(text(file, 0, 8)).isEqualTo("OBSMETR1");
		assertThat(file.getInt(8)).as("version").isOne();
		assertThat(file.getInt(32)).as("size").isEqualTo(file.capacity());
		assertThat(file.getInt(36)).as("state").isEqualTo(3);
		assertThat(text(file, 56, file.getInt(52))).isEqualTo("blue");
		int folded = file.getInt(12);
		assertThat(file.get(folded + 4)).isEqualTo((byte) 3);
		assertThat(Long.toHexString(file.getLong(folded + 8))).isEqualTo("fedcba9876543210");
		int family = folded + file.getInt(folded);
		assertThat(file.get(family + 4)).isEqualTo((byte) 1);
		assertThat(file.get(family + 5)).as("counter").isEqualTo((byte) 1);
		assertThat(text(file, family + 44, file.getInt(family + 40))).isEqualTo("orders");
		int series = family + file.getInt(family);
		assertThat(file.get(series + 4)).isEqualTo((byte) 2);
		assertThat(file.getInt(series + 8)).isEqualTo(family);
		assertThat(file.getLong(series + 24)).isEqualTo(1_650_000_000_000L);
		assertThat(text(file, series + 36, file.getInt(series + 32))).isEqualTo("north");
		int counter = file.getInt(series + 12);
		assertThat(file.getLong(counter) + file.getDouble(counter + 8)).isEqualTo(2.25);
		int second = series + file.getInt(series);
		int histogram = file.getInt(second + file.getInt(second) + 12);
		long recent = file.getLong(histogram);
		int base = histogram + 8 + (int) (recent >>> 63) * 16;
		assertThat(recent >>> 63).as("carried over once").isOne();
		assertThat((recent >>> 48 & 0x7FFF) + file.getLong(base)).isEqualTo(10_000);
		assertThat((recent & 0xFFFF_FFFF_FFFFL) + file.getLong(base + 8)).isEqualTo(10_000_000_000L);
		assertThat(file.getDouble(histogram + 3 * 40)).as("too great to be a unit").isEqualTo(1e11);
	}

	private static String text(ByteBuffer file, int offset, int length) {
		byte[] bytes = new byte[length];
		file.get(offset, bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
