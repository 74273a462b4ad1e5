package io.observability.store;

import io.observability.memory.Region;

/**
 * A value, or a value with counts, that one thread at a time writes as a whole. Readers
 * may see a part of the old and a part of the new numbers: each of them is right, they
 * are of two moments.
 */
public final class Sample {

	private final Region region;

	private final int offset;

	Sample(Region region, int offset) {
		this.region = region;
		this.offset = offset;
	}

	/**
	 * Sets the value of a gauge or counter. The time changes only with the value, so that
	 * "most recent" means who changed last, not who was sampled last.
	 * @param value the value
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double value, long nowMillis) {
		long bits = Double.doubleToRawLongBits(value);
		int at = this.offset + SampleLayout.VALUE_OFFSET;
		if (this.region.getLong(at) != bits || !isPresent()) {
			this.region.putLong(at, bits);
			this.region.putLongRelease(this.offset + SampleLayout.CHANGED_OFFSET, nowMillis);
		}
	}

	/**
	 * Sets the sum and the counts of a summary or histogram.
	 * @param sum of all amounts
	 * @param counts per bucket, not cumulative
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double sum, double[] counts, long nowMillis) {
		this.region.putLong(this.offset + SampleLayout.VALUE_OFFSET, Double.doubleToRawLongBits(sum));
		for (int bucket = 0; bucket < counts.length; bucket++) {
			this.region.putLong(this.offset + SampleLayout.countOffset(bucket),
					Double.doubleToRawLongBits(counts[bucket]));
		}
		this.region.putLongRelease(this.offset + SampleLayout.CHANGED_OFFSET, nowMillis);
	}

	/**
	 * Returns the value, or the sum.
	 * @return what was set last, 0 if nothing was
	 */
	public double value() {
		return Double.longBitsToDouble(this.region.getLong(this.offset + SampleLayout.VALUE_OFFSET));
	}

	/**
	 * Returns the count of a bucket.
	 * @param bucket index of the bucket
	 * @return what was set last, 0 if nothing was
	 */
	public double count(int bucket) {
		return Double.longBitsToDouble(this.region.getLong(this.offset + SampleLayout.countOffset(bucket)));
	}

	/** Takes the series out of what is live, because its meter is gone. */
	public void clear() {
		this.region.putLongRelease(this.offset + SampleLayout.CHANGED_OFFSET, 0);
	}

	private boolean isPresent() {
		return this.region.getLong(this.offset + SampleLayout.CHANGED_OFFSET) != 0;
	}

}
