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

import java.util.concurrent.TimeUnit;

/**
 * A block that another one has replaced.
 *
 * <p>
 * Protocol. Threads that have looked up the block before it was replaced may still add to
 * it. So it is read again from time to time, and what has been added since the last
 * reading is added to the other block: nothing is lost, and nothing is counted twice. It
 * is forgotten when no thread can be on its way any more. One thread at a time.
 */
final class FormerBlock {

	/** A thread that looks up a block and adds to it may be suspended in between. */
	private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(30);

	private final long replaced = System.nanoTime();

	private final TotalsBlock block;

	/** What has been added to the other block, by bucket. */
	private final long[] counts;

	private final long[] units;

	private FormerBlock(TotalsBlock block, int buckets) {
		this.block = block;
		this.counts = new long[buckets];
		// A counter has units, but no buckets.
		this.units = new long[Math.max(1, buckets)];
	}

	/** Replaces a block by another one, which no thread adds to yet. */
	static FormerBlock of(TotalsBlock block, int buckets, TotalsBlock other) {
		FormerBlock former = new FormerBlock(block, buckets);
		for (int bucket = 0; bucket < buckets; bucket++) {
			former.counts[bucket] = block.count(bucket);
			former.units[bucket] = block.units(bucket);
			other.begin(bucket, former.counts[bucket], former.units[bucket]);
		}
		former.addNew(other);
		return former;
	}

	/**
	 * Adds what is new to the other block.
	 * @return whether there may be more later
	 */
	boolean addNew(TotalsBlock other) {
		boolean settled = System.nanoTime() - this.replaced > SETTLED_NANOS;
		this.block.settle();
		double rest = this.block.takeRest();
		if (rest != 0) {
			other.addRest(rest);
		}
		if (this.counts.length == 0) {
			long units = this.block.units();
			other.addUnits(units - this.units[0]);
			this.units[0] = units;
		}
		for (int bucket = 0; bucket < this.counts.length; bucket++) {
			long count = this.block.count(bucket);
			long units = this.block.units(bucket);
			other.add(bucket, count - this.counts[bucket], units - this.units[bucket]);
			this.counts[bucket] = count;
			this.units[bucket] = units;
		}
		return !settled;
	}

}
