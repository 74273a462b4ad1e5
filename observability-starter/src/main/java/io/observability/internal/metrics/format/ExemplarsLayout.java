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
 * Cells of a series' exemplars: a slot for each bucket, or one. <pre>
 *   0          4       5       6          8           16        24            56           72
 *  +----------+-------+-------+----------+-----------+---------+-------------+------------+
 *  | checksum | trace | span  | reserved | recorded, | value   | trace id,   | span id,   |
 *  | of slot  | id's  | id's  |          | epoch ms  |         | ASCII       | ASCII      |
 *  |          | length| length|          |           |         |             |            |
 *  +----------+-------+-------+----------+-----------+---------+-------------+------------+
 * </pre> The checksum is the CRC-32C of the rest of the slot. A slot with time 0 or a
 * wrong checksum holds no exemplar.
 */
public final class ExemplarsLayout {

	public static final int MAX_TRACE_ID_LENGTH = 32;

	public static final int MAX_SPAN_ID_LENGTH = 16;

	private static final int CHECKSUM_OFFSET = 0;

	private static final int TRACE_ID_LENGTH_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

	private static final int SPAN_ID_LENGTH_OFFSET = TRACE_ID_LENGTH_OFFSET + Byte.BYTES;

	private static final int TIME_OFFSET = 8;

	private static final int VALUE_OFFSET = TIME_OFFSET + Long.BYTES;

	private static final int TRACE_ID_OFFSET = VALUE_OFFSET + Double.BYTES;

	private static final int SPAN_ID_OFFSET = TRACE_ID_OFFSET + MAX_TRACE_ID_LENGTH;

	public static final int SLOT_LENGTH = SPAN_ID_OFFSET + MAX_SPAN_ID_LENGTH;

	private ExemplarsLayout() {
	}

	public static int slots(int buckets) {
		return Math.max(1, buckets);
	}

	public static int slotOffset(int cells, int index) {
		return cells + index * SLOT_LENGTH;
	}

	public static int checksumOffset(int slot) {
		return slot + CHECKSUM_OFFSET;
	}

	/** Returns where the bytes begin that the checksum covers. */
	public static int checkedOffset(int slot) {
		return checksumOffset(slot) + Integer.BYTES;
	}

	/** Returns how many bytes the checksum covers. */
	public static int checkedLength() {
		return SLOT_LENGTH - checkedOffset(0);
	}

	public static int traceIdLengthOffset(int slot) {
		return slot + TRACE_ID_LENGTH_OFFSET;
	}

	public static int spanIdLengthOffset(int slot) {
		return slot + SPAN_ID_LENGTH_OFFSET;
	}

	public static int timeOffset(int slot) {
		return slot + TIME_OFFSET;
	}

	public static int valueOffset(int slot) {
		return slot + VALUE_OFFSET;
	}

	public static int traceIdOffset(int slot) {
		return slot + TRACE_ID_OFFSET;
	}

	public static int spanIdOffset(int slot) {
		return slot + SPAN_ID_OFFSET;
	}

	static int length(int buckets) {
		return slotOffset(0, slots(buckets));
	}

}
