package io.observability.store;

/**
 * What a family is to whoever reads the merged view. Codes are part of the file format:
 * never change one.
 */
public enum MetricType {

	/** Grows only. */
	COUNTER(1),

	/** Goes up and down. */
	GAUGE(2),

	/** Counts per bucket, and a sum. */
	HISTOGRAM(3),

	/** A histogram of what is going on now, whose counts may fall. */
	GAUGE_HISTOGRAM(4),

	/** A count and a sum. */
	SUMMARY(5),

	/** Labels alone. */
	INFO(6),

	/** Which of several states something is in: its last label is the state. */
	STATE_SET(7),

	/** Nobody knows. */
	UNKNOWN(8),

	/**
	 * The sum, and the counts per classic bucket, of a histogram that has native buckets
	 * as well.
	 */
	NATIVE_HISTOGRAM(9),

	/**
	 * A bucket of a native histogram. Its last three labels are the schema, the sign of
	 * the values ({@code +}, {@code -} or {@code 0}) and the bucket's index; with sign
	 * {@code 0}, the threshold up to which a value counts as zero.
	 */
	NATIVE_BUCKET(10);

	private final int code;

	MetricType(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

}
