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

package io.observability.internal.metrics.archive;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SeriesEntry;
import io.observability.internal.metrics.read.FleetReader;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.read.SequenceReader;

/**
 * Which series of an archive have expired: no living instance has them, and the last one
 * that had them terminated longer ago than the retention.
 *
 * @param endedBefore when that instance must have terminated, since the epoch
 * @param living the series of living instances
 */
record Expiry(long endedBefore, Set<SeriesKey> living) {

	static Expiry of(FleetReader fleet, long endedBefore) {
		Set<SeriesKey> living = new HashSet<>();
		for (SequenceReader sequence : fleet.sequences()) {
			for (SegmentReader segment : sequence.segments()) {
				segment.series().forEach((entry) -> living.add(SeriesKey.of(entry.family(), entry.labelValues())));
			}
		}
		return new Expiry(endedBefore, living);
	}

	boolean isExpired(SeriesEntry archived) {
		List<String> labelValues = archived.labelValues().subList(0, archived.family().labelNames().size());
		return archived.endedMillis() < this.endedBefore
				&& !this.living.contains(SeriesKey.of(archived.family(), labelValues));
	}

	boolean isExpired(Family family, MergedSeries series) {
		return series.endedMillis() < this.endedBefore
				&& !this.living.contains(SeriesKey.of(family, series.labelValues()));
	}

	/**
	 * Identifies a series, in the archive as in an instance's files.
	 */
	private record SeriesKey(String name, MetricType type, List<String> labelNames, List<String> labelValues) {

		private static SeriesKey of(Family family, List<String> labelValues) {
			return new SeriesKey(family.name(), family.type(), family.labelNames(), List.copyOf(labelValues));
		}

	}

}
