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

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.read.MergedExemplars;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MergedWindowMax;
import org.jspecify.annotations.Nullable;

/**
 * Where a data point's numbers come from.
 *
 * @param family what the series has in common with others
 * @param series the numbers
 * @param bucket what it is of a native histogram, or null
 */
record DataPointSource(Family family, MergedSeries series, @Nullable NativeBucket bucket) {

	/**
	 * A source of any type.
	 * @throws IllegalArgumentException if its labels make no sense
	 */
	static DataPointSource of(Family family, MergedSeries series) {
		return new DataPointSource(family, series,
				(family.type() == MetricType.NATIVE_BUCKET) ? NativeBucket.of(series.labelValues()) : null);
	}

	/** How many of a family's labels, at their end, are none of the data point's. */
	static int extraLabels(Family family) {
		return switch (family.type()) {
			case STATE_SET -> 1;
			case NATIVE_BUCKET -> NativeBucket.LABEL_NAMES.size();
			case COUNTER, GAUGE, HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, INFO, UNKNOWN, NATIVE_HISTOGRAM -> 0;
		};
	}

	/** The exemplars of what others of the data point's sources have recorded. */
	@Nullable MergedExemplars exemplars() {
		return (this.series instanceof MergedExemplars exemplars) ? exemplars : null;
	}

	boolean isPresent() {
		return this.series.isPresent();
	}

	/** The value of a counter or gauge, or the sum of amounts. */
	double value(long nowMillis) {
		if (this.series instanceof MergedTotals totals) {
			return totals.sum();
		}
		if (this.series instanceof MergedSample sample) {
			return sample.value();
		}
		return (this.series instanceof MergedWindowMax max) ? max.max(nowMillis) : Double.NaN;
	}

	/** Of a state set, the state that it tells of. */
	String state() {
		List<String> values = this.series.labelValues();
		return values.get(values.size() - 1);
	}

	/** When the value became what it is, since the epoch, as far as it is known. */
	long changedMillis() {
		return (this.series instanceof MergedSample sample) ? sample.changedMillis() : 0;
	}

}
