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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
 * The series of collectors in the store. A series belongs to the first collector that
 * reports it. Used by one thread at a time.
 */
final class PublishedMetrics {

	private final MetricsWriter writer;

	private final Function<String, GaugeMode> gaugeModes;

	private final UnaryOperator<String> names;

	private final Map<SeriesKey, PublishedSeries> series = new HashMap<>();

	private final List<PublishedSeries> dropped = new ArrayList<>();

	/** Another collector has a series of the present report. */
	private boolean rejected;

	private long report;

	private long now;

	private boolean closed;

	/**
	 * Creates the series, none yet.
	 * @param writer where they are written
	 * @param gaugeModes modes of gauges, by the metric's name
	 * @param names returns under which name a metric is published
	 */
	PublishedMetrics(MetricsWriter writer, Function<String, GaugeMode> gaugeModes, UnaryOperator<String> names) {
		this.writer = writer;
		this.gaugeModes = gaugeModes;
		this.names = names;
	}

	/**
	 * Publishes all that a collector reports. Series that it has reported before and does
	 * not report now are withdrawn at the end of the pass.
	 * @param collector the collector
	 * @param before the series of its last report
	 * @param snapshots what it reports
	 * @return the series of this report
	 */
	List<PublishedSeries> publish(Object collector, List<PublishedSeries> before,
			Collection<MetricSnapshot> snapshots) {
		if (this.closed) {
			return before;
		}
		this.rejected = false;
		this.report++;
		this.now = System.currentTimeMillis();
		Reporter reporter = new Reporter(collector, new ArrayList<>());
		snapshots.forEach((snapshot) -> publish(reporter, snapshot));
		long report = this.report;
		before.stream().filter((series) -> !series.isIn(report)).forEach((series) -> {
			series.drop();
			this.dropped.add(series);
		});
		return reporter.series();
	}

	/** Returns whether another collector had a series of the last report. */
	boolean hasRejected() {
		return this.rejected;
	}

	/** Returns whether a series was dropped that another collector may report. */
	boolean hasDropped() {
		return !this.dropped.isEmpty();
	}

	/** Withdraws the series that were dropped and not taken over. */
	void withdrawDropped() {
		this.dropped.forEach(PublishedSeries::withdrawDropped);
		this.dropped.clear();
		this.series.values().removeIf(PublishedSeries::isFreed);
	}

	/** Nothing is published any more. */
	void close() {
		this.closed = true;
	}

	private void publish(Reporter reporter, MetricSnapshot snapshot) {
		MetricMetadata metadata = snapshot.getMetadata();
		Reported reported = new Reported(reporter, metadata, this.names.apply(metadata.getName()));
		if (snapshot instanceof CounterSnapshot counters) {
			counters.getDataPoints().forEach((point) -> {
				Exemplar exemplar = point.getExemplar();
				counter(reported, point.getLabels(), point.getValue(),
						(exemplar != null) ? Exemplars.of(exemplar) : Exemplars.EMPTY);
			});
		}
		else if (snapshot instanceof GaugeSnapshot gauges) {
			gauges.getDataPoints()
				.forEach((point) -> current(reported, MetricType.GAUGE, mode(reported), point.getLabels(),
						point.getValue()));
		}
		else if (snapshot instanceof UnknownSnapshot unknowns) {
			unknowns.getDataPoints()
				.forEach((point) -> current(reported, MetricType.UNKNOWN, mode(reported), point.getLabels(),
						point.getValue()));
		}
		else if (snapshot instanceof InfoSnapshot infos) {
			infos.getDataPoints()
				.forEach((point) -> current(reported, MetricType.INFO, GaugeMode.LIVEMAX, point.getLabels(), 1));
		}
		else if (snapshot instanceof StateSetSnapshot states) {
			states.getDataPoints().forEach((point) -> states(reported, point));
		}
		else if (snapshot instanceof SummarySnapshot summaries) {
			// Quantiles of several instances can't be merged.
			summaries.getDataPoints()
				.stream()
				.filter((point) -> point.hasCount() || point.hasSum())
				.forEach((point) -> distribution(reported, MetricType.SUMMARY, point.getLabels(), List.of(), sum(point),
						new double[] { (double) Math.max(0, point.getCount()) }, point.getExemplars()));
		}
		else if (snapshot instanceof HistogramSnapshot histograms) {
			histograms.getDataPoints().forEach((point) -> histogram(reported, histograms.isGaugeHistogram(), point));
		}
	}

	private GaugeMode mode(Reported reported) {
		return this.gaugeModes.apply(reported.metadata().getPrometheusName());
	}

	private void states(Reported reported, StateSetDataPointSnapshot point) {
		for (int i = 0; i < point.size(); i++) {
			// The state comes last in the store.
			List<String> names = names(point.getLabels(), reported.metadata().getPrometheusName());
			List<String> values = values(point.getLabels(), point.getName(i));
			SampleFamily family = reported.family(MetricType.STATE_SET, GaugeMode.LIVEMAX, names, List.of());
			PublishedSeries.Current current = current(reported, family, values);
			if (current != null) {
				current.set(point.isTrue(i) ? 1 : 0, this.now);
			}
		}
	}

