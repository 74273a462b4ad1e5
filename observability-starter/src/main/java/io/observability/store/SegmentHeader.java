package io.observability.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a segment's header says.
 *
 * @param chain whose it is
 * @param index its place in the chain; of an archive, the generation
 * @param length of the header
 * @param size of the segment
 * @param createdMillis when it was made, since the epoch
 * @param instanceName value of the instance label
 */
record SegmentHeader(ChainId chain, int index, int length, int size, long createdMillis, String instanceName) {

	/** Reads the header that stands at the start of a segment. */
	static SegmentHeader parse(ByteBuffer bytes) throws CorruptSegmentException {
		if (bytes.limit() < SegmentLayout.NAME_OFFSET) {
			throw new CorruptSegmentException(
					"metrics file is too short: length=" + bytes.limit() + ", limit=" + SegmentLayout.NAME_OFFSET);
		}
		long magic = bytes.getLong(SegmentLayout.MAGIC_OFFSET);
		if (magic != SegmentLayout.MAGIC) {
			throw new CorruptSegmentException("not a metrics file: magic=0x" + Long.toHexString(magic));
		}
		int version = bytes.getInt(SegmentLayout.VERSION_OFFSET);
		if (version != SegmentLayout.VERSION) {
			throw new UnknownVersionException(version);
		}
		int nameLength = bytes.getInt(SegmentLayout.NAME_LENGTH_OFFSET);
		int length = bytes.getInt(SegmentLayout.HEADER_LENGTH_OFFSET);
		int size = bytes.getInt(SegmentLayout.SIZE_OFFSET);
		if (nameLength < 0 || nameLength > bytes.limit() - SegmentLayout.NAME_OFFSET
				|| length != SegmentLayout.headerLength(nameLength) || size < length) {
			throw new CorruptSegmentException("header of metrics file does not fit: name length=" + nameLength
					+ ", header length=" + length + ", size=" + size);
		}
		byte[] name = new byte[nameLength];
		bytes.get(SegmentLayout.NAME_OFFSET, name);
		return new SegmentHeader(
				ChainId.of(bytes.getLong(SegmentLayout.INSTANCE_ID_OFFSET), bytes.getInt(SegmentLayout.CHAIN_OFFSET)),
				bytes.getInt(SegmentLayout.INDEX_OFFSET), length, size, bytes.getLong(SegmentLayout.CREATED_OFFSET),
				new String(name, StandardCharsets.UTF_8));
	}

}
