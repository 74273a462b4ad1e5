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
 * Cells of a series to which threads add. <pre>
 *  counter
 *   0            8
 *  +------------+------------+
 *  | units      | rest       |
 *  +------------+------------+
 *
 *  summary, histogram
 *   0            40                40 n
 *  +------------+-----+-----------+------------+
 *  | bucket 0   | ... | bucket n-1| rest       |
 *  +------------+-----+-----------+------------+
 *
 *  bucket
 *   0            8            16           24           32
 *  +------------+------------+------------+------------+------------+
 *  | recent     | count 0    | units 0    | count 1    | units 1    |
 *  +------------+------------+------------+------------+------------+
 *
 *  recent
 *   bit 63      62       48   47                                   0
 *  +-----------+------------+---------------------------------------+
 *  | which     | count      | units                                 |
 *  +-----------+------------+---------------------------------------+
 * </pre> All are longs but the rest, which is a double. A bucket's count is its recent
 * count plus count 0 or count 1, as "which" says; its units likewise. Counts are per
 * bucket, not cumulative; the last bucket reaches to +Inf. A summary has one bucket. The
 * sum is {@code (units of all buckets + rest) / divisor}.
 */
public final class TotalsLayout {

	/** Added to a bucket's recent cell for an event, together with the event's units. */
	public static final long ONE_EVENT = 1L << 48;

	/** The most units that may be added to a recent cell at once. */
	public static final long MAX_UNITS = 1L << 36;

	private static final long WHICH = 1L << 63;

	private static final long UNITS = ONE_EVENT - 1;

	// The two highest bits of the count and of the units: above the lower bit there is
	// room for what other threads add before they see it.
	private static final long DUE = (3L << 61) | (3L << 46);

	private static final long OVERDUE = (1L << 62) | (1L << 47);

	private static final int BUCKET_LENGTH = 5 * Long.BYTES;

	private static final int BASE_LENGTH = 2 * Long.BYTES;

	private TotalsLayout() {
	}

	static int length(int buckets) {
		return restOffset(0, buckets) + Double.BYTES;
	}

	/** Returns where the units of a counter are. */
	public static int unitsOffset(int cells) {
		return cells;
	}

	public static int restOffset(int cells, int buckets) {
		return (buckets == 0) ? unitsOffset(cells) + Long.BYTES : recentOffset(cells, buckets);
	}

	public static int recentOffset(int cells, int bucket) {
		return cells + bucket * BUCKET_LENGTH;
	}

	/** Returns where the base count is that {@code recent} names. */
	public static int countOffset(int cells, int bucket, long recent) {
		return recentOffset(cells, bucket) + Long.BYTES + (int) (recent >>> 63) * BASE_LENGTH;
	}

	/** Returns where the base units are that {@code recent} names. */
	public static int unitsOffset(int cells, int bucket, long recent) {
		return countOffset(cells, bucket, recent) + Long.BYTES;
	}

	public static long count(long recent) {
		return (recent & ~WHICH) >>> 48;
	}

	public static long units(long recent) {
		return recent & UNITS;
	}

	/** Returns an empty recent cell that names the other base. */
	public static long next(long recent) {
		return ~recent & WHICH;
	}

	/** Returns whether it is time to carry the recent count and units over. */
	public static boolean isDue(long recent) {
		return (recent & DUE) != 0;
	}

	/** Returns whether nothing may be added before they are carried over. */
	public static boolean isOverdue(long recent) {
		return (recent & OVERDUE) != 0;
	}

}
