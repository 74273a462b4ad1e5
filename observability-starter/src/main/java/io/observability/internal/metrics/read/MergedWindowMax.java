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
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.format.WindowMaxLayout;
import org.jspecify.annotations.Nullable;

/**
 * The greatest value of a moving time window, of all instances, living or terminated.
 */
public final class MergedWindowMax extends MergedSeries {

	private final double divisor;

	private final long windowMillis;

	private final double[] maxima;

	private long newest;

	private boolean present;

	MergedWindowMax(WindowMaxFamily family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.divisor = family.divisor();
		this.windowMillis = family.windowMillis();
		this.maxima = new double[family.windows()];
	}

	@Override
	void clear() {
		Arrays.fill(this.maxima, 0);
		this.newest = 0;
		this.present = false;
	}

	@Override
	void add(ByteBuffer cells, int position, boolean live) {
		this.present = true;
		long interval = cells.getLong(WindowMaxLayout.intervalOffset(position));
		advanceTo(interval);
		int windows = this.maxima.length;
		// Downwards, and never more than the number of windows: the interval in a damaged
		// file may be any number.
		long oldest = Math.max(0, this.newest - windows + 1);
		for (long i = interval; i >= oldest && interval - i < windows; i--) {
			int place = (int) (i % windows);
			double max = cells.getDouble(WindowMaxLayout.maxOffset(position, i, windows));
			this.maxima[place] = Math.max(this.maxima[place], max);
		}
	}

	private void advanceTo(long interval) {
		int windows = this.maxima.length;
		for (long i = interval; i > this.newest && interval - i < windows; i--) {
			this.maxima[(int) (i % windows)] = 0;
		}
		this.newest = Math.max(this.newest, interval);
	}

	@Override
	public void write(int block, Region region, int offset) {
		region.putLong(WindowMaxLayout.intervalOffset(offset), this.newest);
		for (int place = 0; place < this.maxima.length; place++) {
			region.putLong(WindowMaxLayout.maxOffset(offset, place, this.maxima.length),
					Double.doubleToRawLongBits(this.maxima[place]));
		}
	}

	@Override
	public boolean isPresent() {
		return this.present;
	}

	/**
	 * Returns the greatest value of the time window.
	 * @param nowMillis the time, since the epoch
	 * @return the maximum, divided by the family's divisor; 0 if there is none
	 */
	public double max(long nowMillis) {
		int windows = this.maxima.length;
		long oldest = Math.max(0, nowMillis / this.windowMillis - windows + 1);
		double max = 0;
		for (long i = this.newest; i >= oldest && this.newest - i < windows; i--) {
			max = Math.max(max, this.maxima[(int) (i % windows)]);
		}
		return max / this.divisor;
	}

}
