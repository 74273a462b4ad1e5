package io.observability.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import io.observability.memory.Region;

/**
 * A segment in memory, as an instance writes it, and its reader.
 */
final class Segment {

	private final Region region = Region.allocate(1 << 13);

	private final SegmentWriter writer = new SegmentWriter(this.region, null);

	private final SegmentReader reader = new SegmentReader(SegmentSource.of(this.region));

	Segment(String instanceName) {
		this.writer.open(ChainId.of(instanceName.hashCode(), 0), 0, SegmentLayout.STATE_OPEN, instanceName, 0);
	}

	Totals totals(Family family, String... labelValues) {
		return new Totals(this, new TotalsBlock(cells(family, labelValues), family.buckets()), () -> {
			throw new IllegalStateException("one thread alone");
		});
	}

	Sample sample(Family family, String... labelValues) {
		return new Sample(cells(family, labelValues));
	}

	WindowMax windowMax(Family family, long nowMillis) {
		Cells cells = cells(family);
		WindowMax max = new WindowMax(cells, family.windows(), family.windowMillis(), nowMillis);
		max.rotate(nowMillis);
		return max;
	}

	Cells cells(Family family, String... labelValues) {
		int familyOffset = this.writer.append(RecordEncoder.family(family));
		int cells = this.writer.allocateCells(family.cellBytes(), SegmentLayout.ALIGNMENT);
		this.writer.append(RecordEncoder.series(familyOffset, cells, 0, 0, List.of(labelValues)));
		return new Cells(this.region, cells, family.cellBytes());
	}

	/** Its bytes as they are now. */
	byte[] bytes() {
		byte[] bytes = new byte[this.region.capacity()];
		this.region.getBytes(0, bytes);
		return bytes;
	}

	SegmentReader read() {
		try {
			this.reader.refresh();
			return this.reader;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
