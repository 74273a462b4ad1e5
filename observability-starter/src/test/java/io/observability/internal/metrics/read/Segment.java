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
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.write.SegmentWriter;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;

/**
 * A segment in memory, as an instance writes it, and its reader.
 */
public final class Segment {

	private final Region region = Region.allocate(1 << 13);

	private final SegmentWriter writer = new SegmentWriter(this.region, null);

	private final SegmentReader reader = new SegmentReader(SegmentSource.of(this.region));

	public Segment(String instanceName) {
		this.writer.open(SequenceId.of(instanceName.hashCode(), 0), 0, MetricsSegmentLayout.STATE_OPEN, instanceName,
				0);
	}

	public Totals totals(Family family, String... labelValues) {
		return new Totals(this, new TotalsBlock(cells(family, labelValues), family.buckets()), () -> {
			throw new IllegalStateException("one thread alone");
		});
	}

	public Sample sample(Family family, String... labelValues) {
		return new Sample(cells(family, labelValues));
	}

	public WindowMax windowMax(Family family, long nowMillis) {
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
