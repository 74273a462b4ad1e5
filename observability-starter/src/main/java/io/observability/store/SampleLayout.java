package io.observability.store;

/**
 * Cells of a series that is sampled: a time, then doubles. <pre>
 *   0            8            16
 *  +------------+------------+------------+-----+--------------+
 *  | changed,   | value,     | count of   | ... | count of     |
 *  | epoch ms   | or sum     | bucket 0   |     | bucket n-1   |
 *  +------------+------------+------------+-----+--------------+
 * </pre> Counts are per bucket, not cumulative. A series that has no value yet, or whose
 * meter was removed, has time 0.
 */
final class SampleLayout {

	static final int CHANGED_OFFSET = 0;

	static final int VALUE_OFFSET = CHANGED_OFFSET + Long.BYTES;

	private static final int COUNTS_OFFSET = VALUE_OFFSET + Double.BYTES;

	private SampleLayout() {
	}

	static int length(int buckets) {
		return countOffset(buckets);
	}

	static int countOffset(int bucket) {
		return COUNTS_OFFSET + bucket * Double.BYTES;
	}

}
