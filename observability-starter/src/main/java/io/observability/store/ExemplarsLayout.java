package io.observability.store;

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
final class ExemplarsLayout {

	static final int MAX_TRACE_ID_LENGTH = 32;

	static final int MAX_SPAN_ID_LENGTH = 16;

	static final int CHECKSUM_OFFSET = 0;

	static final int TRACE_ID_LENGTH_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

	static final int SPAN_ID_LENGTH_OFFSET = TRACE_ID_LENGTH_OFFSET + Byte.BYTES;

	static final int TIME_OFFSET = 8;

	static final int VALUE_OFFSET = TIME_OFFSET + Long.BYTES;

	static final int TRACE_ID_OFFSET = VALUE_OFFSET + Double.BYTES;

	static final int SPAN_ID_OFFSET = TRACE_ID_OFFSET + MAX_TRACE_ID_LENGTH;

	static final int SLOT_LENGTH = SPAN_ID_OFFSET + MAX_SPAN_ID_LENGTH;

	private ExemplarsLayout() {
	}

	static int slots(int buckets) {
		return Math.max(1, buckets);
	}

	static int slotOffset(int slot) {
		return slot * SLOT_LENGTH;
	}

	static int length(int buckets) {
		return slotOffset(slots(buckets));
	}

}
