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

package io.observability.internal.metrics.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.SeriesCells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.SampleFamily;
import org.jspecify.annotations.Nullable;

/**
 * The series of a writer, by family and label values. A series of current values is
 * removed when it has been released as often as it was asked for; all others stay.
 * Guarded by the lock of the {@link WriterSegments}.
 */
final class SeriesTable {

	private final WriterSegments segments;

	private final Map<Family, Map<List<String>, Entry>> series = new HashMap<>();

	SeriesTable(WriterSegments segments) {
		this.segments = segments;
	}

	/** Returns a series, which is created when it is asked for the first time. */
	SeriesCells get(Family family, List<String> labelValues, Factory factory) {
		Map<List<String>, Entry> bySeries = this.series.computeIfAbsent(family, (key) -> new HashMap<>());
		Entry entry = bySeries.get(labelValues);
		if (entry == null) {
			List<String> labels = List.copyOf(labelValues);
			entry = new Entry(create(family, labels, factory));
			bySeries.put(labels, entry);
		}
		entry.users++;
		return entry.cells;
	}

	private SeriesCells create(Family family, List<String> labels, Factory factory) {
		CellAppender appender = this.segments.admit(family, labels);
		if (family.isCurrent()) {
			for (SequenceWriter sequence : this.segments.current()) {
				if (!sequence.hasRoomFor(family, labels, MetricsSegmentLayout.ALIGNMENT)
						&& Compaction.isDueWhenFull(sequence)) {
					compact(sequence);
				}
			}
		}
		return factory.create(appender.append(family, labels, MetricsSegmentLayout.ALIGNMENT), labels, appender);
	}

	private void compact(SequenceWriter sequence) {
		Compaction.compact(sequence, this);
		this.segments.publishMissingSeries();
	}

	/**
	 * Ends one use of a series of current values. After the last one the series is
	 * removed, and its room is used again.
	 */
	void release(SampleFamily family, List<String> labelValues, Sample sample) {
		Map<List<String>, Entry> bySeries = this.series.getOrDefault(family, Map.of());
		Entry entry = bySeries.get(labelValues);
		if (entry == null || entry.cells != sample || --entry.users > 0) {
			return;
		}
		bySeries.remove(labelValues);
		if (bySeries.isEmpty()) {
			this.series.remove(family);
		}
		this.segments.release(sample.end());
		this.segments.current().stream().filter(Compaction::isDue).forEach(this::compact);
	}

	/** Compacts sequences of which a compaction was begun and not completed. */
	void completeCompaction() {
		for (SequenceWriter sequence : this.segments.current()) {
			if (sequence.isHalfReplaced()) {
				Compaction.complete(sequence, this);
				this.segments.publishMissingSeries();
			}
		}
	}

	/**
	 * Moves all series that lie in lost segments.
	 * @param lost lost segments, and how many bytes of each are still there
	 */
	void relocate(Map<Region, Integer> lost) {
		if (lost.isEmpty()) {
			return;
		}
		this.series.forEach((family, bySeries) -> bySeries.forEach((labels, entry) -> entry.cells.relocate(lost,
				() -> this.segments.append(family, labels, MetricsSegmentLayout.ALIGNMENT))));
	}

	/**
	 * Takes over what threads have added to the former cells of series that were moved.
	 * @return whether threads may add to former ones even now
	 */
	boolean settle() {
		boolean more = false;
		for (Map<List<String>, Entry> bySeries : this.series.values()) {
			for (Entry entry : bySeries.values()) {
				more |= entry.cells.settle();
			}
		}
		return more;
	}

	/**
	 * Returns the series of current values that lie in some segments.
	 * @param segments these segments
	 * @param fresh allocates cells for each in another segment
	 * @return the series and their other cells
	 */
	List<Compaction.MovedSample> current(Set<Region> segments, BiFunction<Family, List<String>, Cells> fresh) {
		List<Compaction.MovedSample> current = new ArrayList<>();
		this.series.forEach((family, bySeries) -> bySeries.forEach((labels, entry) -> {
			Sample sample = family.isCurrent() ? entry.sample() : null;
			if (sample != null && segments.contains(sample.region())) {
				current.add(new Compaction.MovedSample(sample, sample.region(), fresh.apply(family, labels)));
			}
		}));
		return current;
	}

	/** Returns how much room the series of current values in some segments need. */
	long bytesOfCurrent(Set<Region> segments) {
		long bytes = 0;
		for (Map.Entry<Family, Map<List<String>, Entry>> bySeries : this.series.entrySet()) {
			Family family = bySeries.getKey();
			if (family.isCurrent()) {
				bytes += SegmentWriter.familyBytes(family);
				for (Map.Entry<List<String>, Entry> one : bySeries.getValue().entrySet()) {
					Sample sample = one.getValue().sample();
					if (sample != null && segments.contains(sample.region())) {
						bytes += SegmentWriter.seriesBytes(family, one.getKey());
					}
				}
			}
		}
		return bytes;
	}

	/** Moves series of current values that were beyond the limit and are not any more. */
	void admitLater() {
		if (!this.segments.canAdmitLater()) {
			return;
		}
		this.series.forEach((family, bySeries) -> {
			if (family.isCurrent()) {
				bySeries.forEach((labels, entry) -> {
					Sample sample = entry.sample();
					if (sample != null && this.segments.admitLater(sample.region())) {
						sample.relocate(Map.of(sample.region(), sample.region().capacity()),
								() -> this.segments.append(family, labels, MetricsSegmentLayout.ALIGNMENT));
					}
				});
			}
		});
	}

	/** Creates what records into the cells of a series. */
	@FunctionalInterface
	interface Factory {

		/**
		 * Creates it.
		 * @param cells the cells of the series
		 * @param labelValues an immutable copy of the label values
		 * @param appender appends more cells for the same series
		 * @return the new object
		 */
		SeriesCells create(Cells cells, List<String> labelValues, CellAppender appender);

	}

	/** A series, and how many meters use it. */
	private static final class Entry {

		private final SeriesCells cells;

		private int users;

		private Entry(SeriesCells cells) {
			this.cells = cells;
		}

		private @Nullable Sample sample() {
			return (this.cells instanceof Sample sample) ? sample : null;
		}

	}

}
