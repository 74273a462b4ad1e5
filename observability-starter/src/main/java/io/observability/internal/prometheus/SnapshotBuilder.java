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

package io.observability.internal.prometheus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.observability.internal.metrics.read.MergedFamily;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots of merged families. Used by one thread at a time, for the same source
 * again and again: names and labels are worked out anew only when there are new series.
 *
 * <p>
 * The formats allow a name one type. Instances of different versions may disagree: then
 * the first {@link ExpositionType} gets the name, and the samples of the others are shown
 * untyped where their own names are free. A scrape never fails over it.
 */
final class SnapshotBuilder {

	private final @Nullable String instanceLabel;

	// In the order in which they get names.
	private List<ExposedMetric> metrics = List.of();

	private Map<MergedFamily, Integer> seen = Map.of();

	/**
	 * Creates a builder.
	 * @param instanceLabel name of the label that tells instances apart, or null to leave
	 * it out
	 */
	SnapshotBuilder(@Nullable String instanceLabel) {
		this.instanceLabel = instanceLabel;
	}

	/**
	 * Makes snapshots of the numbers as they are.
	 * @param families all of a source's
	 * @param includedNames which metrics are wanted
	 * @param nowMillis the time, since the epoch
	 * @return snapshots that refer to none of the families
	 */
	MetricSnapshots build(Collection<MergedFamily> families, Predicate<String> includedNames, long nowMillis) {
		workOut(families);
		Set<String> taken = new HashSet<>();
		List<MetricSnapshot> snapshots = new ArrayList<>(this.metrics.size());
		for (ExposedMetric metric : this.metrics) {
			if (!metric.isPresent()) {
				continue;
			}
			boolean included = metric.requestNames().stream().anyMatch(includedNames);
			if (metric.names().stream().noneMatch(taken::contains)) {
				taken.addAll(metric.names());
				if (included) {
					snapshots.add(metric.snapshot(nowMillis));
				}
			}
			else {
				for (MetricSnapshot untyped : UntypedSnapshots.of(metric.snapshot(nowMillis))) {
					String name = untyped.getMetadata().getPrometheusName();
					if (taken.add(name) && (included || includedNames.test(name))) {
						snapshots.add(untyped);
					}
				}
			}
		}
		return new MetricSnapshots(snapshots);
	}

	private void workOut(Collection<MergedFamily> families) {
		if (!hasSeen(families)) {
			this.metrics = metrics(families);
			this.seen = new HashMap<>();
			families.forEach((family) -> this.seen.put(family, family.series().size()));
		}
	}

	private boolean hasSeen(Collection<MergedFamily> families) {
		for (MergedFamily family : families) {
			// A family only grows; one that has lost a series is another one.
			Integer size = this.seen.get(family);
			if (size == null || size != family.series().size()) {
				return false;
			}
		}
		return families.size() == this.seen.size();
	}

	private List<ExposedMetric> metrics(Collection<MergedFamily> families) {
		Map<ExpositionType, Map<String, List<MergedFamily>>> byTypeAndName = new EnumMap<>(ExpositionType.class);
		for (MergedFamily merged : families) {
			byTypeAndName.computeIfAbsent(ExpositionType.of(merged.family().type()), (type) -> new TreeMap<>())
				.computeIfAbsent(PrometheusNaming.prometheusName(merged.family().name()), (name) -> new ArrayList<>())
				.add(merged);
		}
		List<ExposedMetric> metrics = new ArrayList<>();
		byTypeAndName.forEach((type, byName) -> byName.values().forEach((sameName) -> {
			try {
				metrics.add(ExposedMetric.of(type, sameName, this.instanceLabel));
			}
			catch (IllegalArgumentException ex) {
				// A name that no format can say.
			}
		}));
		return metrics;
	}

}
