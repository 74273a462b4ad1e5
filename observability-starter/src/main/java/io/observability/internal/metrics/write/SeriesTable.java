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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.SeriesCells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;

/**
 * The series of a writer, by family and label values. Guarded by the lock of the
 * {@link WriterSegments}.
 */
final class SeriesTable {

	private final WriterSegments segments;

	private final Map<Family, Map<List<String>, SeriesCells>> series = new HashMap<>();

	SeriesTable(WriterSegments segments) {
		this.segments = segments;
	}

	/** Returns a series, which is created when it is asked for the first time. */
	SeriesCells get(Family family, List<String> labelValues, Factory factory) {
		Map<List<String>, SeriesCells> bySeries = this.series.computeIfAbsent(family, (key) -> new HashMap<>());
		SeriesCells existing = bySeries.get(labelValues);
		if (existing != null) {
			return existing;
		}
		List<String> labels = List.copyOf(labelValues);
		CellAppender appender = this.segments.admit(family, labels);
		SeriesCells created = factory.create(appender.append(family, labels, MetricsSegmentLayout.ALIGNMENT), labels,
				appender);
		bySeries.put(labels, created);
		return created;
	}

	/**
	 * Moves all series that lie in lost segments.
	 * @param lost lost segments, and how many bytes of each are still there
	 */
	void relocate(Map<Region, Integer> lost) {
		if (lost.isEmpty()) {
			return;
		}
		this.series.forEach((family, bySeries) -> bySeries.forEach((labels, cells) -> cells.relocate(lost,
				() -> this.segments.append(family, labels, MetricsSegmentLayout.ALIGNMENT))));
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

}
