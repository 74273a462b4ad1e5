package io.observability.store;

import java.util.function.Supplier;

import io.observability.memory.Region;
import org.jspecify.annotations.Nullable;

/**
 * A counter, summary or histogram that any number of threads of this process add to. No
 * method locks, allocates (but once, see below) or throws.
 *
 * <p>
 * Protocol. A series begins with one block of cells. A thread that finds another one
 * adding to it at the same moment gives the series more blocks, each a {@code SERIES}
 * record of its own with the same labels, as
 * {@link java.util.concurrent.atomic.LongAdder} makes more cells on the heap; from then
 * on each thread adds to the block that its id picks. Readers add all blocks up. Within a
 * block the amount is added before the event is counted, so a process that is killed in
 * between leaves at most one amount without its event per thread.
 */
public final class Totals {

	// What fits is added as a whole number: exact, and one instruction. The bound leaves
	// room for 2^31 such amounts before a sum overflows.
	private static final double MAX_UNITS = 1L << 32;

	private static final Block[] NONE = {};

	private final Block first;

	private final Supplier<Block[]> spreader;

	private volatile Block @Nullable [] stripes;

	Totals(Block first, Supplier<Block[]> spreader) {
		this.first = first;
		this.spreader = spreader;
	}

	/**
	 * Adds to the sum of a counter.
	 * @param amount not negative
	 */
	public void add(double amount) {
		long units = (long) amount;
		if (units == amount && units <= MAX_UNITS) {
			claim(units);
		}
		else {
			block().addRest(amount);
		}
	}

	/**
	 * Counts an event in a bucket and adds its amount to the sum.
	 * @param bucket index of the bucket
	 * @param units amount, in whole units
	 */
	public void record(int bucket, long units) {
		claim(units).addCount(bucket);
	}

	/**
	 * Counts an event in a bucket and adds its amount to the sum.
	 * @param bucket index of the bucket
	 * @param amount any amount
	 */
	public void record(int bucket, double amount) {
		long units = (long) amount;
		if (units == amount && Math.abs(amount) <= MAX_UNITS) {
			claim(units).addCount(bucket);
		}
		else {
			Block block = block();
			block.addRest(amount);
			block.addCount(bucket);
		}
	}

	/** Adds whole units, and returns the block to which it has added them. */
	private Block claim(long units) {
		Block[] stripes = this.stripes;
		if (stripes == null) {
			if (this.first.tryAddUnits(units)) {
				return this.first;
			}
			stripes = spread();
		}
		Block block = pick(stripes);
		block.addUnits(units);
		return block;
	}

	private Block block() {
		Block[] stripes = this.stripes;
		return (stripes != null) ? pick(stripes) : this.first;
	}

	private Block[] spread() {
		synchronized (this) {
			Block[] stripes = this.stripes;
			if (stripes == null) {
				stripes = this.spreader.get();
				this.stripes = stripes;
			}
			return stripes;
		}
	}

	private static Block pick(Block[] stripes) {
		return stripes[(int) Thread.currentThread().getId() & (stripes.length - 1)];
	}

	/**
	 * Returns the number of events in a bucket.
	 * @param bucket index of the bucket
	 * @return the count so far, of this instance
	 */
	public long count(int bucket) {
		long count = this.first.count(bucket);
		for (Block stripe : others()) {
			count += stripe.count(bucket);
		}
		return count;
	}

	/**
	 * Returns the sum of all amounts.
	 * @return the sum in units, of this instance
	 */
	public double sum() {
		long units = this.first.units();
		double rest = this.first.rest();
		for (Block stripe : others()) {
			units += stripe.units();
			rest += stripe.rest();
		}
		return units + rest;
	}

	private Block[] others() {
		Block[] stripes = this.stripes;
		return (stripes != null) ? stripes : NONE;
	}

	/**
	 * One set of cells.
	 *
	 * @param region where it lies
	 * @param countsAt offset of the count of the first bucket
	 * @param unitsAt offset of the sum of whole units
	 * @param restAt offset of the sum of other amounts
	 */
	record Block(Region region, int countsAt, int unitsAt, int restAt) {

		static Block of(Cells cells, int buckets) {
			return new Block(cells.region(), cells.offset() + TotalsLayout.countOffset(0),
					cells.offset() + TotalsLayout.unitsOffset(buckets),
					cells.offset() + TotalsLayout.restOffset(buckets));
		}

		boolean tryAddUnits(long units) {
			long current = this.region.getLong(this.unitsAt);
			return this.region.compareAndSetLong(this.unitsAt, current, current + units);
		}

		void addUnits(long units) {
			this.region.getAndAddLong(this.unitsAt, units);
		}

		void addRest(double amount) {
			long current;
			long next;
			do {
				current = this.region.getLong(this.restAt);
				next = Double.doubleToRawLongBits(Double.longBitsToDouble(current) + amount);
			}
			while (!this.region.compareAndSetLong(this.restAt, current, next));
		}

		void addCount(int bucket) {
			this.region.getAndAddLong(countAt(bucket), 1);
		}

		long count(int bucket) {
			return this.region.getLongAcquire(countAt(bucket));
		}

		private int countAt(int bucket) {
			return this.countsAt + TotalsLayout.countOffset(bucket);
		}

		long units() {
			return this.region.getLongAcquire(this.unitsAt);
		}

		double rest() {
			return Double.longBitsToDouble(this.region.getLongAcquire(this.restAt));
		}

	}

}
