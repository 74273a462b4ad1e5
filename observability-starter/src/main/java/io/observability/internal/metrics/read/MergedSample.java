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

import io.observability.GaugeMode;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.ExactSum;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.SampleLayout;
import org.jspecify.annotations.Nullable;

/**
 * Sampled values of several instances, merged by the {@link GaugeMode} of the family.
 */
public final class MergedSample extends MergedSeries {

	private final GaugeMode mode;

	private final double[] counts;

	private long changedMillis;

	private boolean live;

	// The sum of all values if the mode adds them up, else the one that counts.
	private final ExactSum value = new ExactSum();

	MergedSample(SampleFamily family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.mode = family.mode();
		this.counts = new double[family.buckets()];
	}

	@Override
	void clear() {
		this.changedMillis = 0;
		this.live = false;
		this.value.clear();
		Arrays.fill(this.counts, 0);
	}

	@Override
	void add(ByteBuffer cells, int position, boolean live) {
		long changed = cells.getLong(SampleLayout.changedOffset(position));
		if (changed == 0 || (this.mode.isLiveOnly() && !live)) {
			return;
		}
		double other = cells.getDouble(SampleLayout.valueOffset(position));
		if (!isPresent() || isReplacedBy(other, changed, live)) {
			this.value.clear();
			Arrays.fill(this.counts, 0);
			this.changedMillis = changed;
			this.live = live;
			addUp(cells, position, other);
		}
		else if (isSum() && !Double.isNaN(other)) {
			this.changedMillis = Math.max(this.changedMillis, changed);
			this.live |= live;
			addUp(cells, position, other);
		}
	}

	private boolean isReplacedBy(double other, long changed, boolean live) {
		if (this.mode.isPerInstance()) {
			// One instance name twice: the slot's new holder counts, or the newer value.
			return (live && !this.live) || (live == this.live && changed > this.changedMillis);
		}
		// An instance whose value is not a number is left out.
		double value = value();
		if (Double.isNaN(value) || Double.isNaN(other)) {
			return !Double.isNaN(other);
		}
		return switch (this.mode) {
			case MIN, LIVEMIN -> other < value;
			case MAX, LIVEMAX -> other > value;
			case MOSTRECENT, LIVEMOSTRECENT -> changed > this.changedMillis;
			case SUM, LIVESUM, ALL, LIVEALL -> false;
		};
	}

	private boolean isSum() {
		return this.mode == GaugeMode.SUM || this.mode == GaugeMode.LIVESUM;
	}

	private void addUp(ByteBuffer cells, int position, double other) {
		this.value.add(other);
		for (int bucket = 0; bucket < this.counts.length; bucket++) {
			this.counts[bucket] += cells.getDouble(SampleLayout.countOffset(position, bucket));
		}
	}

	@Override
	public int blocks() {
		return parts().length;
	}

	@Override
	public void write(int block, Region region, int offset) {
		new Sample(new Cells(region, offset, SampleLayout.length(this.counts.length))).set(parts()[block],
				(block == 0) ? this.counts : new double[this.counts.length], this.changedMillis);
	}

	/** Of a sum, only what is finite stays after its instance has terminated. */
	private double[] parts() {
		return isSum() ? this.value.finiteParts() : this.value.parts();
	}

	@Override
	public boolean isPresent() {
		return this.changedMillis != 0;
	}

	/**
	 * Returns whether a living instance has contributed.
	 * @return whether one has
	 */
	public boolean isLive() {
		return this.live;
	}

	/**
	 * Returns the value of a gauge or counter, or the sum of a summary or histogram.
	 * @return the value
	 */
	public double value() {
		return this.value.value();
	}

	/**
	 * Returns when the value last changed.
	 * @return milliseconds since the epoch
	 */
	public long changedMillis() {
		return this.changedMillis;
	}

	/**
	 * Returns the counts per bucket, not cumulative, the last one up to +Inf.
	 * @return the array itself, valid until the next collection
	 */
	public double[] counts() {
		return this.counts;
	}

}
