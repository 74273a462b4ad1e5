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

package io.observability.internal.registry;

import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.observability.GaugeMode;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.sampling.FleetSource;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Creates the {@link SampledSeries} of each kind of meter.
 */
final class Samples {

	private final LongSupplier now;

	/**
	 * Creates the factory.
	 * @param clock tells when a value has changed
	 */
	Samples(Clock clock) {
		this.now = clock::wallTime;
	}

	/** A value that goes up and down. */
	SampledSeries gauge(Sample cells, GaugeMode mode, DoubleSupplier function) {
		// The last change can be told from earlier ones only if it is looked for
		// regularly.
		return gauge(cells, mode.isLiveOnly() && mode != GaugeMode.LIVEMOSTRECENT, function);
	}

	/** A value of a {@link FleetSource}. */
	SampledSeries fleetGauge(Sample cells, GaugeMode mode, DoubleSupplier function) {
		return gauge(cells, mode.isLiveOnly(), function);
	}

	private SampledSeries gauge(Sample cells, boolean forReadersOnly, DoubleSupplier function) {
		return new SampledSeries(List.of(cells), false, forReadersOnly,
				(owner) -> cells.write(owner, function.getAsDouble(), this.now));
	}

	/** Labels without a value. */
	SampledSeries info(Sample cells) {
		return gauge(cells, GaugeMode.LIVEMAX, () -> 1);
	}

	/** A value that only grows. */
	SampledSeries counter(Sample cells, DoubleSupplier function) {
		return new SampledSeries(List.of(cells), true, false, (owner) -> {
			double count = function.getAsDouble();
			cells.write(owner, () -> cells.total().set(count, this.now.getAsLong()));
		});
	}

	/** A count and a sum in seconds that only grow. */
	SampledSeries functionTimer(Sample cells, DoubleSupplier countFunction, DoubleSupplier totalTimeFunction) {
		return new SampledSeries(List.of(cells), true, false, (owner) -> {
			double count = countFunction.getAsDouble();
			double totalTime = totalTimeFunction.getAsDouble();
			cells.write(owner, () -> cells.total().setTimer(totalTime, count, this.now.getAsLong()));
		});
	}

	/** The tasks that are running. */
	SampledSeries longTaskTimer(Sample cells, Sample max, LongTaskTimer timer) {
		return new SampledSeries(List.of(cells, max), false, true, (owner) -> {
			HistogramSnapshot snapshot = timer.takeSnapshot();
			long now = this.now.getAsLong();
			cells.write(owner, () -> cells.set(snapshot.total(SECONDS), perBucket(snapshot), now));
			max.write(owner, () -> max.set(snapshot.max(SECONDS), now));
		});
	}

	private static double[] perBucket(HistogramSnapshot snapshot) {
		CountAtBucket[] cumulative = snapshot.histogramCounts();
		double[] counts = new double[cumulative.length + 1];
		double below = 0;
		for (int bucket = 0; bucket < cumulative.length; bucket++) {
			counts[bucket] = cumulative[bucket].count() - below;
			below = cumulative[bucket].count();
		}
		counts[cumulative.length] = Math.max(0, snapshot.count() - below);
		return counts;
	}

}
