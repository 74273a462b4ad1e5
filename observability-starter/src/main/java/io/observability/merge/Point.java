package io.observability.merge;

import java.util.List;

import io.observability.store.GaugeMode;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;

/**
 * A combination of labels of one metric, and all series that have it: usually one, more
 * where versions of an application disagree on buckets, units or the order of labels.
 */
final class Point {

	private final Labels labels;

	private final List<Source> sources;

	private final Distribution distribution;

	private Point(Labels labels, List<Source> sources, Distribution distribution) {
		this.labels = labels;
		this.sources = sources;
		this.distribution = distribution;
	}

	static Point of(Shape shape, Labels labels, List<Source> sources) {
		return new Point(labels, List.copyOf(sources),
				shape.isDistribution() ? Distribution.of(sources) : Distribution.NONE);
	}

	Labels labels() {
		return this.labels;
	}

	boolean isPresent() {
		for (Source source : this.sources) {
			if (source.series().isPresent()) {
				return true;
			}
		}
		return false;
	}

	boolean hasBuckets() {
		return this.distribution.hasBuckets();
	}

	CounterDataPointSnapshot counter(long nowMillis) {
		return new CounterDataPointSnapshot(Math.max(0, sum(nowMillis)), this.labels, null, createdMillis());
	}

	GaugeDataPointSnapshot gauge(long nowMillis) {
		return new GaugeDataPointSnapshot(combined(nowMillis), this.labels, null);
	}

	SummaryDataPointSnapshot summary(long nowMillis) {
		return new SummaryDataPointSnapshot(this.distribution.count(), sum(nowMillis), Quantiles.EMPTY, this.labels,
				Exemplars.EMPTY, createdMillis());
	}

	HistogramDataPointSnapshot histogram(long nowMillis) {
		return new HistogramDataPointSnapshot(this.distribution.buckets(), sum(nowMillis), this.labels, Exemplars.EMPTY,
				createdMillis());
	}

	InfoDataPointSnapshot info() {
		return new InfoDataPointSnapshot(this.labels);
	}

	private double sum(long nowMillis) {
		double sum = 0;
		for (Source source : this.sources) {
			if (source.series().isPresent()) {
				sum += source.value(nowMillis);
			}
		}
		return sum;
	}

	/** One value, as the mode says that comes first of those that the sources have. */
	private double combined(long nowMillis) {
		GaugeMode mode = this.sources.get(0).family().mode();
		double value = Double.NaN;
		long changed = 0;
		for (Source source : this.sources) {
			double other = source.series().isPresent() ? source.value(nowMillis) : Double.NaN;
			if (!Double.isNaN(other)) {
				value = Double.isNaN(value) ? other : combined(mode, value, other, source.changedMillis() > changed);
				changed = Math.max(changed, source.changedMillis());
			}
		}
		return value;
	}

	private static double combined(GaugeMode mode, double value, double other, boolean newer) {
		return switch (mode) {
			case SUM, LIVESUM -> value + other;
			case MIN, LIVEMIN -> Math.min(value, other);
			case MAX, LIVEMAX -> Math.max(value, other);
			// The same instance twice, or the one value that is wanted.
			case ALL, LIVEALL, MOSTRECENT, LIVEMOSTRECENT -> newer ? other : value;
		};
	}

	private long createdMillis() {
		long created = Long.MAX_VALUE;
		for (Source source : this.sources) {
			if (source.series().isPresent()) {
				created = Math.min(created, source.series().createdMillis());
			}
		}
		return created;
	}

}
