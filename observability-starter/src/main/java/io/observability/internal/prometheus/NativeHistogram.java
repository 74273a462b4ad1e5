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

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * A data point with native buckets, of instances that have native buckets and possibly of
 * others that have classic ones only.
 *
 * <p>
 * Classic and native counts of one data point must be equal. Those of one instance are
 * read at slightly different moments, so the native ones decide. Counts of instances
 * without native buckets go into the native buckets of their upper bounds.
 */
final class NativeHistogram {

	private final List<DataPointSource> buckets;

	private final ClassicBuckets own;

	private final ClassicBuckets others;

	/**
	 * Creates a histogram.
	 * @param buckets the native buckets
	 * @param own classic buckets of the series that have native buckets
	 * @param others classic buckets of the other series, with the same bounds
	 */
	NativeHistogram(List<DataPointSource> buckets, ClassicBuckets own, ClassicBuckets others) {
		this.buckets = buckets;
		this.own = own;
		this.others = others;
	}

	boolean isPresent() {
		for (DataPointSource bucket : this.buckets) {
			if (bucket.isPresent()) {
				return true;
			}
		}
		return false;
	}

	HistogramDataPointSnapshot dataPoint(double sum, Labels labels, Exemplars exemplars, long createdMillis) {
		NativeBuckets merged = NativeBuckets.merged(this.buckets);
		ClassicHistogramBuckets classic = ClassicHistogramBuckets.EMPTY;
		if (this.own.hasBounds()) {
			classic = withOthers(limited(this.own.counts(), merged.count()));
		}
		merged.add(this.others.snapshot());
		merged.foldIntoZero();
		return new HistogramDataPointSnapshot(classic, merged.schema(), merged.zeroCount(), merged.zeroThreshold(),
				merged.positiveBuckets(), merged.negativeBuckets(), sum, labels, exemplars, createdMillis);
	}

	/** Limits counts to a total so that no cumulative count goes back. */
	private static long[] limited(long[] counts, long total) {
		long[] limited = new long[counts.length];
		long left = total;
		for (int bucket = 0; bucket < counts.length - 1; bucket++) {
			limited[bucket] = Math.min(counts[bucket], left);
			left -= limited[bucket];
		}
		limited[counts.length - 1] = left;
		return limited;
	}

	private ClassicHistogramBuckets withOthers(long[] counts) {
		long[] sum = this.others.counts();
		for (int bucket = 0; bucket < sum.length; bucket++) {
			sum[bucket] += counts[bucket];
		}
		return this.own.snapshot(sum);
	}

}
