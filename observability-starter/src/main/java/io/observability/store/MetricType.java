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
	INFO(6);

	private final int code;

	MetricType(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

}
