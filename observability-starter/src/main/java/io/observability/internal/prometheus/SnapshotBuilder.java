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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.observability.internal.metrics.read.MergedFamily;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import org.jspecify.annotations.Nullable;

/**
 * Builds snapshots of merged families. Used by one thread at a time, and for one source:
 * names and labels are computed again only when there are new series.
 *
 * <p>
 * The formats allow one type per name. If versions of an application disagree, the first
 * {@link ExpositionType} gets the name, and the samples of the others are exposed as
 * untyped metrics if their names are free. A scrape does not fail because of it.
 */
final class SnapshotBuilder {

	private static final String NAME_TAKEN = "another metric has its name, "
			+ "so its samples are exposed untyped if their names are free; rename one of the meters: ";

	private static final String INVALID_NAME = "metric can't be exposed, because no format allows its name: ";

	private final @Nullable String instanceLabel;

	private final ConflictListener conflicts;

	// In the order in which they get names.
	private List<ExposedMetric> metrics = List.of();

	private Map<MergedFamily, Integer> seen = Map.of();

	private final Map<String, String> invalidNames = new HashMap<>();

	/**
	 * Creates a builder.
	 * @param instanceLabel name of the instance label, or null to leave it out
	 * @param conflicts is notified of metrics that can't be exposed as they should be
	 */
	SnapshotBuilder(@Nullable String instanceLabel, ConflictListener conflicts) {
		this.instanceLabel = instanceLabel;
		this.conflicts = conflicts;
	}

	/**
	 * Builds snapshots of the current numbers.
	 * @param families all families of the source
	 * @param includedNames selects metrics by name
	 * @param nowMillis the time, since the epoch
	 * @return snapshots that refer to none of the families
	 */
	MetricSnapshots build(Collection<MergedFamily> families, Predicate<String> includedNames, long nowMillis) {
		update(families);
		this.invalidNames.forEach((name, cause) -> this.conflicts.onConflict(name, INVALID_NAME, cause));
		TakenNames taken = new TakenNames();
		List<MetricSnapshot> snapshots = new ArrayList<>(this.metrics.size());
		for (ExposedMetric metric : this.metrics) {
			if (!metric.isPresent()) {
				continue;
			}
			boolean included = metric.requestNames().stream().anyMatch(includedNames);
			ExposedMetric other = taken.take(metric.name(), metric.sampleNames(), metric);
			if (other == null) {
				if (included) {
					snapshots.add(metric.snapshot(nowMillis));
				}
			}
			else {
				this.conflicts.onConflict(metric.name(), NAME_TAKEN,
						"type=" + metric.type() + ", other metric=" + other.name() + ", its type=" + other.type());
				for (MetricSnapshot untyped : UntypedSnapshots.of(metric.snapshot(nowMillis))) {
					String name = untyped.getMetadata().getPrometheusName();
					if (taken.take(name, List.of(name), metric) == null && (included || includedNames.test(name))) {
						snapshots.add(untyped);
					}
				}
			}
		}
		return new MetricSnapshots(snapshots);
	}

	private void update(Collection<MergedFamily> families) {
		if (!hasSeen(families)) {
			this.metrics = metrics(families);
			this.seen = new HashMap<>();
			families.forEach((family) -> this.seen.put(family, family.series().size()));
		}
	}

	private boolean hasSeen(Collection<MergedFamily> families) {
		for (MergedFamily family : families) {
			// A family only gets series; after a loss there is another family object.
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
		this.invalidNames.clear();
		byTypeAndName.forEach((type, byName) -> byName.values().forEach((sameName) -> {
			try {
				metrics.add(ExposedMetric.of(type, sameName, this.instanceLabel, this.conflicts));
			}
			catch (IllegalArgumentException ex) {
				this.invalidNames.put(sameName.get(0).family().name(), String.valueOf(ex.getMessage()));
			}
		}));
		return metrics;
	}

	/**
	 * The names that are taken in one exposition. A counter {@code x.count} and a sample
	 * {@code x_count} of a summary don't conflict: the counter's sample has another name.
	 */
	private static final class TakenNames {

		private final Map<String, ExposedMetric> metrics = new HashMap<>();

		private final Map<String, ExposedMetric> samples = new HashMap<>();

		/** Takes names. If one is taken, returns by which metric, and takes none. */
		private @Nullable ExposedMetric take(String metricName, List<String> sampleNames, ExposedMetric metric) {
			ExposedMetric other = this.metrics.get(metricName);
			for (String name : sampleNames) {
				other = (other != null) ? other : this.samples.get(name);
			}
			if (other == null) {
				this.metrics.put(metricName, metric);
				sampleNames.forEach((name) -> this.samples.put(name, metric));
			}
			return other;
		}

	}

}
