package io.observability.store;

/**
 * How the numbers of a series are kept. Ordinals are part of the file format: add at the
 * end only.
 */
public enum CellKind {

	/** Added up by every thread that records: see {@link TotalsLayout}. */
	TOTALS,

	/** Written as a whole now and then by one thread: see {@link SampleLayout}. */
	SAMPLE,

	/** The greatest value within a moving time window: see {@link WindowMaxLayout}. */
	WINDOW_MAX

}
