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
 * Cells of a series that is sampled: a time, then doubles. <pre>
 *   0            8            16
 *  +------------+------------+------------+-----+--------------+
 *  | changed,   | value,     | count of   | ... | count of     |
 *  | epoch ms   | or sum     | bucket 0   |     | bucket n-1   |
 *  +------------+------------+------------+-----+--------------+
 * </pre> Counts are per bucket, not cumulative. The time is 0 if the series has no value
 * yet or its meter was removed.
 */
public final class SampleLayout {

	private static final int CHANGED_OFFSET = 0;

	private static final int VALUE_OFFSET = CHANGED_OFFSET + Long.BYTES;

	private static final int COUNTS_OFFSET = VALUE_OFFSET + Double.BYTES;

	private SampleLayout() {
	}

	public static int length(int buckets) {
		return countOffset(0, buckets);
	}

	/** Returns the number of buckets in cells of this length. */
	public static int buckets(int length) {
		return (length - COUNTS_OFFSET) / Double.BYTES;
	}

	/** Returns where the time is at which the value last changed. */
	public static int changedOffset(int cells) {
		return cells + CHANGED_OFFSET;
	}

	public static int valueOffset(int cells) {
		return cells + VALUE_OFFSET;
	}

	public static int countOffset(int cells, int bucket) {
		return cells + COUNTS_OFFSET + bucket * Double.BYTES;
	}

}
