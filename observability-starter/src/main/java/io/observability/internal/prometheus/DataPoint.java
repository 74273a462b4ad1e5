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

import java.util.List;
import java.util.Objects;

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.read.MergedExemplars;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * One label set of a metric, and all merged series that have it: usually one, more if
 * versions of an application disagree about buckets, units or the order of labels.
 */
final class DataPoint {

	private final Labels labels;

	private final List<DataPointSource> sources;

	private final List<MergedExemplars> exemplars;

	private final @Nullable ClassicBuckets classicBuckets;

	private final @Nullable NativeHistogram nativeHistogram;

	private DataPoint(Labels labels, List<DataPointSource> sources, List<MergedExemplars> exemplars,
			@Nullable ClassicBuckets classicBuckets, @Nullable NativeHistogram nativeHistogram) {
		this.labels = labels;
		this.sources = sources;
		this.exemplars = exemplars;
		this.classicBuckets = classicBuckets;
		this.nativeHistogram = nativeHistogram;
	}

	static DataPoint of(ExpositionType type, Labels labels, List<DataPointSource> sources) {
		List<MergedExemplars> exemplars = sources.stream()
			.map(DataPointSource::exemplars)
			.filter(Objects::nonNull)
			.toList();
		List<DataPointSource> numbers = sources.stream().filter((source) -> source.exemplars() == null).toList();
		if (!type.isDistribution()) {
			return new DataPoint(labels, numbers, exemplars, null, null);
		}
		List<DataPointSource> buckets = numbers.stream().filter((source) -> source.bucket() != null).toList();
		List<DataPointSource> sums = numbers.stream().filter((source) -> source.bucket() == null).toList();
		double[] bounds = ClassicBuckets.bounds(sums);
		return new DataPoint(labels, sums, exemplars, ClassicBuckets.of(sums, bounds),
				buckets.isEmpty() ? null : new NativeHistogram(buckets,
						ClassicBuckets.of(sums.stream().filter(DataPoint::isOfNative).toList(), bounds),
						ClassicBuckets.of(sums.stream().filter((source) -> !isOfNative(source)).toList(), bounds)));
	}

	private static boolean isOfNative(DataPointSource source) {
		return source.family().type() == MetricType.NATIVE_HISTOGRAM;
	}

	Labels labels() {
		return this.labels;
	}

	boolean isPresent() {
		for (DataPointSource source : this.sources) {
			if (source.isPresent()) {
				return true;
			}
		}
		return false;
	}

	boolean hasBuckets() {
		return classicBuckets().hasBounds() || (this.nativeHistogram != null && this.nativeHistogram.isPresent());
	}

	private ClassicBuckets classicBuckets() {
		return Objects.requireNonNull(this.classicBuckets);
	}

	CounterDataPointSnapshot counter(long nowMillis) {
		return new CounterDataPointSnapshot(Math.max(0, sum(nowMillis)), this.labels, exemplars().getLatest(),
				createdMillis());
	}

	GaugeDataPointSnapshot gauge(long nowMillis) {
		return new GaugeDataPointSnapshot(combined(nowMillis), this.labels, null);
	}

	UnknownDataPointSnapshot unknown(long nowMillis) {
		return new UnknownDataPointSnapshot(combined(nowMillis), this.labels, null);
	}

	StateSetDataPointSnapshot stateSet(long nowMillis) {
		List<DataPointSource> states = this.sources.stream().filter(DataPointSource::isPresent).toList();
		String[] names = new String[states.size()];
		boolean[] values = new boolean[states.size()];
		for (int i = 0; i < names.length; i++) {
			names[i] = states.get(i).state();
			values[i] = states.get(i).value(nowMillis) != 0;
		}
		return new StateSetDataPointSnapshot(names, values, this.labels);
	}

	SummaryDataPointSnapshot summary(long nowMillis) {
		return new SummaryDataPointSnapshot(classicBuckets().count(), sum(nowMillis), Quantiles.EMPTY, this.labels,
				exemplars(), createdMillis());
	}

	HistogramDataPointSnapshot histogram(long nowMillis) {
		if (this.nativeHistogram != null && this.nativeHistogram.isPresent()) {
			return this.nativeHistogram.dataPoint(sum(nowMillis), this.labels, exemplars(), createdMillis());
		}
		return new HistogramDataPointSnapshot(classicBuckets().snapshot(), sum(nowMillis), this.labels, exemplars(),
				createdMillis());
	}

	InfoDataPointSnapshot info() {
		return new InfoDataPointSnapshot(this.labels);
	}

	private Exemplars exemplars() {
		if (this.exemplars.isEmpty()) {
			return Exemplars.EMPTY;
		}
		Exemplars.Builder builder = Exemplars.builder();
		for (MergedExemplars merged : this.exemplars) {
			for (io.observability.internal.metrics.cells.Exemplar exemplar : merged.exemplars()) {
				builder.exemplar(new Exemplar(exemplar.value(),
						Labels.of(Exemplar.TRACE_ID, exemplar.traceId(), Exemplar.SPAN_ID, exemplar.spanId()),
						exemplar.timeMillis()));
			}
		}
		return builder.build();
	}

	private double sum(long nowMillis) {
		double sum = 0;
		for (DataPointSource source : this.sources) {
			if (source.isPresent()) {
				sum += source.value(nowMillis);
			}
		}
		return sum;
	}

	/**
	 * Returns whether recorded and sampled totals are added up, which living instances
	 * have both: of a meter and of a collector with the same name and labels, say.
	 */
	boolean addsUpTwoKinds() {
		return this.sources.size() > 1 && this.sources.stream().anyMatch(DataPointSource::isLivingTotals)
				&& this.sources.stream().anyMatch(DataPointSource::isLivingSample);
	}

	/**
	 * Returns whether the maximum of a timer or summary is left out, because a gauge that
	 * is no maximum has its name and labels: two different things are not combined.
	 */
	boolean hidesMaximum() {
		return this.sources.size() > 1 && this.sources.stream().anyMatch(DataPointSource::isWindowMax)
				&& this.sources.stream().anyMatch((source) -> source.isPresent() && !source.isAnyMax());
	}

	/** Combines the values by the mode of the first source. */
	private double combined(long nowMillis) {
		boolean hidesMaximum = hidesMaximum();
		GaugeMode mode = this.sources.get(0).family().mode();
		double value = Double.NaN;
		long changed = 0;
		for (DataPointSource source : this.sources) {
			boolean included = source.isPresent() && !(hidesMaximum && source.isWindowMax());
			double other = included ? source.value(nowMillis) : Double.NaN;
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
			// One instance in several families, or the value that changed last.
			case ALL, LIVEALL, MOSTRECENT, LIVEMOSTRECENT -> newer ? other : value;
		};
	}

	private long createdMillis() {
		long created = Long.MAX_VALUE;
		for (DataPointSource source : this.sources) {
			if (source.isPresent()) {
				created = Math.min(created, source.series().createdMillis());
			}
		}
		return created;
	}

}
