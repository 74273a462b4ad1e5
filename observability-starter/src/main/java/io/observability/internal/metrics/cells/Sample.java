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

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.SampleLayout;
import org.jspecify.annotations.Nullable;

/**
 * A sampled value, or a sampled sum with counts.
 *
 * <p>
 * Protocol. Its lock makes each change one step for the other threads of this process, so
 * that no change is lost when its cells are moved. Readers, and a process that is killed
 * in between, may mix old and new numbers: each of them is valid, but they are of two
 * moments. After its series was released it does nothing. Where several meters may have
 * the same series one after the other, each claims it, and writes by {@link #write}: then
 * the last one that has claimed it writes, and no other.
 *
 * <p>
 * A total goes on where it was when its cells begin at zero, because readers see those of
 * before as a terminated instance's: what these show is left out of the new cells.
 */
public final class Sample implements SeriesCells {

	private final @Nullable Consumer<Sample> onRelease;

	private @Nullable Object owner;

	private @Nullable SampledTotal total;

	private Cells cells;

	private double sumElsewhere;

	// Null as long as there are none.
	private double @Nullable [] countsElsewhere;

	private boolean ended;

	/**
	 * Creates the sample of a total, which stays.
	 * @param cells its cells
	 */
	public Sample(Cells cells) {
		this(cells, null);
	}

	private Sample(Cells cells, @Nullable Consumer<Sample> onRelease) {
		this.cells = cells;
		this.onRelease = onRelease;
	}

	/**
	 * Creates the sample of a current value.
	 * @param cells its cells
	 * @param onRelease called for each {@link #release()}
	 * @return the sample
	 */
	public static Sample current(Cells cells, Consumer<Sample> onRelease) {
		return new Sample(cells, onRelease);
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
	 * Clears the series, unless another meter has claimed it, and ends the meter's use of
	 * it, see {@link #release()}.
	 * @param owner the meter, which was removed
	 */
	public void release(Object owner) {
		synchronized (this) {
			if (this.owner == owner) {
				this.owner = null;
				clear();
			}
		}
		release();
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
	public synchronized void set(double value, long nowMillis) {
		if (isNew(value)) {
			Cells cells = this.cells;
			cells.region()
				.putLong(SampleLayout.valueOffset(cells.offset()),
						Double.doubleToRawLongBits(value - this.sumElsewhere));
			putChanged(cells, nowMillis);
		}
	}

	private boolean isNew(double value) {
		Cells cells = this.cells;
		Region region = cells.region();
		long bits = Double.doubleToRawLongBits(value - this.sumElsewhere);
		return !this.ended && (region.getLong(SampleLayout.valueOffset(cells.offset())) != bits
				|| region.getLong(SampleLayout.changedOffset(cells.offset())) == 0);
	}

	/**
	 * Sets the sum and the counts of a summary or histogram.
	 * @param sum sum of all amounts
	 * @param counts counts per bucket, not cumulative
	 * @param nowMillis the time, since the epoch
	 */
	public synchronized void set(double sum, double[] counts, long nowMillis) {
		if (this.ended) {
			return;
		}
		Cells cells = this.cells;
		Region region = cells.region();
		region.putLong(SampleLayout.valueOffset(cells.offset()), Double.doubleToRawLongBits(sum - this.sumElsewhere));
		for (int bucket = 0; bucket < counts.length; bucket++) {
			region.putLong(SampleLayout.countOffset(cells.offset(), bucket),
					Double.doubleToRawLongBits(counts[bucket] - countElsewhere(bucket)));
		}
		putChanged(cells, nowMillis);
	}

	/**
	 * Returns the value, or the sum.
	 * @return the last value set, 0 if there is none
	 */
	public synchronized double value() {
		Cells cells = this.cells;
		return this.sumElsewhere
				+ Double.longBitsToDouble(cells.region().getLong(SampleLayout.valueOffset(cells.offset())));
	}

	/**
	 * Returns the count of a bucket.
	 * @param bucket index of the bucket
	 * @return the last value set, 0 if there is none
	 */
	public synchronized double count(int bucket) {
		Cells cells = this.cells;
		return countElsewhere(bucket)
				+ Double.longBitsToDouble(cells.region().getLong(SampleLayout.countOffset(cells.offset(), bucket)));
	}

	private double countElsewhere(int bucket) {
		double[] counts = this.countsElsewhere;
		return (counts != null) ? counts[bucket] : 0;
	}

	/** Marks the series as having no value. */
	public synchronized void clear() {
		if (!this.ended) {
			putChanged(this.cells, 0);
		}
	}

	/**
	 * Ends one use of the series, because its meter was removed. If the series is of
	 * current values and this was its last use, it has no value any more, and its room is
	 * used for other series. To be called once by each of those that got this sample from
	 * the writer.
	 */
	public void release() {
		// Without the lock: the writer takes its own first.
		if (this.onRelease != null) {
			this.onRelease.accept(this);
		}
	}

	/**
	 * Ends the series: it has no value, and never gets one again.
	 * @return the segment that it is in
	 */
	public synchronized Region end() {
		putChanged(this.cells, 0);
		this.ended = true;
		return this.cells.region();
	}

	/** Returns the segment that it is in. */
	public synchronized Region region() {
		return this.cells.region();
	}

	@Override
	public synchronized void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		if (this.onRelease == null && lost.getOrDefault(this.cells.region(), 0) == Cells.SHOWN_ELSEWHERE) {
			double sum = value();
			double[] counts = new double[SampleLayout.buckets(this.cells.length())];
			Arrays.setAll(counts, this::count);
			this.sumElsewhere = Double.isFinite(sum) ? sum : 0;
			this.countsElsewhere = counts;
		}
		this.cells = this.cells.relocated(lost, fresh);
	}

	/**
	 * Copies the numbers to cells that are to replace the present ones.
	 * @param copy the other cells
	 * @param intactBytes how many bytes of the present segment are still there
	 */
	public synchronized void copyTo(Cells copy, int intactBytes) {
		this.cells.copyTo(copy, intactBytes);
	}

	/**
	 * Copies the numbers once more, and uses the other cells from now on.
	 * @param copy the other cells
	 * @param intactBytes how many bytes of the present segment are still there
	 */
	public synchronized void moveTo(Cells copy, int intactBytes) {
		this.cells.copyTo(copy, intactBytes);
		this.cells = copy;
	}

	private static void putChanged(Cells cells, long millis) {
		cells.region().putLongRelease(SampleLayout.changedOffset(cells.offset()), millis);
	}

}