	private void histogram(Reported reported, boolean gauge, HistogramDataPointSnapshot point) {
		ClassicHistogramBuckets buckets = point.getClassicBuckets();
		List<Double> bounds = IntStream.range(0, buckets.size() - 1).mapToObj(buckets::getUpperBound).toList();
		double[] counts = buckets.isEmpty() ? new double[] { (double) point.getCount() }
				: IntStream.range(0, buckets.size()).mapToDouble((i) -> (double) buckets.getCount(i)).toArray();
		if (gauge) {
			SampleFamily family = reported.family(MetricType.GAUGE_HISTOGRAM, GaugeMode.LIVESUM,
					names(point.getLabels()), bounds);
			PublishedSeries.Current current = current(reported, family, values(point.getLabels()));
			if (current != null) {
				current.set(sum(point), counts, this.now);
			}
		}
		else {
			boolean hasNative = point.hasNativeHistogramData();
			if (hasNative) {
				natives(reported, point);
			}
			distribution(reported, hasNative ? MetricType.NATIVE_HISTOGRAM : MetricType.HISTOGRAM, point.getLabels(),
					bounds, sum(point), counts, point.getExemplars());
		}
	}

	private void natives(Reported reported, HistogramDataPointSnapshot point) {
		List<String> names = names(point.getLabels(), NativeBucket.LABEL_NAMES.toArray(String[]::new));
		SampleFamily family = reported.family(MetricType.NATIVE_BUCKET, GaugeMode.SUM, names, List.of());
		PublishedSeries.Native series = firstReported(PublishedSeries.Native.class, reported, family,
				values(point.getLabels()), () -> new PublishedSeries.Native((bucket) -> this.writer.sample(family,
						values(point.getLabels(), bucket.labelValues().toArray(String[]::new)))));
		if (series != null) {
			series.set(NativeBuckets.of(point), this.now);
		}
	}

	private void current(Reported reported, MetricType type, GaugeMode mode, Labels labels, double value) {
		PublishedSeries.Current current = current(reported, reported.family(type, mode, names(labels), List.of()),
				values(labels));
		if (current != null) {
			current.set(value, this.now);
		}
	}

	private PublishedSeries.@Nullable Current current(Reported reported, SampleFamily family, List<String> values) {
		return firstReported(PublishedSeries.Current.class, reported, family, values,
				() -> new PublishedSeries.Current(this.writer.sample(family, values)));
	}

	private void counter(Reported reported, Labels labels, double value, Exemplars exemplars) {
		SampleFamily family = reported.family(MetricType.COUNTER, GaugeMode.SUM, names(labels), List.of());
		PublishedSeries.Cumulative series = cumulative(reported, family, values(labels));
		if (series != null) {
			series.set(value, this.now);
			exemplars(family, values(labels), exemplars);
		}
	}

	private void distribution(Reported reported, MetricType type, Labels labels, List<Double> bounds, double sum,
			double[] counts, Exemplars exemplars) {
		SampleFamily family = reported.family(type, GaugeMode.SUM, names(labels), bounds);
		PublishedSeries.Cumulative series = cumulative(reported, family, values(labels));
		if (series != null) {
			series.set(sum, counts, this.now);
			exemplars(family, values(labels), exemplars);
		}
	}

	private PublishedSeries.@Nullable Cumulative cumulative(Reported reported, SampleFamily family,
			List<String> values) {
		return firstReported(PublishedSeries.Cumulative.class, reported, family, values,
				() -> new PublishedSeries.Cumulative(this.writer.sample(family, values).total()));
	}

	/** Publishes the newest exemplar of each bucket, if it has a trace. */
	private void exemplars(SampleFamily family, List<String> labelValues, Exemplars exemplars) {
		if (exemplars.size() == 0) {
			return;
		}
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
	 * Returns the series, or null if another collector has it, or if it was in this
	 * report already: the first one counts.
	 */
	private <T extends PublishedSeries> @Nullable T firstReported(Class<T> kind, Reported reported, SampleFamily family,
			List<String> values, Supplier<T> absent) {
		PublishedSeries series = this.series.compute(new SeriesKey(family, values),
				(key, known) -> (known != null && !known.isFreed()) ? known : absent.get());
		if (!series.take(reported.reporter().collector(), this.report)) {
			this.rejected |= series.isOfOther(reported.reporter().collector());
			return null;
		}
		reported.reporter().series().add(series);
		return kind.cast(series);
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

	/** A collector and the series that it reports. */
	private record Reporter(Object collector, List<PublishedSeries> series) {
	}

	/**
	 * A metric of a collector.
	 *
	 * @param reporter the collector
	 * @param metadata as the collector reports it
	 * @param name under which it is published
	 */
	private record Reported(Reporter reporter, MetricMetadata metadata, String name) {

		private SampleFamily family(MetricType type, GaugeMode mode, List<String> labelNames, List<Double> bounds) {
			String help = this.metadata.getHelp();
			Unit unit = this.metadata.getUnit();
			return new SampleFamily(new FamilyMetadata(this.name, (help != null) ? help : "",
					(unit != null) ? unit.toString() : "", type, labelNames), mode, bounds);
		}

	}

}
