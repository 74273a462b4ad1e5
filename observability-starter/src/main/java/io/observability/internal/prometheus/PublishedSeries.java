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
 * A series of the store that a collector reports. Used by one thread at a time.
 */
abstract sealed class PublishedSeries {

	private @Nullable Object collector;

	private long round;

	private PublishedSeries() {
	}

	/** Returns whether it is the round's first report; the series then belongs to it. */
	final boolean isFirstIn(long round, Object collector) {
		boolean first = this.round != round;
		if (first) {
			this.round = round;
			this.collector = collector;
		}
		return first;
	}

	final boolean wasReportedIn(long round) {
		return this.round == round;
	}

	/** The collector that reported it last. */
	final @Nullable Object collector() {
		return this.collector;
	}

	/**
	 * The collector no longer reports it.
	 * @return whether it was freed, and is another series if it is reported again
	 */
	abstract boolean withdraw();

	/**
	 * A value of a current state.
	 */
	static final class Current extends PublishedSeries {

		private final Sample cells;

		Current(Sample cells) {
			this.cells = cells;
		}

		void set(double value, long nowMillis) {
			this.cells.set(value, nowMillis);
		}

		void set(double sum, double[] counts, long nowMillis) {
			this.cells.set(sum, counts, nowMillis);
		}

		@Override
		boolean withdraw() {
			this.cells.release();
			return true;
		}

	}

	/**
	 * A sum, with or without counts, that only grows. If the collector's goes back, it
	 * was reset, as {@code rate()} assumes, and the former total stays counted.
	 */
	static final class Cumulative extends PublishedSeries {

		private final Sample cells;

		private final double[] countsBefore;

		private double sumBefore;

		private final double[] counts;

		private double sum;

		Cumulative(Sample cells, int buckets) {
			this.cells = cells;
			this.countsBefore = new double[buckets];
			this.counts = new double[buckets];
		}

		void set(double sum, double[] counts, long nowMillis) {
			if (wasReset(sum, counts)) {
				withdraw();
			}
			this.sum = sum;
			double[] all = new double[counts.length];
			for (int bucket = 0; bucket < counts.length; bucket++) {
				this.counts[bucket] = counts[bucket];
				all[bucket] = this.countsBefore[bucket] + counts[bucket];
			}
			this.cells.set(this.sumBefore + sum, all, nowMillis);
		}

		/** Counts decide if there are any, because amounts may be negative. */
		private boolean wasReset(double sum, double[] counts) {
			for (int bucket = 0; bucket < counts.length; bucket++) {
				if (counts[bucket] < this.counts[bucket]) {
					return true;
				}
			}
			return counts.length == 0 && sum < this.sum;
		}

		@Override
		boolean withdraw() {
			this.sumBefore += this.sum;
			this.sum = 0;
			for (int bucket = 0; bucket < this.counts.length; bucket++) {
				this.countsBefore[bucket] += this.counts[bucket];
			}
			Arrays.fill(this.counts, 0);
			return false;
		}

	}

	/**
	 * The buckets of a native histogram, whose schema may get lower while it grows.
	 * Former counts stay in their buckets and new ones are added in the new schema, so no
	 * reader sees counts go back or counted twice.
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
				// The zero bucket even without a count: it has the threshold.
				if (count > 0 || bucket.sign() == Sign.ZERO) {
					Sample sample = this.cells.apply(bucket);
					sample.set(sample.value() + (double) count, nowMillis);
				}
			});
		}

		@Override
		boolean withdraw() {
			this.last = NONE;
			return false;
		}

	}

}
