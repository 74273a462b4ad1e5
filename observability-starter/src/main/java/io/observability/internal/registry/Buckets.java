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

import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;

import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.observability.internal.metrics.cells.Totals;

/**
 * Upper bounds of a histogram's buckets, in the units that are recorded. Without bounds
 * there is one bucket, up to +Inf.
 */
final class Buckets {

	private final double[] bounds;

	private Buckets(double[] bounds) {
		this.bounds = bounds;
	}

	static Buckets of(DistributionStatisticConfig config) {
		if (!config.isPublishingHistogram()) {
			return new Buckets(new double[0]);
		}
		NavigableSet<Double> bounds = config.getHistogramBuckets(true);
		return new Buckets(bounds.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray());
	}

	/** Returns the index of a value's bucket: bounds are inclusive. */
	int indexOf(double value) {
		int low = 0;
		int high = this.bounds.length;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (value <= this.bounds[middle]) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	boolean isHistogram() {
		return this.bounds.length > 0;
	}

	List<Double> bounds(double divisor) {
		return Arrays.stream(this.bounds).mapToObj((bound) -> bound / divisor).toList();
	}

	/** Number of buckets, including the one up to +Inf. */
	int size() {
		return this.bounds.length + 1;
	}

	long count(Totals totals) {
		long count = 0;
		for (int bucket = 0; bucket <= this.bounds.length; bucket++) {
			count += totals.count(bucket);
		}
		return count;
	}

	/** Returns cumulative counts, as Micrometer has them. */
	CountAtBucket[] counts(Totals totals) {
		CountAtBucket[] counts = new CountAtBucket[this.bounds.length];
		long count = 0;
		for (int bucket = 0; bucket < counts.length; bucket++) {
			count += totals.count(bucket);
			counts[bucket] = new CountAtBucket(this.bounds[bucket], count);
		}
		return counts;
	}

}
