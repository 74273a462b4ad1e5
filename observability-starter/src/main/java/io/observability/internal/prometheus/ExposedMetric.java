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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSeries;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A metric of the exposition: the families that have one name and one type there,
 * assigned to data points once and read at each scrape.
 */
final class ExposedMetric {

	private static final String INVALID_SERIES = "series can't be exposed, because no format allows its labels: ";

	private static final String TWO_GAUGES = "the maximum of a timer or summary is not exposed, "
			+ "because another gauge has its name and labels; rename one of them: ";

	private static final String TWO_KINDS = "a meter and a collector, or two kinds of meters, "
			+ "have its name and labels and are added up; rename one of them: ";

	private final ExpositionType type;

	private final MetricMetadata metadata;

	private final ConflictListener conflicts;

	/** Why one of the series can't be exposed, or null if all can. */
	private final @Nullable String invalid;

	private final List<String> sampleNames;

	private final List<String> requestNames;

	private final List<DataPoint> points;

	private ExposedMetric(ExpositionType type, MetricMetadata metadata, ConflictListener conflicts,
			@Nullable String invalid, List<DataPoint> points) {
		this.type = type;
		this.metadata = metadata;
		this.conflicts = conflicts;
		this.invalid = invalid;
		this.sampleNames = type.sampleNames(metadata.getPrometheusName());
		this.requestNames = type.requestNames(metadata.getPrometheusName());
		this.points = points;
	}

	/**
	 * Creates the metric of families with the same name.
	 * @throws IllegalArgumentException if no format allows the name
	 */
	static ExposedMetric of(ExpositionType type, List<MergedFamily> families, @Nullable String instanceLabel,
			ConflictListener conflicts) {
		Family first = families.get(0).family();
		Set<String> reserved = reservedLabels(families);
		Map<Labels, List<DataPointSource>> sources = new HashMap<>();
		List<String> invalid = new ArrayList<>();
		// Sorted, because the order of the families depends on the instance that reads.
		families.stream()
			.sorted(Comparator.comparing((MergedFamily merged) -> merged.family().mode()))
			.forEach((merged) -> add(merged, instanceLabel, reserved, sources, invalid));
		List<DataPoint> points = new ArrayList<>(sources.size());
		sources.forEach((labels, all) -> points.add(DataPoint.of(type, labels, all)));
		points.sort(Comparator.comparing(DataPoint::labels));
		return new ExposedMetric(type, metadata(first), conflicts, invalid.isEmpty() ? null : invalid.get(0), points);
	}

	/** Returns the labels that the formats themselves add to samples of these types. */
	private static Set<String> reservedLabels(List<MergedFamily> families) {
		Set<String> reserved = new HashSet<>();
		for (MergedFamily merged : families) {
			switch (merged.family().type()) {
				case SUMMARY -> reserved.add("quantile");
				case HISTOGRAM, GAUGE_HISTOGRAM, NATIVE_HISTOGRAM, NATIVE_BUCKET -> reserved.add("le");
				case COUNTER, GAUGE, INFO, STATE_SET, UNKNOWN -> {
					// None.
				}
			}
		}
		return reserved;
	}

	private static void add(MergedFamily merged, @Nullable String instanceLabel, Set<String> reserved,
			Map<Labels, List<DataPointSource>> sources, List<String> invalid) {
		Family family = merged.family();
		List<String> own = family.labelNames()
			.subList(0, family.labelNames().size() - DataPointSource.extraLabels(family));
		List<String> names = LabelNames.exposed(own, reserved);
		if (instanceLabel != null && family.mode().isPerInstance()) {
			Set<String> withInstance = new HashSet<>(reserved);
			withInstance.add(PrometheusNaming.prometheusName(instanceLabel));
			names = LabelNames.exposed(own, withInstance);
		}
		for (MergedSeries series : merged.series()) {
			try {
				DataPointSource source = DataPointSource.of(family, series);
				sources.computeIfAbsent(labels(names, series, instanceLabel), (labels) -> new ArrayList<>(1))
					.add(source);
			}
			catch (IllegalArgumentException ex) {
				invalid.add(ex.getMessage() + ", labels=" + names);
			}
		}
	}

	private static MetricMetadata metadata(Family family) {
		boolean unit = !family.unit().isEmpty() && family.name().endsWith("_" + family.unit());
		return new MetricMetadata(family.name(), family.help().isEmpty() ? null : family.help(),
				unit ? new Unit(family.unit()) : null);
	}

	private static Labels labels(List<String> names, MergedSeries series, @Nullable String instanceLabel) {
		Labels labels = Labels.of(names, series.labelValues().subList(0, names.size()));
		String instance = series.instance();
		return (instance != null && instanceLabel != null) ? labels.add(instanceLabel, instance) : labels;
	}

	ExpositionType type() {
		return this.type;
	}

	String name() {
		return this.metadata.getPrometheusName();
	}

	/** The names of the metric's samples. */
	List<String> sampleNames() {
		boolean summary = this.type == ExpositionType.DISTRIBUTION && !hasBuckets();
		return summary ? this.sampleNames.subList(0, this.sampleNames.indexOf(name() + "_bucket")) : this.sampleNames;
	}

	/** The names by which it may be requested. */
	List<String> requestNames() {
		return this.requestNames;
	}

	/** Whether any data point has a value. */
	boolean isPresent() {
		for (DataPoint point : this.points) {
			if (point.isPresent()) {
				return true;
			}
		}
		return false;
	}

	MetricSnapshot snapshot(long nowMillis) {
		return switch (this.type) {
			case COUNTER -> new CounterSnapshot(this.metadata, present((point) -> point.counter(nowMillis)));
			case GAUGE -> new GaugeSnapshot(this.metadata, present((point) -> point.gauge(nowMillis)));
			case DISTRIBUTION -> hasBuckets() ? histogram(false, nowMillis)
					: new SummarySnapshot(this.metadata, present((point) -> point.summary(nowMillis)));
			case GAUGE_DISTRIBUTION -> histogram(true, nowMillis);
			case STATE_SET -> new StateSetSnapshot(this.metadata, present((point) -> point.stateSet(nowMillis)));
			case UNKNOWN -> new UnknownSnapshot(this.metadata, present((point) -> point.unknown(nowMillis)));
			case INFO -> new InfoSnapshot(this.metadata, present(DataPoint::info));
		};
	}

	private HistogramSnapshot histogram(boolean gauge, long nowMillis) {
		return new HistogramSnapshot(gauge, this.metadata, present((point) -> point.histogram(nowMillis)));
	}

	private boolean hasBuckets() {
		for (DataPoint point : this.points) {
			if (point.hasBuckets() && point.isPresent()) {
				return true;
			}
		}
		return false;
	}

	private <T> List<T> present(Function<DataPoint, T> dataPoint) {
		if (this.invalid != null) {
			this.conflicts.onConflict(name(), INVALID_SERIES, this.invalid);
		}
		List<T> present = new ArrayList<>(this.points.size());
		for (DataPoint point : this.points) {
			if (point.isPresent()) {
				try {
					present.add(dataPoint.apply(point));
				}
				catch (IllegalArgumentException ex) {
					this.conflicts.onConflict(name(), INVALID_SERIES, ex.getMessage() + ", labels=" + point.labels());
				}
				if (point.addsUpTwoKinds()) {
					this.conflicts.onConflict(name(), TWO_KINDS, "labels=" + point.labels());
				}
				if (point.hidesMaximum()) {
					this.conflicts.onConflict(name(), TWO_GAUGES, "labels=" + point.labels());
				}
			}
		}
		return present;
	}

}
