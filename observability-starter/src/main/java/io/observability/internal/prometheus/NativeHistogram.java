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
 * A data point with native buckets, of instances that have them and maybe others that
 * have not.
 *
 * <p>
 * Classic and native counts of one data point must be the same. An instance's own are
 * read at slightly different moments: the native ones are taken for right. What instances
 * without native buckets have counted is put into those in which their upper bounds lie.
 */
final class NativeHistogram {

	private final List<DataPointSource> buckets;

	private final ClassicBuckets own;

	private final ClassicBuckets others;

	/**
	 * Creates a histogram.
	 * @param buckets the native buckets
	 * @param own sums and classic counts of those that have native buckets
	 * @param others those of the others, with the same bounds
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
		if (this.own.hasBuckets()) {
			classic = together(limited(this.own.counts(), merged.count()));
		}
		merged.add(this.others.buckets());
		merged.foldIntoZero();
		return new HistogramDataPointSnapshot(classic, merged.schema(), merged.zeroCount(), merged.zeroThreshold(),
				merged.positiveBuckets(), merged.negativeBuckets(), sum, labels, exemplars, createdMillis);
	}

	/** Makes counts add up to a total without any cumulative one going back. */
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

	private ClassicHistogramBuckets together(long[] counts) {
		long[] sum = this.others.counts();
		for (int bucket = 0; bucket < sum.length; bucket++) {
			sum[bucket] += counts[bucket];
		}
		return this.own.buckets(sum);
	}

}
