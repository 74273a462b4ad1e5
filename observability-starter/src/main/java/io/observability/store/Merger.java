package io.observability.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
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

	private final Map<SegmentReader, List<MergedSeries>> targets = new HashMap<>();

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
		List<MergedSeries> targets = this.targets.computeIfAbsent(segment, (key) -> new ArrayList<>());
		List<SeriesEntry> entries = segment.series();
		for (int i = targets.size(); i < entries.size(); i++) {
			targets.add(target(entries.get(i), segment));
		}
		ByteBuffer cells = segment.cells();
		for (int i = 0; i < targets.size(); i++) {
			targets.get(i).add(cells, segment.positionOf(entries.get(i)), live);
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

}
