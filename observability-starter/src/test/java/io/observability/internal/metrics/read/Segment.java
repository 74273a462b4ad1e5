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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;

/**
 * A segment as an instance writes it, and its reader.
 */
public final class Segment {

	private static final int SIZE = 1 << 13;

	private final Region region;

	private final SegmentWriter writer;

	private final SegmentReader reader;

	/**
	 * Creates a segment in memory.
	 * @param instanceName value of the instance label
	 */
	public Segment(String instanceName) {
		this(Region.allocate(SIZE), instanceName);
	}

	private Segment(Region region, String instanceName) {
		this(region, SegmentSource.of(region), instanceName);
	}

	private Segment(Region region, SegmentSource source, String instanceName) {
		this.region = region;
		this.writer = new SegmentWriter(region, null);
		this.reader = new SegmentReader(source);
		this.writer.open(SequenceId.of(instanceName.hashCode(), 0), 0, MetricsSegmentLayout.STATE_OPEN, instanceName,
				0);
	}

	/**
	 * Creates a segment in a file, which is read through the file.
	 * @param file the file, which must not exist
	 * @param instanceName value of the instance label
	 * @return the segment
	 * @throws IOException if the file can't be created
	 */
	public static Segment inFile(Path file, String instanceName) throws IOException {
		return new Segment(Region.create(file, SIZE), SegmentSource.of(file, new ReadBuffer(SegmentReader.CHUNK_BYTES)),
				instanceName);
	}

	public Totals totals(TotalsFamily family, String... labelValues) {
		return new Totals(this, new TotalsBlock(cells(family, labelValues), family.buckets()), () -> {
			throw new IllegalStateException("one thread alone");
		});
	}

	public Sample sample(SampleFamily family, String... labelValues) {
		return new Sample(cells(family, labelValues));
	}

	public WindowMax windowMax(WindowMaxFamily family, long nowMillis) {
		Cells cells = cells(family);
		WindowMax max = new WindowMax(cells, family.windows(), family.windowMillis(), nowMillis);
		max.rotate(nowMillis);
		return max;
	}

	public Cells cells(Family family, String... labelValues) {
		int familyOffset = this.writer.append(RecordEncoder.family(family));
		int cells = this.writer.allocateCells(family.cellBytes(), MetricsSegmentLayout.ALIGNMENT);
		this.writer.append(RecordEncoder.series(familyOffset, cells, 0, 0, List.of(labelValues)));
		return new Cells(this.region, cells, family.cellBytes());
	}

	/** Its bytes as they are now. */
	public byte[] bytes() {
		byte[] bytes = new byte[this.region.capacity()];
		this.region.slice(0, bytes.length).get(bytes);
		return bytes;
	}

	public SegmentReader read() {
		try {
			this.reader.refresh();
			return this.reader;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
