package io.observability.store;

/**
 * Cells of a series that is added up. All are longs but the last, which holds the bits of
 * a double. <pre>
 *   0            8                 8 n
 *  +------------+-----+-----------+-----------+-----------+
 *  | count of   | ... | count of  | sum, as   | sum, what |
 *  | bucket 0   |     | bucket n-1| units     | is not    |
 *  +------------+-----+-----------+-----------+-----------+
 * </pre> Counts are per bucket, not cumulative; the last bucket reaches to +Inf. A
 * summary has one bucket, a counter has none. The sum is
 * {@code (units + rest) / divisor}. It lies behind the counts, and is added to before
 * them, so that who copies upwards sees no event without its amount.
 */
final class TotalsLayout {

	private TotalsLayout() {
	}

	static int length(int buckets) {
		return restOffset(buckets) + Long.BYTES;
	}

	static int countOffset(int bucket) {
		return bucket * Long.BYTES;
	}

	static int unitsOffset(int buckets) {
		return countOffset(buckets);
	}

	static int restOffset(int buckets) {
		return unitsOffset(buckets) + Long.BYTES;
	}

}
