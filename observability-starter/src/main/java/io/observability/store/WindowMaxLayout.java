package io.observability.store;

/**
 * Cells of a greatest value within a moving time window, kept as one maximum for each of
 * the last {@code n} intervals of equal length. <pre>
 *   0            8                  8 + 8 n
 *  +------------+------------+-----+--------------+
 *  | newest     | max of an  | ... | max of an    |
 *  | interval   | interval   |     | interval     |
 *  +------------+------------+-----+--------------+
 * </pre> Intervals are numbered from the epoch: {@code epoch ms / length}. Interval
 * {@code i} lies at place {@code i mod n}. Maxima are the bits of doubles that are not
 * negative, which compare like longs.
 */
final class WindowMaxLayout {

	static final int INTERVAL_OFFSET = 0;

	private static final int MAXIMA_OFFSET = INTERVAL_OFFSET + Long.BYTES;

	static final int MAX_WINDOWS = (Integer.MAX_VALUE - MAXIMA_OFFSET) / Double.BYTES;

	private WindowMaxLayout() {
	}

	static int length(int windows) {
		return MAXIMA_OFFSET + windows * Double.BYTES;
	}

	static int maxOffset(long interval, int windows) {
		return MAXIMA_OFFSET + (int) (interval % windows) * Double.BYTES;
	}

}
