package io.observability.logqueue;

import java.util.Comparator;

/**
 * A place in a chain: everything before it has been read.
 *
 * @param index of the segment
 * @param offset in the segment
 */
record Position(int index, int offset) implements Comparable<Position> {

	private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::index)
		.thenComparingInt(Position::offset);

	static Position startOf(int index) {
		return new Position(index, SegmentLayout.HEADER_SIZE);
	}

	@Override
	public int compareTo(Position other) {
		return ORDER.compare(this, other);
	}

}
