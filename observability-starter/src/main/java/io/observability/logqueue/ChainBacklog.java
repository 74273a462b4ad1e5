package io.observability.logqueue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/**
 * Adds up what a chain's segments hold behind a position. Looks at the records' lengths
 * only, and takes a file as it is at this moment. For one thread.
 */
final class ChainBacklog {

	private final Position written;

	private final long[] dropped = new long[LevelCode.COUNT];

	private long bytes;

	ChainBacklog(Position written) {
		this.written = written;
	}

	void add(Chain.File file) throws IOException {
		ByteBuffer segment;
		try {
			segment = ByteBuffer.wrap(Files.readAllBytes(file.path())).order(ByteOrder.LITTLE_ENDIAN);
		}
		catch (NoSuchFileException ex) {
			// Collected meanwhile.
			return;
		}
		if (segment.limit() < SegmentLayout.HEADER_SIZE
				|| segment.getLong(SegmentLayout.MAGIC_OFFSET) != SegmentLayout.MAGIC) {
			return;
		}
		for (int level = 0; level < this.dropped.length; level++) {
			// Each segment has the chain's count up to when it was the current one.
			this.dropped[level] = Math.max(this.dropped[level],
					segment.getLong(SegmentLayout.DROPPED_OFFSET + level * Long.BYTES));
		}
		if (file.index() >= this.written.index()) {
			this.bytes += recordBytes(segment,
					(file.index() == this.written.index()) ? this.written.offset() : SegmentLayout.HEADER_SIZE);
		}
	}

	private static long recordBytes(ByteBuffer segment, int start) {
		int offset = start;
		while (offset + Integer.BYTES <= segment.limit()) {
			int length = Math.abs(segment.getInt(offset + RecordLayout.WORD_OFFSET));
			if (!RecordLayout.isPublished(length)) {
				break;
			}
			offset += RecordLayout.stride(length);
		}
		return (long) offset - start;
	}

	long bytes() {
		return this.bytes;
	}

	/** By level, from trace to error. */
	long[] dropped() {
		return this.dropped.clone();
	}

}
