package io.observability.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.observability.memory.Region;
import org.jspecify.annotations.Nullable;

/**
 * Sampled values of several instances, made into one as the family's {@link GaugeMode}
 * says.
 */
public final class MergedSample extends MergedSeries {

	private final GaugeMode mode;

	private final double[] counts;

	private long changedMillis;

	private boolean live;

	private double value;

	MergedSample(Family family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.mode = family.mode();
		this.counts = new double[family.buckets()];
	}

	@Override
	void clear() {
		this.changedMillis = 0;
		this.live = false;
		this.value = 0;
		Arrays.fill(this.counts, 0);
	}

	@Override
	void add(ByteBuffer cells, int position, boolean live) {
		long changed = cells.getLong(position + SampleLayout.CHANGED_OFFSET);
		if (changed == 0 || (this.mode.isLiveOnly() && !live)) {
			return;
		}
		double other = cells.getDouble(position + SampleLayout.VALUE_OFFSET);
		if (!isPresent() || (Double.isNaN(this.value) && !this.mode.isPerInstance())) {
			take(cells, position, other);
		}
		else if (!Double.isNaN(other) || this.mode.isPerInstance()) {
			// Not a number: an instance that has no value has no say in the common one.
			switch (this.mode) {
				case SUM, LIVESUM -> addUp(cells, position, other);
				case MIN, LIVEMIN -> this.value = Math.min(this.value, other);
				case MAX, LIVEMAX -> this.value = Math.max(this.value, other);
				case MOSTRECENT, LIVEMOSTRECENT -> {
					if (changed > this.changedMillis) {
						take(cells, position, other);
					}
				}
				case ALL, LIVEALL -> {
					// The same instance twice: its slot's new holder, or its newer part.
					if ((live && !this.live) || (live == this.live && changed > this.changedMillis)) {
						take(cells, position, other);
					}
				}
			}
		}
		this.changedMillis = Math.max(this.changedMillis, changed);
		this.live |= live;
	}

	private void take(ByteBuffer cells, int position, double other) {
		this.value = other;
		for (int bucket = 0; bucket < this.counts.length; bucket++) {
			this.counts[bucket] = cells.getDouble(position + SampleLayout.countOffset(bucket));
		}
	}

	private void addUp(ByteBuffer cells, int position, double other) {
		this.value += other;
		for (int bucket = 0; bucket < this.counts.length; bucket++) {
			this.counts[bucket] += cells.getDouble(position + SampleLayout.countOffset(bucket));
		}
	}

	@Override
	void write(Region region, int offset) {
		new Sample(region, offset).set(this.value, this.counts, this.changedMillis);
	}

	@Override
	public boolean isPresent() {
		return this.changedMillis != 0;
	}

	/**
	 * The value of a gauge or counter, or the sum of a summary's or histogram's amounts.
	 * @return the value
	 */
	public double value() {
		return this.value;
	}

	/**
	 * Counts per bucket, not cumulative, the last up to +Inf.
	 * @return the counts themselves, valid until the next collection
	 */
	public double[] counts() {
		return this.counts;
	}

}
