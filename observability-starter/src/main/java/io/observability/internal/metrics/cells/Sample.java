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

package io.observability.internal.metrics.cells;

import java.util.Map;
import java.util.function.Supplier;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.SampleLayout;

/**
 * A sampled value, or a sampled sum with counts.
 *
 * <p>
 * Protocol. One thread at a time overwrites the numbers. Readers, and a process that is
 * killed in between, may mix old and new numbers: each of them is valid, but they are of
 * two moments.
 */
public final class Sample implements SeriesCells {

	private volatile Cells cells;

	public Sample(Cells cells) {
		this.cells = cells;
	}

	/**
	 * Sets the value of a gauge or counter. The time changes only with the value, so the
	 * most recent value is the one that changed last, not the one sampled last.
	 * @param value the value
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double value, long nowMillis) {
		Cells cells = this.cells;
		long bits = Double.doubleToRawLongBits(value);
		if (get(cells, SampleLayout.VALUE_OFFSET) != bits || get(cells, SampleLayout.CHANGED_OFFSET) == 0) {
			put(cells, SampleLayout.VALUE_OFFSET, bits);
			putChanged(cells, nowMillis);
		}
	}

	/**
	 * Sets the sum and the counts of a summary or histogram.
	 * @param sum sum of all amounts
	 * @param counts counts per bucket, not cumulative
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double sum, double[] counts, long nowMillis) {
		Cells cells = this.cells;
		put(cells, SampleLayout.VALUE_OFFSET, Double.doubleToRawLongBits(sum));
		for (int bucket = 0; bucket < counts.length; bucket++) {
			put(cells, SampleLayout.countOffset(bucket), Double.doubleToRawLongBits(counts[bucket]));
		}
		putChanged(cells, nowMillis);
	}

	/**
	 * Returns the value, or the sum.
	 * @return the last value set, 0 if there is none
	 */
	public double value() {
		return Double.longBitsToDouble(get(this.cells, SampleLayout.VALUE_OFFSET));
	}

	/**
	 * Returns the count of a bucket.
	 * @param bucket index of the bucket
	 * @return the last value set, 0 if there is none
	 */
	public double count(int bucket) {
		return Double.longBitsToDouble(get(this.cells, SampleLayout.countOffset(bucket)));
	}

	/** Marks the series as having no value, because its meter was removed. */
	public void clear() {
		putChanged(this.cells, 0);
	}

	@Override
	public void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		this.cells = this.cells.relocated(lost, fresh);
	}

	private static long get(Cells cells, int at) {
		return cells.region().getLong(cells.offset() + at);
	}

	private static void put(Cells cells, int at, long value) {
		cells.region().putLong(cells.offset() + at, value);
	}

	private static void putChanged(Cells cells, long millis) {
		cells.region().putLongRelease(cells.offset() + SampleLayout.CHANGED_OFFSET, millis);
	}

}
