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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.FamilyMetadata;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.write.MetricsWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The series of collectors in the store. Used by one thread at a time.
 */
final class PublishedMetrics {

	private final MetricsWriter writer;

	private final Function<String, GaugeMode> gaugeModes;

	private final Map<SeriesKey, PublishedSeries> series = new HashMap<>();

	private long round;

	private long now;

	PublishedMetrics(MetricsWriter writer, Function<String, GaugeMode> gaugeModes) {
		this.writer = writer;
		this.gaugeModes = gaugeModes;
	}

	/** Begins a round in which each collector is to tell all that it has. */
	void begin(long nowMillis) {
		this.round++;
		this.now = nowMillis;
	}

	/**
	 * Takes back what nobody has told in this round, but for collectors that could not.
	 */
	void end(Set<Object> silent) {
		for (PublishedSeries one : this.series.values()) {
			if (!one.wasToldIn(this.round) && !silent.contains(one.collector())) {
				one.vanish();
			}
		}
	}

	void publish(Object collector, MetricSnapshot snapshot) {
		Named named = new Named(collector, snapshot.getMetadata());
		if (snapshot instanceof CounterSnapshot counters) {
			counters.getDataPoints().forEach((point) -> {
				Exemplar exemplar = point.getExemplar();
				lasting(named, MetricType.COUNTER, point.getLabels(), List.of(), point.getValue(), new double[0],
						(exemplar != null) ? Exemplars.of(exemplar) : Exemplars.EMPTY);
			});
		}
		else if (snapshot instanceof GaugeSnapshot gauges) {
			gauges.getDataPoints()
				.forEach((point) -> live(named, MetricType.GAUGE, mode(named), point.getLabels(), point.getValue()));
		}
		else if (snapshot instanceof UnknownSnapshot unknowns) {
			unknowns.getDataPoints()
				.forEach((point) -> live(named, MetricType.UNKNOWN, mode(named), point.getLabels(), point.getValue()));
		}
		else if (snapshot instanceof InfoSnapshot infos) {
			infos.getDataPoints()
				.forEach((point) -> live(named, MetricType.INFO, GaugeMode.LIVEMAX, point.getLabels(), 1));
		}
		else if (snapshot instanceof StateSetSnapshot states) {
			states.getDataPoints().forEach((point) -> states(named, point));
		}
		else if (snapshot instanceof SummarySnapshot summaries) {
			// Quantiles of several instances can't be merged.
			summaries.getDataPoints()
				.stream()
				.filter((point) -> point.hasCount() || point.hasSum())
				.forEach((point) -> lasting(named, MetricType.SUMMARY, point.getLabels(), List.of(), sum(point),
						new double[] { (double) Math.max(0, point.getCount()) }, point.getExemplars()));
		}
		else if (snapshot instanceof HistogramSnapshot histograms) {
			histograms.getDataPoints().forEach((point) -> histogram(named, histograms.isGaugeHistogram(), point));
		}
	}

	private GaugeMode mode(Named named) {
		return this.gaugeModes.apply(named.metadata().getPrometheusName());
	}

	private void states(Named named, StateSetDataPointSnapshot point) {
		for (int i = 0; i < point.size(); i++) {
			// The state comes last in the store.
			List<String> names = names(point.getLabels(), named.metadata().getPrometheusName());
			List<String> values = values(point.getLabels(), point.getName(i));
			SampleFamily family = named.family(MetricType.STATE_SET, GaugeMode.LIVEMAX, names, List.of());
			PublishedSeries.Live live = live(named, family, values);
			if (live != null) {
				live.set(point.isTrue(i) ? 1 : 0, this.now);
			}
		}
	}

	private void histogram(Named named, boolean gauge, HistogramDataPointSnapshot point) {
		ClassicHistogramBuckets buckets = point.getClassicBuckets();
		List<Double> bounds = IntStream.range(0, buckets.size() - 1).mapToObj(buckets::getUpperBound).toList();
		double[] counts = buckets.isEmpty() ? new double[] { (double) point.getCount() }
				: IntStream.range(0, buckets.size()).mapToDouble((i) -> (double) buckets.getCount(i)).toArray();
		if (gauge) {
			SampleFamily family = named.family(MetricType.GAUGE_HISTOGRAM, GaugeMode.LIVESUM, names(point.getLabels()),
					bounds);
			PublishedSeries.Live live = live(named, family, values(point.getLabels()));
			if (live != null) {
				live.set(sum(point), counts, this.now);
			}
		}
		else {
			boolean hasNative = point.hasNativeHistogramData();
			if (hasNative) {
				natives(named, point);
			}
			lasting(named, hasNative ? MetricType.NATIVE_HISTOGRAM : MetricType.HISTOGRAM, point.getLabels(), bounds,
					sum(point), counts, point.getExemplars());
		}
	}

