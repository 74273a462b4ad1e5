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
 * </pre> The checksum is the CRC-32C of the bytes behind it, up to the end of the slot. A
 * slot that has time 0, or another checksum, holds no exemplar.
 */
public final class ExemplarsLayout {

	public static final int MAX_TRACE_ID_LENGTH = 32;

	public static final int MAX_SPAN_ID_LENGTH = 16;

	public static final int CHECKSUM_OFFSET = 0;

	public static final int TRACE_ID_LENGTH_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

	public static final int SPAN_ID_LENGTH_OFFSET = TRACE_ID_LENGTH_OFFSET + Byte.BYTES;

	public static final int TIME_OFFSET = 8;

	public static final int VALUE_OFFSET = TIME_OFFSET + Long.BYTES;

	public static final int TRACE_ID_OFFSET = VALUE_OFFSET + Double.BYTES;

	public static final int SPAN_ID_OFFSET = TRACE_ID_OFFSET + MAX_TRACE_ID_LENGTH;

	public static final int SLOT_LENGTH = SPAN_ID_OFFSET + MAX_SPAN_ID_LENGTH;

	private ExemplarsLayout() {
	}

	public static int slots(int buckets) {
		return Math.max(1, buckets);
	}

	public static int slotOffset(int slot) {
		return slot * SLOT_LENGTH;
	}

	static int length(int buckets) {
		return slotOffset(slots(buckets));
	}

}
