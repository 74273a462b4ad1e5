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

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.SeriesEntry;

/**
 * Merges instances: adds up the numbers of many segments, family by family.
 *
 * <p>
 * Each entry of a segment is assigned to a merged series once; after that, merging is
 * adding up arrays of numbers. Families of one name that differ in labels, buckets or
 * type stay apart here, as they do in the archive. How they are shown under one name is
 * decided in {@code internal.prometheus}; see
 * {@code docs/decisions/0016-merged-in-two-steps.md}. Used by one thread at a time.
 */
public final class Merger {

	private final Predicate<Family> wanted;

	private final Map<Family, MergedFamily> families = new LinkedHashMap<>();

	private final Map<SegmentReader, Targets> targets = new HashMap<>();

	/** Creates a merger of all families. */
	public Merger() {
		this((family) -> true);
	}

	/** Creates a merger of some families, which does not read the numbers of others. */
	Merger(Predicate<Family> wanted) {
		this.wanted = wanted;
	}

	/** Merges these segments as they were last read. */
	Collection<MergedFamily> merge(List<CollectedSegment> segments) {
		begin(segments.stream().map(CollectedSegment::reader).toList());
		segments.forEach((segment) -> add(segment.reader(), segment.live()));
		return this.families.values();
	}

	/**
	 * Begins a new collection, without any numbers yet, of these segments.
	 */
	public void begin(Collection<SegmentReader> segments) {
		int known = 0;
		for (SegmentReader segment : segments) {
			known += this.targets.containsKey(segment) ? 1 : 0;
		}
		if (known < this.targets.size()) {
			Set<SegmentReader> gone = new HashSet<>(this.targets.keySet());
			segments.forEach(gone::remove);
			forget(gone);
		}
		for (MergedFamily family : this.families.values()) {
			family.series().forEach(MergedSeries::clear);
		}
	}

	/**
	 * Forgets the series that have lost their last contributor. Segments of current
	 * values go often, and only their series are looked at; when others go, all is
	 * assigned again, because totals that stay may have begun later than they did.
	 */
	private void forget(Set<SegmentReader> gone) {
		if (gone.stream().allMatch(SegmentReader::hasOnlyCurrentValues)) {
			this.targets.entrySet().removeIf((entry) -> gone.contains(entry.getKey()) && entry.getValue().leave());
			this.families.replaceAll((key, family) -> family.withoutAbandoned());
			this.families.values().removeIf((family) -> family.series().isEmpty());
		}
		else {
			this.families.clear();
			this.targets.clear();
		}
	}

	/** Adds the numbers of a segment as it was last read. */
	public void add(SegmentReader segment, boolean live) {
		Targets targets = this.targets.computeIfAbsent(segment, (key) -> new Targets());
		List<SeriesEntry> entries = segment.series();
		while (targets.seen < entries.size()) {
			SeriesEntry entry = entries.get(targets.seen++);
			if (this.wanted.test(entry.family())) {
				targets.add(target(entry, segment), entry.cells());
			}
		}
		ByteBuffer cells = segment.cells();
		int start = segment.cellsStart();
		for (int i = 0; i < targets.count; i++) {
			targets.series[i].add(cells, targets.cells[i] - start, live);
		}
	}

	private MergedSeries target(SeriesEntry entry, SegmentReader segment) {
		MergedSeries series = this.families
			.computeIfAbsent(entry.family().mergeKey(), (key) -> new MergedFamily(entry.family()))
			.seriesOf(entry, segment.isArchive(), segment.header().instanceName());
		series.addContributor();
		series.addCreated(entry.createdMillis());
		series.addEnded(entry.endedMillis());
		return series;
	}

	public Collection<MergedFamily> families() {
		return this.families.values();
	}

	/**
	 * For each entry of a segment, its merged series and the offset of its cells. Kept in
	 * arrays, because with many instances adding up is bound by memory access.
	 */
	private static final class Targets {

		private static final int MIN_GROWTH = 16;

		private MergedSeries[] series = {};

		private int[] cells = {};

		private int count;

		/** Number of the segment's entries that have been assigned or skipped. */
		private int seen;

		/** Ends the segment's contributions and returns true. */
		private boolean leave() {
			for (int i = 0; i < this.count; i++) {
				this.series[i].removeContributor();
			}
			return true;
		}

		private void add(MergedSeries target, int cells) {
			if (this.count == this.series.length) {
				int capacity = this.count + this.count / 2 + MIN_GROWTH;
				this.series = Arrays.copyOf(this.series, capacity);
				this.cells = Arrays.copyOf(this.cells, capacity);
			}
			this.series[this.count] = target;
			this.cells[this.count] = cells;
			this.count++;
		}

	}

}
