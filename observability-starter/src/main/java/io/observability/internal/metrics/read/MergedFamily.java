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

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.SeriesEntry;
import org.jspecify.annotations.Nullable;

/**
 * All series of one family, merged over instances: see {@link Merger}.
 */
public final class MergedFamily {

	private final Family family;

	private final Map<SeriesKey, MergedSeries> series = new HashMap<>();

	MergedFamily(Family family) {
		this.family = family;
	}

	/** Returns the series that an entry of an instance or of the archive is added to. */
	MergedSeries seriesOf(SeriesEntry entry, boolean archived, String instanceName) {
		List<String> labels = entry.labelValues();
		String instance = instanceName;
		if (archived && entry.family().mode().isPerInstance()) {
			instance = labels.get(labels.size() - 1);
			labels = labels.subList(0, labels.size() - 1);
		}
		SeriesKey key = new SeriesKey(List.copyOf(labels), this.family.mode().isPerInstance() ? instance : null);
		return this.series.computeIfAbsent(key,
				(absent) -> MergedSeries.of(this.family, absent.labelValues(), absent.instance()));
	}

	/**
	 * Returns this family, or another one with the series that something still
	 * contributes to: a family object never loses series.
	 */
	MergedFamily withoutAbandoned() {
		if (this.series.values().stream().noneMatch(MergedSeries::isAbandoned)) {
			return this;
		}
		MergedFamily rest = new MergedFamily(this.family);
		this.series.forEach((key, one) -> {
			if (!one.isAbandoned()) {
				rest.series.put(key, one);
			}
		});
		return rest;
	}

	public Family family() {
		return this.family;
	}

	public Collection<MergedSeries> series() {
		return this.series.values();
	}

	private record SeriesKey(List<String> labelValues, @Nullable String instance) {
	}

}
