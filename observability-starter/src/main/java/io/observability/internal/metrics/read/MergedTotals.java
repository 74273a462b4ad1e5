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

package io.observability.internal.metrics.read;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.ExactSum;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.TotalsLayout;
import org.jspecify.annotations.Nullable;

/**
 * Totals of all instances, living or terminated, added up.
 */
public final class MergedTotals extends MergedSeries {

	private static final long[] NO_COUNTS = {};

	private final double divisor;

	private final long[] counts;

	private long units;

	private final ExactSum rest = new ExactSum();

	private boolean present;

	private boolean live;

	public MergedTotals(TotalsFamily family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.divisor = family.divisor();
		this.counts = (family.buckets() > 0) ? new long[family.buckets()] : NO_COUNTS;
	}

	@Override
	void clear() {
		Arrays.fill(this.counts, 0);
		this.units = 0;
		this.rest.clear();
		this.present = false;
		this.live = false;
	}

	@Override
	public void add(ByteBuffer cells, int position, boolean live) {
		int buckets = this.counts.length;
		if (buckets == 0) {
			this.units += cells.getLong(TotalsLayout.unitsOffset(position));
		}
		for (int bucket = 0; bucket < buckets; bucket++) {
			long recent = cells.getLong(TotalsLayout.recentOffset(position, bucket));
			this.counts[bucket] += TotalsLayout.count(recent)
					+ cells.getLong(TotalsLayout.countOffset(position, bucket, recent));
			this.units += TotalsLayout.units(recent)
					+ cells.getLong(TotalsLayout.unitsOffset(position, bucket, recent));
		}
		double rest = cells.getDouble(TotalsLayout.restOffset(position, buckets));
		// Most totals have none: their sum's memory is not touched.
		if (rest != 0) {
			this.rest.add(rest);
		}
		this.present = true;
		this.live |= live;
	}

	@Override
	public int blocks() {
		return this.rest.finiteParts().length;
	}

	/**
	 * An amount that is not finite is left out: it is gone with the instance, as it is
	 * when a process begins anew.
	 */
	@Override
	public void write(int block, Region region, int offset) {
		if (block == 0) {
			writeUnits(region, offset);
		}
		region.putLong(TotalsLayout.restOffset(offset, this.counts.length),
				Double.doubleToRawLongBits(this.rest.finiteParts()[block]));
	}

	private void writeUnits(Region region, int offset) {
		int buckets = this.counts.length;
		for (int bucket = 0; bucket < buckets; bucket++) {
			region.putLong(TotalsLayout.countOffset(offset, bucket, 0), this.counts[bucket]);
		}
		// Only their sum is read: the first bucket gets the units of all.
		region.putLong((buckets == 0) ? TotalsLayout.unitsOffset(offset) : TotalsLayout.unitsOffset(offset, 0, 0),
				this.units);
	}

	@Override
	public boolean isPresent() {
		return this.present;
	}

	/**
	 * Returns whether a living instance has contributed.
	 * @return whether one has
	 */
	public boolean isLive() {
		return this.live;
	}

	/**
	 * Returns the value of a counter, or the sum of a summary or histogram.
	 * @return the sum, divided by the family's divisor
	 */
	public double sum() {
		return (this.units + this.rest.value()) / this.divisor;
	}

	/**
	 * Returns the counts per bucket, not cumulative, the last one up to +Inf.
	 * @return the array itself, valid until the next collection
	 */
	public long[] counts() {
		return this.counts;
	}

}
