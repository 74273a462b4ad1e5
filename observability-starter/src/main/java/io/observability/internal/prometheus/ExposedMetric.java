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
import java.util.List;
import java.util.Map;
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

	private final ExpositionType type;

	private final MetricMetadata metadata;

	private final List<String> names;

	private final List<String> requestNames;

	private final List<DataPoint> points;

	private ExposedMetric(ExpositionType type, MetricMetadata metadata, List<DataPoint> points) {
		this.type = type;
		this.metadata = metadata;
		this.names = type.names(metadata.getPrometheusName());
		this.requestNames = type.requestNames(metadata.getPrometheusName());
		this.points = points;
	}

	/**
	 * Creates the metric of families with the same name.
	 * @throws IllegalArgumentException if no format allows the name
	 */
	static ExposedMetric of(ExpositionType type, List<MergedFamily> families, @Nullable String instanceLabel) {
		Family first = families.get(0).family();
		Map<Labels, List<DataPointSource>> sources = new HashMap<>();
		// Sorted, because the order of the families depends on the instance that reads.
		families.stream()
			.sorted(Comparator.comparing((MergedFamily merged) -> merged.family().mode()))
			.forEach((merged) -> add(merged, instanceLabel, sources));
		List<DataPoint> points = new ArrayList<>(sources.size());
		sources.forEach((labels, all) -> points.add(DataPoint.of(type, labels, all)));
		points.sort(Comparator.comparing(DataPoint::labels));
		return new ExposedMetric(type, metadata(first), points);
	}

	private static void add(MergedFamily merged, @Nullable String instanceLabel,
			Map<Labels, List<DataPointSource>> sources) {
		for (MergedSeries series : merged.series()) {
			try {
				DataPointSource source = DataPointSource.of(merged.family(), series);
				sources.computeIfAbsent(labels(merged.family(), series, instanceLabel), (labels) -> new ArrayList<>(1))
					.add(source);
			}
			catch (IllegalArgumentException ex) {
				// A label name that no format allows.
			}
		}
	}

	private static MetricMetadata metadata(Family family) {
		boolean unit = !family.unit().isEmpty() && family.name().endsWith("_" + family.unit());
		return new MetricMetadata(family.name(), family.help().isEmpty() ? null : family.help(),
				unit ? new Unit(family.unit()) : null);
	}

	private static Labels labels(Family family, MergedSeries series, @Nullable String instanceLabel) {
		int own = family.labelNames().size() - DataPointSource.extraLabels(family);
		Labels labels = Labels.of(family.labelNames().subList(0, own), series.labelValues().subList(0, own));
		String instance = series.instance();
		if (instance == null || instanceLabel == null || labels.contains(instanceLabel)) {
			return labels;
		}
		return labels.add(instanceLabel, instance);
	}

	private String name() {
		return this.metadata.getPrometheusName();
	}

	/** The metric's name and the names of its samples. */
	List<String> names() {
		boolean summary = this.type == ExpositionType.DISTRIBUTION && !hasBuckets();
		return summary ? this.names.subList(0, this.names.indexOf(name() + "_bucket")) : this.names;
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
		List<T> present = new ArrayList<>(this.points.size());
		for (DataPoint point : this.points) {
			if (point.isPresent()) {
				try {
					present.add(dataPoint.apply(point));
				}
				catch (IllegalArgumentException ex) {
					// Not allowed by any format: a histogram with a label "le", say.
				}
			}
		}
		return present;
	}

}
