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

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.observability.internal.metrics.cells.Sample;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Creates the {@link Sampled} of each kind of meter.
 */
final class Samples {

	private Samples() {
	}

	/** A value that goes up and down. */
	static Sampled gauge(Sample cells, DoubleSupplier value) {
		return new Current(List.of(cells), (now) -> cells.set(value.getAsDouble(), now));
	}

	/** Labels without a value. */
	static Sampled info(Sample cells) {
		return new Current(List.of(cells), (now) -> cells.set(1, now));
	}

	/**
	 * A value that only grows, starting at the total of an earlier meter of this name.
	 */
	static Sampled counter(Sample cells, DoubleSupplier count) {
		double before = cells.value();
		return new Cumulative((now) -> cells.set(before + count.getAsDouble(), now));
	}

	/** A count and a sum that only grow, starting at the totals of an earlier meter. */
	static Sampled functionTimer(Sample cells, FunctionTimer timer) {
		double countBefore = cells.count(0);
		double sumBefore = cells.value();
		return new Cumulative((now) -> cells.set(sumBefore + timer.totalTime(SECONDS),
				new double[] { countBefore + timer.count() }, now));
	}

	/** The tasks that are running. */
	static Sampled longTaskTimer(Sample cells, Sample max, LongTaskTimer timer) {
		return new Current(List.of(cells, max), (now) -> {
			HistogramSnapshot snapshot = timer.takeSnapshot();
			cells.set(snapshot.total(SECONDS), perBucket(snapshot), now);
			max.set(snapshot.max(SECONDS), now);
		});
	}

	/** The measurements of one custom meter. */
	static Sampled composite(List<Sampled> all) {
		return new Sampled() {

			@Override
			public void sample(long nowMillis) {
				all.forEach((one) -> one.sample(nowMillis));
			}

			@Override
			public void remove() {
				all.forEach(Sampled::remove);
			}

		};
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

	@FunctionalInterface
	private interface Sampling {

		void at(long nowMillis);

	}

	private static final class Current implements Sampled {

		private final List<Sample> cells;

		private final Sampling sampling;

		private volatile boolean removed;

		private Current(List<Sample> cells, Sampling sampling) {
			this.cells = cells;
			this.sampling = sampling;
		}

		@Override
		public void sample(long nowMillis) {
			this.sampling.at(nowMillis);
			if (this.removed) {
				// Removed meanwhile: the later one of sampling and removal clears.
				this.cells.forEach(Sample::clear);
			}
		}

		@Override
		public void remove() {
			this.removed = true;
			this.cells.forEach(Sample::release);
		}

	}

	private record Cumulative(Sampling sampling) implements Sampled {

		@Override
		public void sample(long nowMillis) {
			this.sampling.at(nowMillis);
		}

		@Override
		public void remove() {
		}

	}

}
