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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.SeriesEntry;

/**
 * Makes the numbers of many segments into one set of series. Which series of a segment
 * goes into which merged one is worked out once; after that, merging is adding up. Used
 * by one thread at a time.
 */
public final class Merger {

	private final Predicate<Family> wanted;

	private final Map<Family, MergedFamily> families = new LinkedHashMap<>();

	private final Map<SegmentReader, Targets> targets = new HashMap<>();

	/** Merges everything. */
	public Merger() {
		this((family) -> true);
	}

	/** Merges some metrics, and does not look at the numbers of others. */
	Merger(Predicate<Family> wanted) {
		this.wanted = wanted;
	}

	/** Merges the numbers of these segments, and of no others. */
	Collection<MergedFamily> merge(List<MetricsPart> parts) {
		begin(parts.stream().map(MetricsPart::segment).toList());
		parts.forEach((part) -> add(part.segment(), part.live()));
		return this.families.values();
	}

	/**
	 * Begins a new collection of the numbers of these segments, and adds none of them.
	 */
	public void begin(Collection<SegmentReader> segments) {
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
		series.created(entry.createdMillis());
		series.ended(entry.endedMillis());
		return series;
	}

	public Collection<MergedFamily> families() {
		return this.families.values();
	}

	/**
	 * Where the numbers of a segment's series go, and where they lie: in arrays, because
	 * with many instances it is memory that adding up waits for.
	 */
	private static final class Targets {

		private static final int LEAST_CAPACITY = 16;

		private MergedSeries[] series = {};

		private int[] cells = {};

		private int count;

		/** How many of the segment's entries have been looked at, wanted or not. */
		private int seen;

		private void add(MergedSeries target, int cells) {
			if (this.count == this.series.length) {
				int capacity = this.count + this.count / 2 + LEAST_CAPACITY;
				this.series = Arrays.copyOf(this.series, capacity);
				this.cells = Arrays.copyOf(this.cells, capacity);
			}
			this.series[this.count] = target;
			this.cells[this.count] = cells;
			this.count++;
		}

	}

}
