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

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.read.MergedExemplars;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MergedWindowMax;
import org.jspecify.annotations.Nullable;

/**
 * A merged series that contributes to a data point.
 *
 * @param family the family of the series
 * @param series the numbers
 * @param bucket the bucket of a native histogram that the series is, or null
 */
record DataPointSource(Family family, MergedSeries series, @Nullable NativeBucket bucket) {

	/**
	 * Creates a source of any type.
	 * @throws IllegalArgumentException if the labels of a native bucket are invalid
	 */
	static DataPointSource of(Family family, MergedSeries series) {
		return new DataPointSource(family, series,
				(family.type() == MetricType.NATIVE_BUCKET) ? NativeBucket.of(series.labelValues()) : null);
	}

	/** Number of labels, at the end of a family's labels, that the exposition has not. */
	static int extraLabels(Family family) {
		return switch (family.type()) {
			case STATE_SET -> 1;
			case NATIVE_BUCKET -> NativeBucket.LABEL_NAMES.size();
			case COUNTER, GAUGE, HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, INFO, UNKNOWN, NATIVE_HISTOGRAM -> 0;
		};
	}

	/** Returns the series as exemplars of the data point's other sources, or null. */
	@Nullable MergedExemplars exemplars() {
		return (this.series instanceof MergedExemplars exemplars) ? exemplars : null;
	}

	boolean isPresent() {
		return this.series.isPresent();
	}

	/** Returns whether a living instance records it. */
	boolean isLivingTotals() {
		return this.series instanceof MergedTotals totals && totals.isLive();
	}

	/** Returns whether it is sampled in a living instance. */
	boolean isLivingSample() {
		return this.series instanceof MergedSample sample && sample.isPresent() && sample.isLive();
	}

	/** Returns whether it is the maximum of a timer or summary. */
	boolean isWindowMax() {
		return this.series instanceof MergedWindowMax;
	}

	/** Returns whether it is that, or a gauge of which the greatest value counts. */
	boolean isAnyMax() {
		GaugeMode mode = this.family.mode();
		return isWindowMax() || mode == GaugeMode.MAX || mode == GaugeMode.LIVEMAX;
	}

	/** Returns the value of a counter or gauge, or the sum of a distribution. */
	double value(long nowMillis) {
		if (this.series instanceof MergedTotals totals) {
			return totals.sum();
		}
		if (this.series instanceof MergedSample sample) {
			return sample.value();
		}
		return (this.series instanceof MergedWindowMax max) ? max.max(nowMillis) : Double.NaN;
	}

	/** Returns the state that a series of a state set stands for. */
	String state() {
		List<String> values = this.series.labelValues();
		return values.get(values.size() - 1);
	}

	/** Returns when the value last changed, since the epoch; 0 if that is not known. */
	long changedMillis() {
		return (this.series instanceof MergedSample sample) ? sample.changedMillis() : 0;
	}

}
