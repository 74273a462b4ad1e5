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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;

/**
 * Counts per classic bucket of several series, whose bounds may differ.
 *
 * <p>
 * The bounds are the union of all series' bounds, and a count stays at the upper bound
 * that it was recorded for. So the cumulative count of a bound is the number of values
 * that are known not to exceed it: it grows with the bound and with time, and that of
 * +Inf is complete.
 */
final class ClassicBuckets {

	private final List<Part> parts;

	private final double[] bounds;

	private ClassicBuckets(List<Part> parts, double[] bounds) {
		this.parts = parts;
		this.bounds = bounds;
	}

	/**
	 * Creates the buckets of some series.
	 * @param sources the series
	 * @param bounds bounds that include those of the series, see {@link #bounds}
	 */
	static ClassicBuckets of(List<DataPointSource> sources, double[] bounds) {
		List<Part> parts = new ArrayList<>();
		for (DataPointSource source : sources) {
			parts.add(new Part(source.series(), indexes(source.family(), bounds)));
		}
		return new ClassicBuckets(parts, bounds);
	}

	/** Returns the bounds of all sources, ascending, with +Inf. */
	static double[] bounds(List<DataPointSource> sources) {
		SortedSet<Double> union = new TreeSet<>();
		sources.forEach((source) -> union.addAll(source.family().bounds()));
		union.add(Double.POSITIVE_INFINITY);
		return union.stream().mapToDouble(Double::doubleValue).toArray();
	}

	private static int[] indexes(Family family, double[] bounds) {
		int[] indexes = new int[family.bounds().size() + 1];
		for (int bucket = 0; bucket < family.bounds().size(); bucket++) {
			indexes[bucket] = Arrays.binarySearch(bounds, family.bounds().get(bucket));
		}
		indexes[family.bounds().size()] = bounds.length - 1;
		return indexes;
	}

	boolean hasBounds() {
		return this.bounds.length > 1;
	}

	ClassicHistogramBuckets snapshot() {
		return snapshot(counts());
	}

	/** Creates a snapshot of other counts with the same bounds. */
	ClassicHistogramBuckets snapshot(long[] counts) {
		return ClassicHistogramBuckets.of(this.bounds, counts);
	}

	/** Returns the counts per bucket, not cumulative. */
	long[] counts() {
		long[] counts = new long[this.bounds.length];
		for (Part part : this.parts) {
			if (part.series.isPresent()) {
				part.addTo(counts);
			}
		}
		return counts;
	}

	long count() {
		long count = 0;
		for (long one : counts()) {
			count += one;
		}
		return count;
	}

	/** A series, and the index of each of its buckets in the union. */
	private static final class Part {

		private final MergedSeries series;

		private final int[] indexes;

		private Part(MergedSeries series, int[] indexes) {
			this.series = series;
			this.indexes = indexes;
		}

		private void addTo(long[] all) {
			if (this.series instanceof MergedTotals totals) {
				long[] counts = totals.counts();
				for (int bucket = 0; bucket < this.indexes.length; bucket++) {
					all[this.indexes[bucket]] += counts[bucket];
				}
			}
			else if (this.series instanceof MergedSample sample) {
				double[] counts = sample.counts();
				for (int bucket = 0; bucket < this.indexes.length; bucket++) {
					all[this.indexes[bucket]] += (long) counts[bucket];
				}
			}
		}

	}

}
