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
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.SeriesEntry;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.read.RegionSegments;
import io.observability.internal.metrics.read.Segment;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that meet in the same cells and the same directory, again and again, from the
 * first moment on, where most races are.
 */
class RaceTests {

	private static final int THREADS = 3;

	private static final int READS = 1000;

	@TempDir
	private Path directory;

	private int segments;

	@ParameterizedTest
	@EnumSource
	void noEventIsLostOrSplitWhileCellsAreCarriedOver(ReadFrom readFrom) throws Exception {
		TotalsFamily family = Families.SUMMARY;
		for (int round = 0; round < 5; round++) {
			Segment segment = segment(readFrom);
			TotalsBlock block = new TotalsBlock(segment.cells(family), family.buckets());
			AtomicLong recorded = new AtomicLong();
			AtomicBoolean done = new AtomicBoolean();
			Together.run(THREADS + 1, (thread) -> {
				if (thread < THREADS) {
					recorded.addAndGet(recordUntil(done, block));
					return;
				}
				try {
					follow(segment, family);
				}
				finally {
					done.set(true);
				}
			});
			assertThat(block.count(0)).isEqualTo(recorded.get());
			assertThat(block.units()).isEqualTo(recorded.get() << 30);
			assertThat(read(segment, family).counts()).containsExactly(recorded.get());
		}
	}

	/** Returns the number of events recorded. */
	private static long recordUntil(AtomicBoolean done, TotalsBlock block) {
		long recorded = 0;
		while (!done.get()) {
			for (int i = 0; i < 100; i++) {
				block.record(0, 1L << 30);
			}
			recorded += 100;
		}
		return recorded;
	}

	private static void follow(Segment segment, TotalsFamily family) {
		long last = 0;
		for (int i = 0; i < READS; i++) {
			MergedTotals read = read(segment, family);
			long count = read.counts()[0];
			assertThat(count).isGreaterThanOrEqualTo(last);
			assertThat(read.sum()).isEqualTo((double) (count << 30));
			last = count;
		}
	}

	@Test
	void readingThatWasStoppedForTwoCarriesIsMadeAgain() throws IOException {
		TotalsFamily family = Families.SUMMARY;
		Cells cells = new Segment("race").cells(family);
		TotalsBlock block = new TotalsBlock(cells, family.buckets());
		SegmentSource source = SegmentSource.of(cells.region());
		AtomicBoolean stopped = new AtomicBoolean();
		SegmentReader reader = new SegmentReader(new SegmentSource() {

			@Override
			public ByteBuffer read(int position, int length) throws IOException {
				return source.read(position, length);
			}

			@Override
			public void copy(ByteBuffer target, int position) throws IOException {
				int behindRecentCell = cells.offset() + Long.BYTES - position;
				if (behindRecentCell > 0 && behindRecentCell < target.remaining() && !stopped.getAndSet(true)) {
					int end = target.limit();
					source.copy(target.limit(target.position() + behindRecentCell), position);
					for (int i = 0; i < 30_000; i++) {
						block.record(0, 3);
					}
					source.copy(target.limit(end), position + behindRecentCell);
				}
				else {
					source.copy(target, position);
				}
			}

			@Override
			public long length() throws IOException {
				return source.length();
			}

			@Override
			public void close() throws IOException {
				source.close();
			}

		});
		// The first reading looks at more than the cells.
		stopped.set(true);
		reader.refresh();
		block.record(0, 3);
		stopped.set(false);
		reader.refresh();
		MergedTotals totals = totals(reader, family);
		assertThat(stopped).isTrue();
		assertThat(totals.counts()).containsExactly(30_001);
		assertThat(totals.sum()).isEqualTo(90_003.0);
	}

	private static MergedTotals read(Segment segment, TotalsFamily family) {
		return totals(segment.read(), family);
	}

	private static MergedTotals totals(SegmentReader reader, TotalsFamily family) {
		MergedTotals totals = new MergedTotals(family, List.of(), null);
		totals.add(reader.cells(), reader.series().get(0).cells() - reader.cellsStart(), true);
		return totals;
	}

	private Segment segment(ReadFrom readFrom) throws IOException {
		return (readFrom == ReadFrom.FILE) ? Segment.inFile(newFile(), "race") : new Segment("race");
	}

	private Path newFile() {
		return this.directory.resolve("segment-" + this.segments++);
	}

	@Test
	void seriesIsSharedByAllThreadsThatAskForIt() throws Exception {
		for (int round = 0; round < 200; round++) {
			MetricsWriter writer = MetricsWriter.unshared("race");
			Totals[] asked = new Totals[THREADS];
			Together.run(THREADS, (thread) -> {
				asked[thread] = writer.totals(Families.COUNTER, List.of("north"));
				for (int i = 0; i < 2000; i++) {
					asked[thread].add(1);
				}
			});
			assertThat(asked).containsOnly(asked[0]);
			assertThat(asked[0].sum()).isEqualTo(THREADS * 2000.0);
		}
	}

