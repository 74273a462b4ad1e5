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
import org.jspecify.annotations.Nullable;

/**
 * One set of cells of a series that is added up.
 *
 * <p>
 * Protocol. Any number of threads of one process add; any number of readers in any
 * process read. One atomic addition puts an event's count and units into the recent cell
 * of its bucket, so no reader sees one without the other, and a process that is killed
 * has recorded either both or neither. Every few thousand events the recent cell is
 * carried over: one thread writes the bucket's totals into the base that is not in use;
 * then one atomic step replaces the recent cell by an empty one that names this base. A
 * process that is killed before that step leaves the former totals. A reader takes the
 * recent cell first and then the base that it names. If the reader is stopped between the
 * two for the time of two carries, the base is too new: {@code SegmentCells} repeats
 * readings of which that can't be excluded.
 *
 * <p>
 * Fractions, and amounts that are too great, are added to the rest before the event is
 * counted. A process that is killed in between leaves at most one such amount without its
 * event per thread.
 */
public final class TotalsBlock {

	/** Not at each addition: a check costs as much as an addition. */
	private static final long CHECK_MASK = 0xFF;

	/** Far less than the room for events in a recent cell that is due. */
	private static final long MOST_AT_ONCE = 1_000;

	private final Cells cells;

	private final Region region;

	private final int offset;

	private final int buckets;

	private final AtomicBoolean carrying = new AtomicBoolean();

	/** The block that this one has replaced, as long as threads may still add to it. */
	private @Nullable FormerBlock former;

	public TotalsBlock(Cells cells, int buckets) {
		this.cells = cells;
		this.region = cells.region();
		this.offset = cells.offset();
		this.buckets = buckets;
	}

	/** Returns this block, or a copy in another segment if its segment is lost. */
	TotalsBlock relocated(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		Integer intactBytes = lost.get(this.region);
		if (intactBytes == null) {
			return this;
		}
		TotalsBlock moved = new TotalsBlock(fresh.get(), this.buckets);
		if (this.cells.isWithin(intactBytes)) {
			moved.former = FormerBlock.of(this, this.buckets, moved);
		}
		return moved;
	}

	/**
	 * Adds what threads have added to the former block since the last call. Guarded by
	 * the lock of the {@link Totals}.
	 * @return whether threads may add to it even now
	 */
	boolean settle() {
		FormerBlock former = this.former;
		if (former != null && !former.addNew(this)) {
			this.former = null;
		}
		return this.former != null;
	}

	/** Takes the rest away. */
	double takeRest() {
		int at = TotalsLayout.restOffset(this.offset, this.buckets);
		long rest;
		do {
			rest = this.region.getLongAcquire(at);
		}
		while (!this.region.compareAndSetLong(at, rest, 0));
		return Double.longBitsToDouble(rest);
	}

	/** Sets the events and units of a bucket of a block that no thread adds to yet. */
	void begin(int bucket, long count, long units) {
		this.region.putLongRelease(TotalsLayout.countOffset(this.offset, bucket, 0), count);
		this.region.putLongRelease(TotalsLayout.unitsOffset(this.offset, bucket, 0), units);
	}

	/** Adds any number of events and units to a bucket. */
	void add(int bucket, long count, long units) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		long countLeft = count;
		long unitsLeft = units;
		while (countLeft > 0 || unitsLeft > 0) {
			long some = Math.min(countLeft, MOST_AT_ONCE);
			long someUnits = Math.min(unitsLeft, TotalsLayout.MAX_UNITS);
			long before = this.region.getAndAddLong(at, some * TotalsLayout.ONE_EVENT + someUnits);
			if (TotalsLayout.isDue(before)) {
				carry(bucket);
			}
			countLeft -= some;
			unitsLeft -= someUnits;
		}
	}

	/** Adds to a counter and returns whether another thread was seen doing so. */
	boolean addUnits(long units) {
		int at = TotalsLayout.unitsOffset(this.offset);
		long before = this.region.getAndAddLong(at, units);
		return (before & CHECK_MASK) == 0 && isContended(at);
	}

	/** Adds to the rest and returns whether another thread was seen doing so. */
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
	 * Records an event of at most {@link TotalsLayout#MAX_UNITS} and returns whether
	 * another thread was seen doing so.
	 */
	public boolean record(int bucket, long units) {
		int at = TotalsLayout.recentOffset(this.offset, bucket);
		long before = this.region.getAndAddLong(at, TotalsLayout.ONE_EVENT + units);
		if (TotalsLayout.isDue(before)) {
			carry(bucket);
		}
		return (TotalsLayout.count(before) & CHECK_MASK) == 0 && isContended(at);
	}

	/** Returns whether another thread adds at this moment. */
	private boolean isContended(int at) {
		long current = this.region.getLong(at);
		return !this.region.compareAndSetLong(at, current, current);
	}

	/** Carries over, unless another thread is doing so already. */
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
				// Another thread has just carried over: readers rely on some time between
				// two carries.
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

	/** Number of events in a bucket. */
	public long count(int bucket) {
		return read(bucket, false);
	}

	/** Sum of the whole units in a bucket. */
	long units(int bucket) {
		return read(bucket, true);
	}

	/** Sum of the whole units. */
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
			// If it was carried over twice meanwhile, the recent count is lower now.
			if (TotalsLayout.count(this.region.getLongAcquire(at)) >= TotalsLayout.count(recent)) {
				return before + (units ? TotalsLayout.units(recent) : TotalsLayout.count(recent));
			}
		}
	}

	double rest() {
		return Double.longBitsToDouble(this.region.getLongAcquire(TotalsLayout.restOffset(this.offset, this.buckets)));
	}

}
