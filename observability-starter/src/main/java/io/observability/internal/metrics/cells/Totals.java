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
import io.observability.internal.metrics.format.TotalsLayout;
import org.jspecify.annotations.Nullable;

/**
 * A counter, summary or histogram that any number of threads of this process add to. No
 * method allocates (but once, see below) or throws.
 *
 * <p>
 * Protocol. A series begins with one block of cells. Now and then a thread looks whether
 * another one adds to it at the same moment; if so, it gives the series more blocks, each
 * a {@code SERIES} record of its own with the same labels, as
 * {@link java.util.concurrent.atomic.LongAdder} makes more cells on the heap; from then
 * on each thread adds to the block that its id picks. Readers add all blocks up. What a
 * process that is killed leaves in a block: {@link TotalsBlock}.
 */
public final class Totals implements SeriesCells {

	private final Object lock;

	private final Supplier<TotalsBlock[]> spreader;

	// Replaced only when its segment is lost; a thread may see that late.
	private TotalsBlock first;

	// A power of two of them, the first among them, once there are several.
	private volatile TotalsBlock @Nullable [] blocks;

	/**
	 * Creates it with one block.
	 * @param lock held while blocks are added or replaced
	 * @param first the block
	 * @param spreader makes more blocks
	 */
	public Totals(Object lock, TotalsBlock first, Supplier<TotalsBlock[]> spreader) {
		this.lock = lock;
		this.first = first;
		this.spreader = spreader;
	}

	/**
	 * Adds to the sum of a counter.
	 * @param amount not negative
	 */
	public void add(double amount) {
		long units = wholeUnits(amount);
		if (units != amount) {
			addRest(amount - units);
		}
		TotalsBlock[] blocks = this.blocks;
		if (blocks != null) {
			own(blocks).addUnits(units);
		}
		else if (this.first.addUnits(units)) {
			spread();
		}
	}

	/**
	 * Counts an event in a bucket and adds its amount to the sum.
	 * @param bucket index of the bucket
	 * @param units amount, in whole units
	 */
	public void record(int bucket, long units) {
		if (units < 0 || units > TotalsLayout.MAX_UNITS) {
			addRest((double) units);
			recordUnits(bucket, 0);
		}
		else {
			recordUnits(bucket, units);
		}
	}

	/**
	 * Counts an event in a bucket and adds its amount to the sum.
	 * @param bucket index of the bucket
	 * @param amount any amount
	 */
	public void record(int bucket, double amount) {
		long units = wholeUnits(amount);
		if (units != amount) {
			addRest(amount - units);
		}
		recordUnits(bucket, units);
	}

	/** The part of an amount that can be added as a whole number: exact, and at once. */
	private static long wholeUnits(double amount) {
		return (amount > 0 && amount <= TotalsLayout.MAX_UNITS) ? (long) amount : 0;
	}

	private void recordUnits(int bucket, long units) {
		TotalsBlock[] blocks = this.blocks;
		if (blocks != null) {
			own(blocks).record(bucket, units);
		}
		else if (this.first.record(bucket, units)) {
			spread();
		}
	}

	private void addRest(double amount) {
		TotalsBlock[] blocks = this.blocks;
		if (blocks != null) {
			own(blocks).addRest(amount);
		}
		else if (this.first.addRest(amount)) {
			spread();
		}
	}

	/** The block of the current thread. Threads of a pool have neighbouring ids. */
	private static TotalsBlock own(TotalsBlock[] blocks) {
		return blocks[(int) Thread.currentThread().getId() & (blocks.length - 1)];
	}

	private void spread() {
		synchronized (this.lock) {
			if (this.blocks == null) {
				TotalsBlock[] more = this.spreader.get();
				TotalsBlock[] all = new TotalsBlock[more.length + 1];
				all[0] = this.first;
				System.arraycopy(more, 0, all, 1, more.length);
				this.blocks = all;
			}
		}
	}

	@Override
	public void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		synchronized (this.lock) {
			TotalsBlock[] moved = all().clone();
			for (int i = 0; i < moved.length; i++) {
				moved[i] = moved[i].relocated(lost, fresh);
			}
			this.first = moved[0];
			this.blocks = (moved.length > 1) ? moved : null;
		}
	}

	private TotalsBlock[] all() {
		TotalsBlock[] blocks = this.blocks;
		return (blocks != null) ? blocks : new TotalsBlock[] { this.first };
	}

	/**
	 * Returns the number of events in a bucket.
	 * @param bucket index of the bucket
	 * @return the count so far, of this instance
	 */
	public long count(int bucket) {
		long count = 0;
		for (TotalsBlock block : all()) {
			count += block.count(bucket);
		}
		return count;
	}

	/**
	 * Returns the sum of all amounts.
	 * @return the sum in units, of this instance
	 */
	public double sum() {
		long units = 0;
		double rest = 0;
		for (TotalsBlock block : all()) {
			units += block.units();
			rest += block.rest();
		}
		return units + rest;
	}

}
