package io.observability.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the numbers of many segments into one set of series. Which series of a segment
 * goes into which merged one is worked out once; after that, merging is adding up. Used
 * by one thread at a time.
 */
final class Merger {

	private final Map<FamilyKey, MergedFamily> families = new LinkedHashMap<>();

	private final Map<SegmentReader, Targets> targets = new HashMap<>();

	/**
	 * Begins a new collection of the numbers of these segments, and adds none of them.
	 */
	void begin(Collection<SegmentReader> segments) {
		if (!segments.containsAll(this.targets.keySet())) {
			// Some series may have had their last contributor: begin from nothing.
			this.families.clear();
			this.targets.clear();
		}
		for (MergedFamily family : this.families.values()) {
			family.series().forEach(MergedSeries::clear);
		}
	}

	/** Adds the numbers of a segment as they were last read. */
	void add(SegmentReader segment, boolean live) {
		Targets targets = this.targets.computeIfAbsent(segment, (key) -> new Targets());
		List<SeriesEntry> entries = segment.series();
		targets.ensureCapacity(entries.size());
		while (targets.count < entries.size()) {
			SeriesEntry entry = entries.get(targets.count);
			targets.add(target(entry, segment), entry.cells());
		}
		ByteBuffer cells = segment.cells();
		int start = segment.cellsStart();
		for (int i = 0; i < targets.count; i++) {
			targets.series[i].add(cells, targets.cells[i] - start, live);
		}
	}

	private MergedSeries target(SeriesEntry entry, SegmentReader segment) {
		MergedSeries series = this.families
			.computeIfAbsent(FamilyKey.of(entry.family()), (key) -> new MergedFamily(entry.family()))
			.seriesOf(entry, segment.isArchive(), segment.header().instanceName());
		series.created(entry.createdMillis());
		series.ended(entry.endedMillis());
		return series;
	}

	Collection<MergedFamily> families() {
		return this.families.values();
	}

	/**
	 * What two families must have in common for their numbers to be added up. Help and
	 * mode may differ while two versions of an application run side by side: the first
	 * one's are taken.
	 */
	private record FamilyKey(String name, MetricType type, CellKind kind, List<String> labelNames, List<Double> bounds,
			double divisor, int windows, long windowMillis) {

		static FamilyKey of(Family family) {
			return new FamilyKey(family.name(), family.type(), family.kind(), family.labelNames(), family.bounds(),
					family.divisor(), family.windows(), family.windowMillis());
		}

	}

	/**
	 * Where the numbers of a segment's series go, and where they lie: in arrays, because
	 * with many instances it is memory that adding up waits for.
	 */
	private static final class Targets {

		private MergedSeries[] series = {};

		private int[] cells = {};

		private int count;

		private void ensureCapacity(int capacity) {
			if (capacity > this.series.length) {
				this.series = Arrays.copyOf(this.series, capacity);
				this.cells = Arrays.copyOf(this.cells, capacity);
			}
		}

		private void add(MergedSeries target, int cells) {
			this.series[this.count] = target;
			this.cells[this.count] = cells;
			this.count++;
		}

	}

}
