package io.observability.store;

/**
 * How the numbers of a series are kept. Codes are part of the file format: never change
 * one.
 */
public enum CellKind {

	/** Added up by every thread that records: see {@link TotalsLayout}. */
	TOTALS(1),

	/** Written as a whole now and then by one thread: see {@link SampleLayout}. */
	SAMPLE(2),

	/** The greatest value within a moving time window: see {@link WindowMaxLayout}. */
	WINDOW_MAX(3),

	/**
	 * Recorded values with the spans that they came from: see {@link ExemplarsLayout}.
	 */
	EXEMPLARS(4);

	private final int code;

	CellKind(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

}
