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
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;

import io.observability.internal.prometheus.NativeBucket.Sign;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;

/**
 * Counts of a native histogram. The bounds of its buckets are the powers of
 * <code>2<sup>2<sup>-schema</sup></sup></code>: each bucket of the next lower schema
 * consists of two buckets. Values no further from zero than a threshold are counted in
 * the zero bucket.
 */
final class NativeBuckets {

	private static final double ROUNDING = 1e-9;

	private final int schema;

	private double zeroThreshold;

	private long zeroCount;

	private final NavigableMap<Integer, Long> positive = new TreeMap<>();

	private final NavigableMap<Integer, Long> negative = new TreeMap<>();

	NativeBuckets(int schema, double zeroThreshold) {
		this.schema = schema;
		this.zeroThreshold = zeroThreshold;
	}

	/** Merges the counts of these sources, in the lowest of their schemas. */
	static NativeBuckets merged(List<DataPointSource> sources) {
		int schema = NativeBucket.MAX_SCHEMA;
		double zeroThreshold = 0;
		for (DataPointSource source : sources) {
			NativeBucket bucket = source.bucket();
			if (bucket != null && source.isPresent()) {
				schema = Math.min(schema, bucket.schema());
				zeroThreshold = Math.max(zeroThreshold, bucket.zeroThreshold());
			}
		}
		NativeBuckets merged = new NativeBuckets(schema, zeroThreshold);
		for (DataPointSource source : sources) {
			NativeBucket bucket = source.bucket();
			if (bucket != null && source.isPresent()) {
				merged.add(bucket, (long) source.value(0));
			}
		}
		return merged;
	}

	static NativeBuckets of(HistogramDataPointSnapshot snapshot) {
		NativeBuckets buckets = new NativeBuckets(snapshot.getNativeSchema(), snapshot.getNativeZeroThreshold());
		buckets.zeroCount = snapshot.getNativeZeroCount();
		snapshot.getNativeBucketsForPositiveValues()
			.forEach((bucket) -> buckets.positive.put(bucket.getBucketIndex(), bucket.getCount()));
		snapshot.getNativeBucketsForNegativeValues()
			.forEach((bucket) -> buckets.negative.put(bucket.getBucketIndex(), bucket.getCount()));
		return buckets;
	}

	int schema() {
		return this.schema;
	}

	double zeroThreshold() {
		return this.zeroThreshold;
	}

	long zeroCount() {
		return this.zeroCount;
	}

	long count() {
		return this.zeroCount + sum(this.positive) + sum(this.negative);
	}

	private static long sum(Map<Integer, Long> counts) {
		return counts.values().stream().mapToLong(Long::longValue).sum();
	}

	NativeHistogramBuckets positiveBuckets() {
		return NativeHistogramBuckets.of(List.copyOf(this.positive.keySet()), List.copyOf(this.positive.values()));
	}

	NativeHistogramBuckets negativeBuckets() {
		return NativeHistogramBuckets.of(List.copyOf(this.negative.keySet()), List.copyOf(this.negative.values()));
	}

	/** Adds counts of the same schema or a higher one. */
	private void add(NativeBucket bucket, long count) {
		switch (bucket.sign()) {
			case POSITIVE -> this.positive.merge(rescaled(bucket.schema(), bucket.index()), count, Long::sum);
			case NEGATIVE -> this.negative.merge(rescaled(bucket.schema(), bucket.index()), count, Long::sum);
			case ZERO -> this.zeroCount += count;
		}
	}

	private int rescaled(int ofSchema, int index) {
		int rescaled = index;
		for (int at = ofSchema; at > this.schema; at--) {
			rescaled = (rescaled + 1) >> 1;
		}
		return rescaled;
	}

	/**
	 * Adds the counts of classic buckets, each to the native bucket of the upper bound.
	 * Counts beyond the last bound go into the next bucket; without any bound, into the
	 * zero bucket.
	 */
	void add(ClassicHistogramBuckets classic) {
		for (int i = 0; i < classic.size(); i++) {
			if (classic.getCount(i) > 0) {
				double bound = classic.getUpperBound(i);
				boolean beyond = bound == Double.POSITIVE_INFINITY;
				double known = beyond ? ((i > 0) ? classic.getUpperBound(i - 1) : 0) : bound;
				add(known, beyond ? 1 : 0, classic.getCount(i));
			}
		}
	}

	private void add(double value, int bucketsBeyond, long count) {
		if (value > this.zeroThreshold) {
			this.positive.merge(indexOf(value) + bucketsBeyond, count, Long::sum);
		}
		else if (value < -this.zeroThreshold) {
			this.negative.merge(indexOf(-value), count, Long::sum);
		}
		else {
			this.zeroCount += count;
		}
	}

	private int indexOf(double value) {
		return (int) Math.ceil(Math.log(value) / Math.log(2) * Math.pow(2, this.schema));
	}

	private double upperBound(int index) {
		return Math.pow(2, index * Math.pow(2, -this.schema));
	}

	/** Widens the threshold to whole buckets, and moves those within it to zero. */
	void foldIntoZero() {
		widenThreshold(this.positive);
		widenThreshold(this.negative);
		foldIntoZero(this.positive);
		foldIntoZero(this.negative);
	}

	private void widenThreshold(Map<Integer, Long> counts) {
		for (int index : counts.keySet()) {
			if (upperBound(index - 1) < this.zeroThreshold * (1 - ROUNDING)) {
				this.zeroThreshold = Math.max(this.zeroThreshold, upperBound(index));
			}
		}
	}

	private void foldIntoZero(NavigableMap<Integer, Long> counts) {
		while (!counts.isEmpty() && upperBound(counts.firstKey()) <= this.zeroThreshold * (1 + ROUNDING)) {
			this.zeroCount += counts.pollFirstEntry().getValue();
		}
	}

	/** Passes on all buckets with their counts, and the zero bucket even if empty. */
	void forEach(ObjLongConsumer<NativeBucket> use) {
		use.accept(NativeBucket.zero(this.schema, this.zeroThreshold), this.zeroCount);
		this.positive.forEach((index, count) -> use.accept(NativeBucket.of(this.schema, Sign.POSITIVE, index), count));
		this.negative.forEach((index, count) -> use.accept(NativeBucket.of(this.schema, Sign.NEGATIVE, index), count));
	}

	/**
	 * Returns what was counted since an earlier moment, or everything if a count was
	 * reset meanwhile.
	 */
	NativeBuckets since(NativeBuckets earlier) {
		if (earlier.schema < this.schema || earlier.zeroThreshold > this.zeroThreshold * (1 + ROUNDING)) {
			return this;
		}
		NativeBuckets before = new NativeBuckets(this.schema, this.zeroThreshold);
		earlier.forEach(before::add);
		before.foldIntoZero();
		NativeBuckets since = new NativeBuckets(this.schema, this.zeroThreshold);
		since.zeroCount = this.zeroCount - before.zeroCount;
		boolean reset = since.zeroCount < 0 || !subtract(this.positive, before.positive, since.positive)
				|| !subtract(this.negative, before.negative, since.negative);
		return reset ? this : since;
	}

	private static boolean subtract(Map<Integer, Long> now, Map<Integer, Long> before, Map<Integer, Long> since) {
		now.forEach((index, count) -> since.put(index, count - before.getOrDefault(index, 0L)));
		return now.keySet().containsAll(before.keySet()) && since.values().stream().allMatch((count) -> count >= 0);
	}

}