	/** Threads add until two of them have met: how long that takes is up to chance. */
	@ParameterizedTest
	@EnumSource
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void contendedSeriesIsSpreadOverStripesOnceAndLosesNothing(ReadFrom readFrom) throws Exception {
		int blocks = Math.min(32, Integer.highestOneBit(2 * processors() - 1) << 2);
		for (int round = 0; round < 10; round++) {
			try (TestFleet fleet = TestFleet.in(this.directory.resolve("fleet-" + round))) {
				MetricsWriter writer = fleet.start().writer();
				Totals totals = writer.totals(Families.COUNTER, List.of("north"));
				int each = 0;
				do {
					each += 20_000;
					Together.run(THREADS, (thread) -> {
						for (int i = 0; i < 20_000; i++) {
							totals.add(1);
						}
					});
				}
				while (records(readFrom, fleet, writer) == 1);
				assertThat(records(readFrom, fleet, writer)).isEqualTo(blocks);
				assertThat(sum(readFrom, fleet, writer)).isEqualTo((double) THREADS * each);

				Together.run(THREADS, (thread) -> {
					for (int i = 0; i < 20_000; i++) {
						totals.add(1);
					}
				});
				assertThat(records(readFrom, fleet, writer)).as("spread once").isEqualTo(blocks);
				assertThat(sum(readFrom, fleet, writer)).isEqualTo((double) THREADS * (each + 20_000));
				assertThat(totals.sum()).isEqualTo((double) THREADS * (each + 20_000));
			}
		}
	}

	/** Number of series records: one for each block of cells. */
	private static int records(ReadFrom readFrom, TestFleet fleet, MetricsWriter writer) throws IOException {
		if (readFrom == ReadFrom.FILE) {
			return fleet.observer().state().seriesBySlot().get(0);
		}
		return new RegionSegments().refresh(writer.ownSegments().all()).get(0).series().size();
	}

	private static double sum(ReadFrom readFrom, TestFleet fleet, MetricsWriter writer) {
		MetricsSource source = (readFrom == ReadFrom.FILE) ? fleet.observer()
				: new InstanceMetrics(writer.ownSegments());
		return Double.parseDouble(Shown.by(source).get("orders{shop=north}"));
	}

	private static int processors() {
		return Runtime.getRuntime().availableProcessors();
	}

	@ParameterizedTest
	@EnumSource
	void recordsArePublishedWhole(ReadFrom readFrom) throws Exception {
		for (int round = 0; round < 20; round++) {
			Path file = newFile();
			Region region = (readFrom == ReadFrom.FILE) ? Region.create(file, 1 << 18) : Region.allocate(1 << 18);
			SegmentSource source = (readFrom == ReadFrom.FILE)
					? SegmentSource.of(file, new ReadBuffer(SegmentReader.CHUNK_BYTES)) : SegmentSource.of(region);
			SegmentWriter writer = new SegmentWriter(region, null);
			int count = 1000;
			Together.run(2, (thread) -> {
				if (thread == 0) {
					write(writer, count);
				}
				else {
					follow(source, count);
				}
			});
			source.close();
		}
	}

	private static void write(SegmentWriter writer, int count) {
		writer.open(SequenceId.of(1, 0), 0, MetricsSegmentLayout.STATE_OPEN, "race", 0);
		int family = writer.append(RecordEncoder.family(Families.COUNTER));
		for (int i = 0; i < count; i++) {
			int cells = writer.allocateCells(Families.COUNTER.cellBytes(), MetricsSegmentLayout.ALIGNMENT);
			writer.append(RecordEncoder.series(family, cells, i, 0, List.of("shop " + i)));
			writer.region().putLongRelease(cells, i + 1L);
		}
	}

	/** What is known of a series is known whole, and a number that is seen stays. */
	private static void follow(SegmentSource source, int count) throws IOException {
		SegmentReader reader = new SegmentReader(source);
		int known = 0;
		while (known < count) {
			int seen = known;
			if (!reader.refresh()) {
				continue;
			}
			List<SeriesEntry> series = reader.series();
			IntStream.range(seen, series.size()).forEach((i) -> {
				assertThat(series.get(i).labelValues()).containsExactly("shop " + i);
				assertThat(series.get(i).createdMillis()).isEqualTo(i);
			});
			for (int i = 0; i < seen - 1; i++) {
				assertThat(reader.cells().getLong(series.get(i).cells() - reader.cellsStart())).isEqualTo(i + 1);
			}
			known = series.size();
			assertThat(reader.damage()).isNull();
		}
	}

	/** What is read: the memory of the writer, or the file, as another process does. */
	private enum ReadFrom {

		MEMORY, FILE

	}

}
