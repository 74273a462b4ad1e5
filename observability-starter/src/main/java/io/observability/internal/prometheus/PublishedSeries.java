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

import java.lang.ref.WeakReference;
import java.util.function.Function;

import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.SampledTotal;
import io.observability.internal.prometheus.NativeBucket.Sign;
import org.jspecify.annotations.Nullable;

/**
 * A series of the store that a collector reports. Used by one thread at a time.
 */
abstract sealed class PublishedSeries {

	private @Nullable Object collector;

	/** The collector that was unregistered, as long as no other reports the series. */
	private @Nullable WeakReference<Object> former;

	private long report;

	/** Its collector no longer reports it, in a pass that has not ended. */
	private boolean dropped;

	private PublishedSeries() {
	}

	/**
	 * Returns whether the series is a collector's: no other has it, and it is the first
	 * time in this report.
	 */
	final boolean take(Object collector, long report) {
		if ((this.collector != null && this.collector != collector) || this.report == report) {
			return false;
		}
		if (this.dropped || (this.former != null && this.former.get() != collector)) {
			beginAnew();
		}
		this.dropped = false;
		this.former = null;
		this.collector = collector;
		this.report = report;
		return true;
	}

	final boolean isIn(long report) {
		return this.report == report;
	}

	/** Returns whether another collector has it. */
	final boolean isOfOther(Object collector) {
		return this.collector != null && this.collector != collector;
	}

	/**
	 * Its collector no longer reports it. Another one may, in the same pass: until
	 * {@link #withdrawDropped()} the value stays.
	 */
	final void drop() {
		this.collector = null;
		this.dropped = true;
	}

	/** No collector has taken over what another one has dropped. */
	final void withdrawDropped() {
		if (this.dropped) {
			this.dropped = false;
			withdraw();
			beginAnew();
		}
	}

	/**
	 * Its collector was unregistered. It may be registered again, or replaced: until
	 * {@link #withdrawAbandoned()} the value stays.
	 */
	final void abandon() {
		this.former = new WeakReference<>(this.collector);
		this.collector = null;
	}

	/** No collector has taken over what another one has abandoned. */
	final void withdrawAbandoned() {
		if (this.collector == null) {
			withdraw();
		}
	}

	/** A current state is no longer there. */
	void withdraw() {
	}

	/**
	 * Returns whether its cells are used for other series, so that another object is
	 * needed if it is reported again.
	 */
	boolean isFreed() {
		return false;
	}

	/** A total begins anew, and goes on growing. */
	void beginAnew() {
	}

	/**
	 * A value of a current state.
	 */
	static final class Current extends PublishedSeries {

		private final Sample cells;

		private boolean freed;

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
		void withdraw() {
			if (!this.freed) {
				this.freed = true;
				this.cells.release();
			}
		}

		@Override
		boolean isFreed() {
			return this.freed;
		}

	}

	/**
	 * A sum, with or without counts, that only grows.
	 */
	static final class Cumulative extends PublishedSeries {

		private final SampledTotal total;

		Cumulative(SampledTotal total) {
			this.total = total;
		}

		void set(double value, long nowMillis) {
			this.total.set(value, nowMillis);
		}

		void set(double sum, double[] counts, long nowMillis) {
			this.total.setDistribution(sum, counts, nowMillis);
		}

		@Override
		void beginAnew() {
			this.total.beginAnew();
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
		void beginAnew() {
			this.last = NONE;
		}

	}

}
