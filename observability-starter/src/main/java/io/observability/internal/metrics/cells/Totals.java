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
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.TotalsLayout;
import org.jspecify.annotations.Nullable;

/**
 * A counter, summary or histogram that any number of threads of this process add to.
 * Recording throws nothing, and allocates only when stripes are added.
 *
 * <p>
 * Protocol. A series begins with one block of cells. From time to time a recording thread
 * checks whether another thread adds to the same block at that moment. If so, the series
 * gets more blocks (stripes), as {@link java.util.concurrent.atomic.LongAdder} gets more
 * cells; each is a {@code SERIES} record of its own with the same labels. From then on
 * the id of a thread selects its block. Readers add up all blocks. {@link TotalsBlock}
 * describes what a killed process leaves in a block.
 */
public final class Totals implements SeriesCells {

	private final Object lock;

	private final Supplier<TotalsBlock[]> stripes;

	// Replaced only when its segment is lost; threads may see the new one late.
	private TotalsBlock first;

	private volatile @Nullable Totals before;

	// A power of two blocks, beginning with the first one, once there are several.
	private volatile TotalsBlock @Nullable [] blocks;

	/**
	 * Creates totals with one block.
	 * @param lock held while blocks are added or replaced
	 * @param first the block
	 * @param stripes creates all further blocks
	 */
	public Totals(Object lock, TotalsBlock first, Supplier<TotalsBlock[]> stripes) {
		this.lock = lock;
		this.first = first;
		this.stripes = stripes;
	}

	/**
	 * Creates totals that no reader sees, in memory of their own.
	 * @param family whose cells these are
	 * @return the totals
	 */
	public static Totals unshared(TotalsFamily family) {
		Region region = Region.allocate(family.cellBytes());
		return new Totals(new Object(), new TotalsBlock(new Cells(region, 0, family.cellBytes()), family.buckets()),
				() -> new TotalsBlock[0]);
	}

	/**
	 * Returns the counts and the sum of other totals as well from now on. They are not
	 * written.
	 * @param before what has been recorded into before these
	 */
	public void countFrom(Totals before) {
		if (before != this) {
			this.before = before;
		}
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
			addStripes();
		}
	}

	/**
	 * Counts an event in a bucket and adds its amount to the sum.
	 * @param bucket index of the bucket
	 * @param units the amount in whole units
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
	 * @param amount the amount
	 */
	public void record(int bucket, double amount) {
		long units = wholeUnits(amount);
		if (units != amount) {
			addRest(amount - units);
		}
		recordUnits(bucket, units);
	}

	/** Returns the part of an amount that one atomic step can add exactly. */
	private static long wholeUnits(double amount) {
		return (amount > 0 && amount <= TotalsLayout.MAX_UNITS) ? (long) amount : 0;
	}

	private void recordUnits(int bucket, long units) {
		TotalsBlock[] blocks = this.blocks;
		if (blocks != null) {
			own(blocks).record(bucket, units);
		}
		else if (this.first.record(bucket, units)) {
			addStripes();
		}
	}

	private void addRest(double amount) {
		TotalsBlock[] blocks = this.blocks;
		if (blocks != null) {
			own(blocks).addRest(amount);
		}
		else if (this.first.addRest(amount)) {
			addStripes();
		}
	}

	/** Returns the current thread's block. Threads of a pool have consecutive ids. */
	private static TotalsBlock own(TotalsBlock[] blocks) {
		return blocks[(int) Thread.currentThread().getId() & (blocks.length - 1)];
	}

	private void addStripes() {
		synchronized (this.lock) {
			if (this.blocks == null) {
				TotalsBlock[] more = this.stripes.get();
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

	@Override
	public boolean settle() {
		synchronized (this.lock) {
			boolean more = false;
			for (TotalsBlock block : all()) {
				more |= block.settle();
			}
			return more;
		}
	}

	private TotalsBlock[] all() {
		TotalsBlock[] blocks = this.blocks;
		return (blocks != null) ? blocks : new TotalsBlock[] { this.first };
	}

	/**
	 * Returns the number of events in a bucket.
	 * @param bucket index of the bucket
	 * @return the count of this instance
	 */
	public long count(int bucket) {
		Totals before = this.before;
		long count = (before != null) ? before.count(bucket) : 0;
		for (TotalsBlock block : all()) {
			count += block.count(bucket);
		}
		return count;
	}

	/**
	 * Returns the sum of all amounts.
	 * @return the sum of this instance, in units
	 */
	public double sum() {
		long units = 0;
		double rest = 0;
		for (TotalsBlock block : all()) {
			units += block.units();
			rest += block.rest();
		}
		Totals before = this.before;
		return units + rest + ((before != null) ? before.sum() : 0);
	}

}
