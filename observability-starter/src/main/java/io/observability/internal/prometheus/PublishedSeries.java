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

import java.util.Arrays;
import java.util.function.Function;

import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.prometheus.NativeBucket.Sign;
import org.jspecify.annotations.Nullable;

/**
 * What of a collector's data point is in the store. Used by one thread at a time.
 */
abstract sealed class PublishedSeries {

	private @Nullable Object collector;

	private long round;

	private PublishedSeries() {
	}

	/** Whether it is told for the first time in a round; whoever tells it has it then. */
	final boolean isFirstIn(long round, Object collector) {
		boolean first = this.round != round;
		if (first) {
			this.round = round;
			this.collector = collector;
		}
		return first;
	}

	final boolean wasToldIn(long round) {
		return this.round == round;
	}

	/** The collector that told it last. */
	final @Nullable Object collector() {
		return this.collector;
	}

	/** The collector does not have it any more. */
	abstract void vanish();

	/**
	 * A value that is as it is.
	 */
	static final class Live extends PublishedSeries {

		private final Sample cells;

		Live(Sample cells) {
			this.cells = cells;
		}

		void set(double value, long nowMillis) {
			this.cells.set(value, nowMillis);
		}

		void set(double sum, double[] counts, long nowMillis) {
			this.cells.set(sum, counts, nowMillis);
		}

		@Override
		void vanish() {
			this.cells.clear();
		}

	}

	/**
	 * A sum, with counts or without, that only grows. If the collector's goes back it has
	 * begun anew, as {@code rate()} takes it, and what it had before stays counted.
	 */
	static final class Lasting extends PublishedSeries {

		private final Sample cells;

		private final double[] countsBefore;

		private double sumBefore;

		private final double[] counts;

		private double sum;

		Lasting(Sample cells, int buckets) {
			this.cells = cells;
			this.countsBefore = new double[buckets];
			this.counts = new double[buckets];
		}

		void set(double sum, double[] counts, long nowMillis) {
			if (hasBegunAnew(sum, counts)) {
				vanish();
			}
			this.sum = sum;
			double[] all = new double[counts.length];
			for (int bucket = 0; bucket < counts.length; bucket++) {
				this.counts[bucket] = counts[bucket];
				all[bucket] = this.countsBefore[bucket] + counts[bucket];
			}
			this.cells.set(this.sumBefore + sum, all, nowMillis);
		}

		/** By the counts if there are any: amounts may be negative. */
		private boolean hasBegunAnew(double sum, double[] counts) {
			for (int bucket = 0; bucket < counts.length; bucket++) {
				if (counts[bucket] < this.counts[bucket]) {
					return true;
				}
			}
			return counts.length == 0 && sum < this.sum;
		}

		@Override
		void vanish() {
			this.sumBefore += this.sum;
			this.sum = 0;
			for (int bucket = 0; bucket < this.counts.length; bucket++) {
				this.countsBefore[bucket] += this.counts[bucket];
			}
			Arrays.fill(this.counts, 0);
		}

	}

	/**
	 * The buckets of a native histogram. They may change to a lower schema while it
	 * grows: what was counted before stays where it is, and what comes is added in the
	 * new one, so that no reader ever sees less or the same twice.
	 */
	static final class Native extends PublishedSeries {

		private static final NativeBuckets NONE = new NativeBuckets(Integer.MAX_VALUE, 0);

		private final Function<NativeBucket, Sample> cells;

		private NativeBuckets last = NONE;

		Native(Function<NativeBucket, Sample> cells) {
			this.cells = cells;
		}

		void set(NativeBuckets buckets, long nowMillis) {
			NativeBuckets added = buckets.since(this.last);
			this.last = buckets;
			added.forEach((bucket, count) -> {
				// Even without a count, the one around zero: it tells the threshold.
				if (count > 0 || bucket.sign() == Sign.ZERO) {
					Sample sample = this.cells.apply(bucket);
					sample.set(sample.value() + (double) count, nowMillis);
				}
			});
		}

		@Override
		void vanish() {
			this.last = NONE;
		}

	}

}
