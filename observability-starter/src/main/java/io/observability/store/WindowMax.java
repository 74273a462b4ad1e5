package io.observability.store;

import io.observability.memory.Region;

/**
 * The greatest value of the last few intervals of time.
 *
 * <p>
 * Protocol. Any thread raises the maximum of the newest interval. {@link #rotate(long)}
 * alone begins a new one, one thread at a time: it clears the places of the intervals
 * that have passed, then writes which is the newest. A value that is recorded in this
 * very moment may count for the interval before. A process that is killed leaves an
 * interval's number by which readers see what is too old.
 */
public final class WindowMax {

	private final Region region;

	private final int offset;

	private final int windows;

	private final long windowMillis;

	private volatile int newestOffset;

	WindowMax(Region region, int offset, int windows, long windowMillis, long nowMillis) {
		this.region = region;
		this.offset = offset;
		this.windows = windows;
		this.windowMillis = windowMillis;
		this.newestOffset = offset + WindowMaxLayout.maxOffset(nowMillis / windowMillis, windows);
	}

	/**
	 * Raises the maximum.
	 * @param value not negative, in units
	 */
	public void record(double value) {
		long bits = Double.doubleToRawLongBits(value);
		int at = this.newestOffset;
		long current = this.region.getLong(at);
		while (bits > current && !this.region.weakCompareAndSetLong(at, current, bits)) {
			current = this.region.getLong(at);
		}
	}

	/**
	 * Begins a new interval if it is time to. Called every now and then.
	 * @param nowMillis the time, since the epoch
	 */
	public void rotate(long nowMillis) {
		long interval = nowMillis / this.windowMillis;
		if (interval > this.region.getLong(this.offset + WindowMaxLayout.INTERVAL_OFFSET)) {
			rotateTo(interval);
		}
	}

	private synchronized void rotateTo(long interval) {
		int at = this.offset + WindowMaxLayout.INTERVAL_OFFSET;
		long newest = this.region.getLong(at);
		for (long passed = Math.max(newest, interval - this.windows) + 1; passed <= interval; passed++) {
			this.region.putLong(this.offset + WindowMaxLayout.maxOffset(passed, this.windows), 0);
		}
		if (interval > newest) {
			this.region.putLongRelease(at, interval);
			this.newestOffset = this.offset + WindowMaxLayout.maxOffset(interval, this.windows);
		}
	}

	/**
	 * Returns the greatest value that is not too old.
	 * @param nowMillis the time, since the epoch
	 * @return the maximum in units, 0 if nothing was recorded, of this instance
	 */
	public double max(long nowMillis) {
		rotate(nowMillis);
		double max = 0;
		for (int place = 0; place < this.windows; place++) {
			max = Math.max(max, Double.longBitsToDouble(
					this.region.getLongAcquire(this.offset + WindowMaxLayout.maxOffset(place, this.windows))));
		}
		return max;
	}

}
