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
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.format.WindowMaxLayout;

/**
 * The greatest value of the last few time intervals.
 *
 * <p>
 * Protocol. Any thread raises the maximum of the newest interval. Only
 * {@link #rotate(long)} begins a new interval, one thread at a time: it clears the places
 * of the intervals that have passed, then publishes the number of the newest one. A value
 * that is recorded at that moment may count for the interval before. A process that is
 * killed leaves the number of its newest interval, by which readers skip maxima that are
 * too old.
 */
public final class WindowMax implements SeriesCells {

	private final int windows;

	private final long windowMillis;

	private volatile Cells cells;

	// The cell of the newest interval.
	private volatile Cells newest;

	public WindowMax(Cells cells, int windows, long windowMillis, long nowMillis) {
		this.windows = windows;
		this.windowMillis = windowMillis;
		this.cells = cells;
		this.newest = maxOf(cells, nowMillis / windowMillis);
	}

	/**
	 * Creates a maximum that no reader sees, in memory of its own.
	 * @param family whose cells these are
	 * @param nowMillis the time, since the epoch
	 * @return the maximum
	 */
	public static WindowMax unshared(WindowMaxFamily family, long nowMillis) {
		Cells cells = new Cells(Region.allocate(family.cellBytes()), 0, family.cellBytes());
		WindowMax max = new WindowMax(cells, family.windows(), family.windowMillis(), nowMillis);
		max.rotate(nowMillis);
		return max;
	}

	/**
	 * Raises the maximum.
	 * @param value not negative, in units
	 */
	public void record(double value) {
		Cells newest = this.newest;
		Region region = newest.region();
		int at = newest.offset();
		long bits = Double.doubleToRawLongBits(value);
		long current = region.getLong(at);
		while (bits > current && !region.weakCompareAndSetLong(at, current, bits)) {
			current = region.getLong(at);
		}
	}

	/**
	 * Begins a new interval if the newest one is over. To be called periodically.
	 * @param nowMillis the time, since the epoch
	 */
	public void rotate(long nowMillis) {
		long interval = nowMillis / this.windowMillis;
		if (interval > interval(this.cells)) {
			rotateTo(interval);
		}
	}

	private synchronized void rotateTo(long interval) {
		Cells cells = this.cells;
		long newest = interval(cells);
		for (long passed = Math.max(newest, interval - this.windows) + 1; passed <= interval; passed++) {
			Cells max = maxOf(cells, passed);
			max.region().putLong(max.offset(), 0);
		}
		if (interval > newest) {
			cells.region().putLongRelease(WindowMaxLayout.intervalOffset(cells.offset()), interval);
			this.newest = maxOf(cells, interval);
		}
	}

	@Override
	public synchronized void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		this.cells = this.cells.relocated(lost, fresh);
		this.newest = maxOf(this.cells, interval(this.cells));
	}

	private static long interval(Cells cells) {
		return cells.region().getLong(WindowMaxLayout.intervalOffset(cells.offset()));
	}

	private Cells maxOf(Cells cells, long interval) {
		return new Cells(cells.region(), WindowMaxLayout.maxOffset(cells.offset(), interval, this.windows),
				Double.BYTES);
	}

	/**
	 * Returns the greatest value of the time window.
	 * @param nowMillis the time, since the epoch
	 * @return the maximum of this instance in units, 0 if nothing was recorded
	 */
	public double max(long nowMillis) {
		rotate(nowMillis);
		Cells cells = this.cells;
		double max = 0;
		for (int place = 0; place < this.windows; place++) {
			Cells window = maxOf(cells, place);
			max = Math.max(max, Double.longBitsToDouble(window.region().getLongAcquire(window.offset())));
		}
		return max;
	}

}
