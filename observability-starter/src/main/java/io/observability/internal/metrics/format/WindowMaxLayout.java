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

package io.observability.internal.metrics.format;

/**
 * Cells of the maximum in a moving time window: one maximum for each of the last
 * {@code n} intervals of equal length. <pre>
 *   0            8                  8 + 8 n
 *  +------------+------------+-----+--------------+
 *  | newest     | max of an  | ... | max of an    |
 *  | interval   | interval   |     | interval     |
 *  +------------+------------+-----+--------------+
 * </pre> Intervals are numbered from the epoch: {@code epoch ms / length}. The maximum of
 * interval {@code i} is at position {@code i mod n}. Maxima are the bits of doubles that
 * are not negative, which have the same order as longs.
 */
public final class WindowMaxLayout {

	private static final int INTERVAL_OFFSET = 0;

	private static final int MAXIMA_OFFSET = INTERVAL_OFFSET + Long.BYTES;

	static final int MAX_WINDOWS = (Integer.MAX_VALUE - MAXIMA_OFFSET) / Double.BYTES;

	private WindowMaxLayout() {
	}

	static int length(int windows) {
		return MAXIMA_OFFSET + windows * Double.BYTES;
	}

	/** Returns where the number of the newest interval is. */
	public static int intervalOffset(int cells) {
		return cells + INTERVAL_OFFSET;
	}

	public static int maxOffset(int cells, long interval, int windows) {
		return cells + MAXIMA_OFFSET + (int) (interval % windows) * Double.BYTES;
	}

}
