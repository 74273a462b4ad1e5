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
 * Counts per bucket of several series, whose bounds may differ.
 *
 * <p>
 * The bounds are those of all of them, and a count stays at the upper bound that it was
 * recorded for. So the counts up to a bound are those that are known to lie below it:
 * they grow with the bound and with time, and up to +Inf nothing is missing.
 */
final class ClassicBuckets {

	private final List<Part> parts;

	private final double[] bounds;

	private ClassicBuckets(List<Part> parts, double[] bounds) {
		this.parts = parts;
		this.bounds = bounds;
	}

	/**
	 * A distribution of some of the series that share bounds.
	 * @param sources the series
	 * @param bounds see {@link #bounds}
	 */
	static ClassicBuckets of(List<DataPointSource> sources, double[] bounds) {
		List<Part> parts = new ArrayList<>();
		for (DataPointSource source : sources) {
			parts.add(new Part(source.series(), places(source.family(), bounds)));
		}
		return new ClassicBuckets(parts, bounds);
	}

	/** The bounds of all of these, ascending, with +Inf. */
	static double[] bounds(List<DataPointSource> sources) {
		SortedSet<Double> union = new TreeSet<>();
		sources.forEach((source) -> union.addAll(source.family().bounds()));
		union.add(Double.POSITIVE_INFINITY);
		return union.stream().mapToDouble(Double::doubleValue).toArray();
	}

	private static int[] places(Family family, double[] bounds) {
		int[] places = new int[family.bounds().size() + 1];
		for (int bucket = 0; bucket < family.bounds().size(); bucket++) {
			places[bucket] = Arrays.binarySearch(bounds, family.bounds().get(bucket));
		}
		places[family.bounds().size()] = bounds.length - 1;
		return places;
	}

	boolean hasBuckets() {
		return this.bounds.length > 1;
	}

	ClassicHistogramBuckets buckets() {
		return buckets(counts());
	}

	/** Other counts with the same bounds. */
	ClassicHistogramBuckets buckets(long[] counts) {
		return ClassicHistogramBuckets.of(this.bounds, counts);
	}

	/** The counts, not cumulative. */
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

	/** A series, and for each of its buckets the place among all. */
	private static final class Part {

		private final MergedSeries series;

		private final int[] places;

		private Part(MergedSeries series, int[] places) {
			this.series = series;
			this.places = places;
		}

		private void addTo(long[] all) {
			if (this.series instanceof MergedTotals totals) {
				long[] counts = totals.counts();
				for (int bucket = 0; bucket < this.places.length; bucket++) {
					all[this.places[bucket]] += counts[bucket];
				}
			}
			else if (this.series instanceof MergedSample sample) {
				double[] counts = sample.counts();
				for (int bucket = 0; bucket < this.places.length; bucket++) {
					all[this.places[bucket]] += (long) counts[bucket];
				}
			}
		}

	}

}