	private void natives(Named named, HistogramDataPointSnapshot point) {
		List<String> names = names(point.getLabels(), NativeBucket.LABEL_NAMES.toArray(String[]::new));
		SampleFamily family = named.family(MetricType.NATIVE_BUCKET, GaugeMode.SUM, names, List.of());
		PublishedSeries.Native series = told(PublishedSeries.Native.class, named, family, values(point.getLabels()),
				() -> new PublishedSeries.Native((bucket) -> this.writer.sample(family,
						values(point.getLabels(), bucket.labelValues().toArray(String[]::new)))));
		if (series != null) {
			series.set(NativeBuckets.of(point), this.now);
		}
	}

	private void live(Named named, MetricType type, GaugeMode mode, Labels labels, double value) {
		PublishedSeries.Live live = live(named, named.family(type, mode, names(labels), List.of()), values(labels));
		if (live != null) {
			live.set(value, this.now);
		}
	}

	private PublishedSeries.@Nullable Live live(Named named, SampleFamily family, List<String> values) {
		return told(PublishedSeries.Live.class, named, family, values,
				() -> new PublishedSeries.Live(this.writer.sample(family, values)));
	}

	private void lasting(Named named, MetricType type, Labels labels, List<Double> bounds, double sum, double[] counts,
			Exemplars exemplars) {
		SampleFamily family = named.family(type, GaugeMode.SUM, names(labels), bounds);
		PublishedSeries.Lasting lasting = told(PublishedSeries.Lasting.class, named, family, values(labels),
				() -> new PublishedSeries.Lasting(this.writer.sample(family, values(labels)), counts.length));
		if (lasting != null) {
			lasting.set(sum, counts, this.now);
			if (exemplars.size() > 0) {
				exemplars(family, values(labels), exemplars);
			}
		}
	}

	/** Keeps the newest exemplar of each bucket, if it is one of a trace. */
	private void exemplars(SampleFamily family, List<String> labelValues, Exemplars exemplars) {
		double lower = Double.NEGATIVE_INFINITY;
		for (int bucket = 0; bucket <= family.bounds().size(); bucket++) {
			double upper = (bucket < family.bounds().size()) ? family.bounds().get(bucket) : Double.POSITIVE_INFINITY;
			Exemplar newest = exemplars.get(lower, upper);
			String traceId = (newest != null) ? newest.getLabels().get(Exemplar.TRACE_ID) : null;
			String spanId = (newest != null) ? newest.getLabels().get(Exemplar.SPAN_ID) : null;
			if (newest != null && traceId != null && spanId != null) {
				this.writer.exemplars(family.exemplars(), labelValues)
					.set(bucket, new io.observability.internal.metrics.cells.Exemplar(newest.getValue(),
							newest.getTimestampMillis(), traceId, spanId));
			}
			lower = upper;
		}
	}

	/**
	 * The series, unless it has been told in this round already: the first one counts.
	 */
	private <T extends PublishedSeries> @Nullable T told(Class<T> kind, Named named, SampleFamily family,
			List<String> values, Supplier<T> absent) {
		PublishedSeries series = this.series.computeIfAbsent(new SeriesKey(family, values), (key) -> absent.get());
		return series.isFirstIn(this.round, named.collector()) ? kind.cast(series) : null;
	}

	private static double sum(DistributionDataPointSnapshot point) {
		return point.hasSum() ? point.getSum() : 0;
	}

	private static List<String> names(Labels labels, String... more) {
		List<String> names = new ArrayList<>(labels.stream().map(Label::getName).toList());
		Collections.addAll(names, more);
		return names;
	}

	private static List<String> values(Labels labels, String... more) {
		List<String> values = new ArrayList<>(labels.stream().map(Label::getValue).toList());
		Collections.addAll(values, more);
		return values;
	}

	private record SeriesKey(Family family, List<String> labelValues) {
	}

	/** A collector, and what it says of a metric. */
	private record Named(Object collector, MetricMetadata metadata) {

		private SampleFamily family(MetricType type, GaugeMode mode, List<String> labelNames, List<Double> bounds) {
			String help = this.metadata.getHelp();
			Unit unit = this.metadata.getUnit();
			return new SampleFamily(new FamilyMetadata(this.metadata.getName(), (help != null) ? help : "",
					(unit != null) ? unit.toString() : "", type, labelNames), mode, bounds);
		}

	}

}
