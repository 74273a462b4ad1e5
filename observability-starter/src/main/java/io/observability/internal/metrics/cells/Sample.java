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
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.SampleLayout;
import org.jspecify.annotations.Nullable;

/**
 * A sampled value, or a sampled sum with counts.
 *
 * <p>
 * Protocol. One thread at a time overwrites the numbers. Readers, and a process that is
 * killed in between, may mix old and new numbers: each of them is valid, but they are of
 * two moments. Where several meters may have the same series one after the other, each
 * claims it, and writes by {@link #write}: then the last one that has claimed it writes,
 * and no other.
 */
public final class Sample implements SeriesCells {

	private volatile Cells cells;

	private @Nullable Object owner;

	private @Nullable SampledTotal total;

	public Sample(Cells cells) {
		this.cells = cells;
	}

	/**
	 * Makes a meter the one that writes the series.
	 * @param owner the meter
	 */
	public synchronized void claim(Object owner) {
		this.owner = owner;
	}

	/**
	 * Writes the series, unless another meter has claimed it or it was released.
	 * @param owner the meter that writes
	 * @param write writes to this object
	 */
	public synchronized void write(Object owner, Runnable write) {
		if (this.owner == owner) {
			write.run();
		}
	}

	/**
	 * Sets the value of a gauge, unless another meter has claimed the series or it was
	 * released.
	 * @param owner the meter that writes
	 * @param value the value
	 * @param now tells the time, since the epoch
	 */
	public synchronized void write(Object owner, double value, LongSupplier now) {
		if (this.owner == owner && isNew(value)) {
			set(value, now.getAsLong());
		}
	}

	/**
	 * Clears the series, unless another meter has claimed it. Its meter can't write to it
	 * any more.
	 * @param owner the meter, which was removed
	 */
	public synchronized void release(Object owner) {
		if (this.owner == owner) {
			this.owner = null;
			clear();
		}
	}

	/**
	 * Returns the series as a total, the same one each time.
	 * @return what its source reports to
	 */
	public synchronized SampledTotal total() {
		SampledTotal existing = this.total;
		if (existing == null) {
			existing = new SampledTotal(this);
			this.total = existing;
		}
		return existing;
	}

	/**
	 * Sets the value of a gauge or counter. The time changes only with the value, so the
	 * most recent value is the one that changed last, not the one sampled last.
	 * @param value the value
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double value, long nowMillis) {
		if (isNew(value)) {
			Cells cells = this.cells;
			cells.region().putLong(SampleLayout.valueOffset(cells.offset()), Double.doubleToRawLongBits(value));
			putChanged(cells, nowMillis);
		}
	}

	private boolean isNew(double value) {
		Cells cells = this.cells;
		Region region = cells.region();
		return region.getLong(SampleLayout.valueOffset(cells.offset())) != Double.doubleToRawLongBits(value)
				|| region.getLong(SampleLayout.changedOffset(cells.offset())) == 0;
	}

	/**
	 * Sets the sum and the counts of a summary or histogram.
	 * @param sum sum of all amounts
	 * @param counts counts per bucket, not cumulative
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double sum, double[] counts, long nowMillis) {
		Cells cells = this.cells;
		Region region = cells.region();
		region.putLong(SampleLayout.valueOffset(cells.offset()), Double.doubleToRawLongBits(sum));
		for (int bucket = 0; bucket < counts.length; bucket++) {
			region.putLong(SampleLayout.countOffset(cells.offset(), bucket),
					Double.doubleToRawLongBits(counts[bucket]));
		}
		putChanged(cells, nowMillis);
	}

	/**
	 * Returns the value, or the sum.
	 * @return the last value set, 0 if there is none
	 */
	public double value() {
		Cells cells = this.cells;
		return Double.longBitsToDouble(cells.region().getLong(SampleLayout.valueOffset(cells.offset())));
	}

	/** Marks the series as having no value, because its meter was removed. */
	public void clear() {
		putChanged(this.cells, 0);
	}

	@Override
	public void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		this.cells = this.cells.relocated(lost, fresh);
	}

	private static void putChanged(Cells cells, long millis) {
		cells.region().putLongRelease(SampleLayout.changedOffset(cells.offset()), millis);
	}

}
