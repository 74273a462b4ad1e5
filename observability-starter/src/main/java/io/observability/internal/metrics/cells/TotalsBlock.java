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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.TotalsLayout;

/**
 * One set of cells of a series that is added up.
 *
 * <p>
 * Protocol. Any number of threads of one process add, any number of readers in any
 * process read. An event's count and units go into its bucket's recent cell with one
 * atomic addition, so nobody ever sees the one without the other, and a process that is
 * killed has recorded the event or has not. Every few thousand events the recent cell is
 * carried over: one thread writes what the bucket has in all into the base that is not in
 * use, and then swaps, in one atomic step, the recent cell for an empty one that names
 * this base; killed before the swap, it leaves what was there. A reader takes the recent
 * cell first and then the base that it names. Were it stopped between the two for the
 * time of two carries it would see a base that is too new: {@code SegmentReader} reads
 * again what took that long.
 *
 * <p>
 * What is no whole number, or too great, is added to the rest before the event is
 * counted: a process killed in between leaves at most one such amount without its event
 * per thread.
 */
public final class TotalsBlock {

	/** Not at each addition, because to look costs as much as to add. */
	private static final long LOOK_MASK = 0xFF;

	private final Cells cells;

	private final Region region;

	private final int offset;

	private final int buckets;

	private final AtomicBoolean carrying = new AtomicBoolean();

	public TotalsBlock(Cells cells, int buckets) {
		this.cells = cells;
		this.region = cells.region();
		this.offset = cells.offset();
		this.buckets = buckets;
	}

	/** This block, or a copy of it in another segment if its own is lost. */
	TotalsBlock relocated(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		Cells kept = this.cells.relocated(lost, fresh);
		return kept.equals(this.cells) ? this : new TotalsBlock(kept, this.buckets);
	}

	/** Adds to a counter, and tells if another thread was seen doing so. */
	boolean addUnits(long units) {
		int at = TotalsLayout.unitsOffset(this.offset);
		long before = this.region.getAndAddLong(at, units);
		return (before & LOOK_MASK) == 0 && isContended(at);
	}

	/** Adds to the rest, and tells if another thread was seen doing so. */
	boolean addRest(double amount) {
		int at = TotalsLayout.restOffset(this.offset, this.buckets);
		boolean contended = false;
		while (true) {
			long current = this.region.getLong(at);
			double next = Double.longBitsToDouble(current) + amount;
			if (this.region.compareAndSetLong(at, current, Double.doubleToRawLongBits(next))) {
				return contended;
			}
			contended = true;
			Thread.onSpinWait();
		}
	}

	/**
	 * Records an event of at most {@link TotalsLayout#MAX_UNITS}, and tells if another
	 * thread was seen doing so.
	 */
	public boolean record(int bucket, long units) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		long before = this.region.getAndAddLong(at, TotalsLayout.ONE_EVENT + units);
		if (TotalsLayout.isDue(before)) {
			carry(bucket);
		}
		return (TotalsLayout.count(before) & LOOK_MASK) == 0 && isContended(at);
	}

	/** Whether somebody adds in this very moment. */
	private boolean isContended(int at) {
		long current = this.region.getLong(at);
		return !this.region.compareAndSetLong(at, current, current);
	}

	/** Carries over, or leaves it to the thread that is doing it. */
	private void carry(int bucket) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		for (long recent = this.region.getLongAcquire(at); TotalsLayout
			.isDue(recent); recent = this.region.getLongAcquire(at)) {
			if (this.carrying.compareAndSet(false, true)) {
				try {
					carryAlone(bucket);
				}
				finally {
					this.carrying.set(false);
				}
			}
			else if (!TotalsLayout.isOverdue(recent)) {
				return;
			}
			else {
				LockSupport.parkNanos(1);
			}
		}
	}

	private void carryAlone(int bucket) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		long recent;
		long next;
		do {
			recent = this.region.getLongAcquire(at);
			if (!TotalsLayout.isDue(recent)) {
				// Another thread has just done it: twice in a row is what readers can't
				// take.
				return;
			}
			next = TotalsLayout.next(recent);
			long count = this.region.getLong(TotalsLayout.countOffset(this.offset, bucket, recent));
			long units = this.region.getLong(TotalsLayout.unitsOffset(this.offset, bucket, recent));
			this.region.putLong(TotalsLayout.countOffset(this.offset, bucket, next),
					count + TotalsLayout.count(recent));
			this.region.putLong(TotalsLayout.unitsOffset(this.offset, bucket, next),
					units + TotalsLayout.units(recent));
		}
		while (!this.region.compareAndSetLong(at, recent, next));
	}

	/** Events in a bucket so far. */
	public long count(int bucket) {
		return read(bucket, false);
	}

	/** Whole units so far. */
	public long units() {
		if (this.buckets == 0) {
			return this.region.getLongAcquire(TotalsLayout.unitsOffset(this.offset));
		}
		long units = 0;
		for (int bucket = 0; bucket < this.buckets; bucket++) {
			units += read(bucket, true);
		}
		return units;
	}

	private long read(int bucket, boolean units) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		while (true) {
			long recent = this.region.getLongAcquire(at);
			int base = units ? TotalsLayout.unitsOffset(this.offset, bucket, recent)
					: TotalsLayout.countOffset(this.offset, bucket, recent);
			long before = this.region.getLongAcquire(base);
			// Carried over twice meanwhile, it would have been less recent counts.
			if (TotalsLayout.count(this.region.getLongAcquire(at)) >= TotalsLayout.count(recent)) {
				return before + (units ? TotalsLayout.units(recent) : TotalsLayout.count(recent));
			}
		}
	}

	double rest() {
		return Double.longBitsToDouble(this.region.getLongAcquire(TotalsLayout.restOffset(this.offset, this.buckets)));
	}

}
