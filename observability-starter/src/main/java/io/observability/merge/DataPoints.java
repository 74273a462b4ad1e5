package io.observability.merge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.observability.store.Family;
import io.observability.store.MergedSample;
import io.observability.store.MergedSeries;
import io.observability.store.MergedTotals;
import io.observability.store.MergedWindowMax;
import io.observability.store.MetricType;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;

/**
 * The data points of one metric.
 */
final class DataPoints {

	private final MetricType type;

	private final MetricMetadata metadata;

	private final Set<Labels> labels = new HashSet<>();

	private final List<CounterDataPointSnapshot> counters = new ArrayList<>();

	private final List<GaugeDataPointSnapshot> gauges = new ArrayList<>();

	private final List<SummaryDataPointSnapshot> summaries = new ArrayList<>();

	private final List<HistogramDataPointSnapshot> histograms = new ArrayList<>();

	private final List<InfoDataPointSnapshot> infos = new ArrayList<>();

	DataPoints(Family family) {
		this.type = family.type();
		this.metadata = new MetricMetadata(family.name(), family.help());
	}

	boolean hasType(MetricType type) {
		return this.type == type;
	}

	void add(Labels labels, Family family, MergedSeries series, long nowMillis) {
		if (!this.labels.add(labels)) {
			return;
		}
		long created = series.createdMillis();
		switch (family.type()) {
			case COUNTER -> this.counters
				.add(new CounterDataPointSnapshot(Math.max(0, value(series, nowMillis)), labels, null, created));
			case GAUGE -> this.gauges.add(new GaugeDataPointSnapshot(value(series, nowMillis), labels, null));
			case SUMMARY -> this.summaries.add(new SummaryDataPointSnapshot(counts(series)[0], value(series, nowMillis),
					Quantiles.EMPTY, labels, Exemplars.EMPTY, created));
			case HISTOGRAM,
					GAUGE_HISTOGRAM ->
				this.histograms
					.add(new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(bounds(family), counts(series)),
							value(series, nowMillis), labels, Exemplars.EMPTY, created));
			case INFO -> this.infos.add(new InfoDataPointSnapshot(labels));
		}
	}

	private static double value(MergedSeries series, long nowMillis) {
		if (series instanceof MergedTotals totals) {
			return totals.sum();
		}
		if (series instanceof MergedSample sample) {
			return sample.value();
		}
		return ((MergedWindowMax) series).max(nowMillis);
	}

	private static long[] counts(MergedSeries series) {
		if (series instanceof MergedTotals totals) {
			return totals.counts().clone();
		}
		double[] sampled = ((MergedSample) series).counts();
		long[] counts = new long[sampled.length];
		for (int bucket = 0; bucket < counts.length; bucket++) {
			counts[bucket] = (long) sampled[bucket];
		}
		return counts;
	}

	private static double[] bounds(Family family) {
		double[] bounds = new double[family.bounds().size() + 1];
		for (int bucket = 0; bucket < family.bounds().size(); bucket++) {
			bounds[bucket] = family.bounds().get(bucket);
		}
		bounds[bounds.length - 1] = Double.POSITIVE_INFINITY;
		return bounds;
	}

	MetricSnapshot toSnapshot() {
		return switch (this.type) {
			case COUNTER -> new CounterSnapshot(this.metadata, this.counters);
			case GAUGE -> new GaugeSnapshot(this.metadata, this.gauges);
			case SUMMARY -> new SummarySnapshot(this.metadata, this.summaries);
			case HISTOGRAM -> new HistogramSnapshot(false, this.metadata, this.histograms);
			case GAUGE_HISTOGRAM -> new HistogramSnapshot(true, this.metadata, this.histograms);
			case INFO -> new InfoSnapshot(this.metadata, this.infos);
		};
	}

}
