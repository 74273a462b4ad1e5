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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentReaderTests {

	private static final int SIZE = 4 << 20;

	private static final int SERIES = 40_000;

	private static final int SUMMARIES = 10_000;

	private static final int MOST_COPIES = 10;

	private static Region segment() {
		return segment(Families.COUNTER, SERIES, MetricsSegmentLayout.STATE_OPEN);
	}

	private static Region segment(TotalsFamily family, int series, int state) {
		Region region = Region.allocate(SIZE);
		SegmentWriter writer = new SegmentWriter(region, null);
		writer.open(SequenceId.of(1, 0), 0, state, "", 0);
		int familyOffset = writer.append(RecordEncoder.family(family));
		for (int i = 0; i < series; i++) {
			int cells = writer.allocateCells(family.cellBytes(), MetricsSegmentLayout.ALIGNMENT);
			writer.append(RecordEncoder.series(familyOffset, cells, 0, 0, family.labelNames()));
			region.putLong(cells, i + 1L);
		}
		return region;
	}

	private static SegmentReader reader(SlowSource source) throws IOException {
		SegmentReader reader = new SegmentReader(source);
		assertThat(reader.refresh()).isTrue();
		source.bytes = 0;
		source.slowAt = SIZE - Long.BYTES;
		return reader;
	}

	@Test
	void shortDirectoryIsLookedAtTogetherWithTheHeader() throws IOException {
		SlowSource source = new SlowSource(segment(Families.COUNTER, 10, MetricsSegmentLayout.STATE_OPEN));
		SegmentReader reader = reader(source);
		source.reads = 0;
		assertThat(reader.refresh()).isTrue();
		assertThat(source.reads).as("directory, numbers").isEqualTo(2);
	}

	@Test
	void slowChunkIsReadAgainAlone() throws IOException {
		SlowSource source = new SlowSource(segment(Families.SUMMARY, SUMMARIES, MetricsSegmentLayout.STATE_OPEN));
		SegmentReader reader = reader(source);
		int cellBytes = SUMMARIES * Families.SUMMARY.cellBytes();
		assertThat(reader.refresh()).isTrue();
		assertThat(source.slow).as("the second time nothing has changed").isEqualTo(2);
		assertThat(source.bytes).isLessThan(2L * cellBytes);
		for (int i = 0; i < SUMMARIES; i++) {
			assertThat(reader.cells().getLong(reader.series().get(i).cells() - reader.cellsStart())).isEqualTo(i + 1);
		}
	}

	@Test
	void slowChunkIsReadOnceIfNoNumberInItHasParts() throws IOException {
		SlowSource source = new SlowSource(segment());
		assertThat(reader(source).refresh()).isTrue();
		assertThat(source.slow).isOne();
	}

	@Test
	void slowChunkOfAnArchiveIsReadOnce() throws IOException {
		SlowSource source = new SlowSource(segment(Families.SUMMARY, 10, MetricsSegmentLayout.STATE_ARCHIVE));
		assertThat(reader(source).refresh()).isTrue();
		assertThat(source.slow).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "1, 3", "3, 5", "100, 10" })
	void slowChunkIsReadAgainAsLongAsItsNumbersAreCarriedOver(int changes, int readings) throws IOException {
		Region region = segment(Families.SUMMARY, 1, MetricsSegmentLayout.STATE_OPEN);
		SlowSource source = new SlowSource(region);
		SegmentReader reader = reader(source);
		TotalsBlock block = new TotalsBlock(
				new Cells(region, reader.series().get(0).cells(), Families.SUMMARY.cellBytes()),
				Families.SUMMARY.buckets());
		source.beforeSlow = () -> {
			if (source.slow > 1 && source.slow <= changes + 1) {
				for (int i = 0; i < 30_000; i++) {
					block.record(0, 1);
				}
			}
		};
		assertThat(reader.refresh()).isTrue();
		assertThat(source.slow).isEqualTo(readings).isLessThanOrEqualTo(MOST_COPIES);
	}

	@Test
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void regionsThatAreGoneAreLetGo() throws IOException {
		RegionSegments segments = new RegionSegments();
		Region stays = segment();
		WeakReference<Region> gone = readOnce(segments, stays);
		assertThat(segments.refresh(List.of(stays))).hasSize(1);
		while (gone.get() != null) {
			System.gc();
		}
	}

	private static WeakReference<Region> readOnce(RegionSegments segments, Region other) throws IOException {
		Region region = segment();
		assertThat(segments.refresh(List.of(region, other))).hasSize(2);
		return new WeakReference<>(region);
	}

	/** Counts what is read, and is slow where a certain byte is among it. */
	private static final class SlowSource implements SegmentSource {

		private final SegmentSource region;

		private long bytes;

		private int reads;

		private int slowAt = Integer.MAX_VALUE;

		private int slow;

		private Runnable beforeSlow = () -> {
		};

		private SlowSource(Region region) {
			this.region = SegmentSource.of(region);
		}

		@Override
		public ByteBuffer read(int position, int length) throws IOException {
			this.bytes += length;
			this.reads++;
			if (position <= this.slowAt && this.slowAt < position + length) {
				this.slow++;
				this.beforeSlow.run();
				long start = System.nanoTime();
				while (System.nanoTime() - start < 100_000) {
					Thread.onSpinWait();
				}
			}
			return this.region.read(position, length);
		}

		@Override
		public long length() throws IOException {
			return this.region.length();
		}

		@Override
		public void close() throws IOException {
			this.region.close();
		}

	}

}
