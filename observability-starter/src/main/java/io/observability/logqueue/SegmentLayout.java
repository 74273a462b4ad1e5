package io.observability.logqueue;

/**
 * Where things lie in the header of a segment file. Little-endian; records follow the
 * header, see {@link RecordLayout}. <pre>
 * offset size
 *      0    8  magic: the ASCII characters OBSVLOGQ
 *      8    4  format version
 *     12    4  size of this header, where the first record is
 *     16    4  size of the file
 *     20    4  index of the segment in its chain, from 0
 *     24   16  id of the instance, ASCII
 *     40    4  number of the chain among the instance's chains, from 0
 *     44    4  free word: what an unclaimed record header holds
 *     48   40  dropped events of the chain by level, five longs: trace to error
 *     88   40  zero
 * </pre>
 */
final class SegmentLayout {

	/** "OBSVLOGQ", first character in the lowest byte. */
	static final long MAGIC = 0x51474f4c_5653424fL;

	static final int VERSION = 1;

	static final int MAGIC_OFFSET = 0;

	static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;

	static final int HEADER_SIZE_OFFSET = VERSION_OFFSET + Integer.BYTES;

	static final int FILE_SIZE_OFFSET = HEADER_SIZE_OFFSET + Integer.BYTES;

	static final int INDEX_OFFSET = FILE_SIZE_OFFSET + Integer.BYTES;

	static final int INSTANCE_OFFSET = INDEX_OFFSET + Integer.BYTES;

	static final int INSTANCE_SIZE = 16;

	static final int CHAIN_OFFSET = INSTANCE_OFFSET + INSTANCE_SIZE;

	static final int FREE_WORD_OFFSET = CHAIN_OFFSET + Integer.BYTES;

	static final int DROPPED_OFFSET = FREE_WORD_OFFSET + Integer.BYTES;

	static final int HEADER_SIZE = 128;

	private SegmentLayout() {
	}

}
