package io.observability.store;

/**
 * What a family is to whoever reads the merged view. Ordinals are part of the file
 * format: add at the end only.
 */
public enum MetricType {

	/** Grows only. */
	COUNTER,

	/** Goes up and down. */
	GAUGE,

	/** Counts per bucket, and a sum. */
	HISTOGRAM,

	/** A histogram of what is going on now, whose counts may fall. */
	GAUGE_HISTOGRAM,

	/** A count and a sum. */
	SUMMARY,

	/** Labels alone. */
	INFO

}
