package io.observability.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes the bytes of records.
 */
final class RecordEncoder {

	private RecordEncoder() {
	}

	static byte[] family(Family family) {
		byte[] name = utf8(family.name());
		byte[] help = utf8(family.help());
		byte[][] labels = utf8(family.labelNames());
		int length = RecordLayout.FAMILY_BOUNDS_OFFSET + family.bounds().size() * Double.BYTES + sizeOf(name)
				+ sizeOf(help) + sizeOf(labels);
		ByteBuffer buffer = record(length, RecordLayout.FAMILY);
		buffer.put(RecordLayout.FAMILY_TYPE_OFFSET, (byte) family.type().ordinal());
		buffer.put(RecordLayout.FAMILY_MODE_OFFSET, (byte) family.mode().ordinal());
		buffer.put(RecordLayout.FAMILY_KIND_OFFSET, (byte) family.kind().ordinal());
		buffer.putInt(RecordLayout.FAMILY_BOUND_COUNT_OFFSET, family.bounds().size());
		buffer.putInt(RecordLayout.FAMILY_LABEL_COUNT_OFFSET, labels.length);
		buffer.putInt(RecordLayout.FAMILY_WINDOWS_OFFSET, family.windows());
		buffer.putDouble(RecordLayout.FAMILY_SCALE_OFFSET, family.scale());
		buffer.putLong(RecordLayout.FAMILY_WINDOW_MILLIS_OFFSET, family.windowMillis());
		buffer.position(RecordLayout.FAMILY_BOUNDS_OFFSET);
		family.bounds().forEach(buffer::putDouble);
		put(buffer, name);
		put(buffer, help);
		for (byte[] label : labels) {
			put(buffer, label);
		}
		return buffer.array();
	}

	static int seriesLength(List<String> labelValues) {
		return SegmentLayout.align(RecordLayout.SERIES_LABELS_OFFSET + sizeOf(utf8(labelValues)));
	}

	static byte[] series(int familyOffset, int cellsOffset, long createdMillis, List<String> labelValues) {
		byte[][] labels = utf8(labelValues);
		ByteBuffer buffer = record(RecordLayout.SERIES_LABELS_OFFSET + sizeOf(labels), RecordLayout.SERIES);
		buffer.putInt(RecordLayout.SERIES_FAMILY_OFFSET, familyOffset);
		buffer.putInt(RecordLayout.SERIES_CELLS_OFFSET, cellsOffset);
		buffer.putLong(RecordLayout.SERIES_CREATED_OFFSET, createdMillis);
		buffer.position(RecordLayout.SERIES_LABELS_OFFSET);
		for (byte[] label : labels) {
			put(buffer, label);
		}
		return buffer.array();
	}

	static byte[] folded(ChainId chain, int generation) {
		ByteBuffer buffer = record(RecordLayout.FOLDED_LENGTH, RecordLayout.FOLDED);
		buffer.putLong(RecordLayout.FOLDED_INSTANCE_ID_OFFSET, chain.instanceIdBits());
		buffer.putInt(RecordLayout.FOLDED_CHAIN_OFFSET, chain.number());
		buffer.putInt(RecordLayout.FOLDED_GENERATION_OFFSET, generation);
		return buffer.array();
	}

	private static ByteBuffer record(int length, byte kind) {
		int aligned = SegmentLayout.align(length);
		ByteBuffer buffer = ByteBuffer.allocate(aligned).order(ByteOrder.LITTLE_ENDIAN);
		buffer.putInt(RecordLayout.LENGTH_OFFSET, aligned);
		buffer.put(RecordLayout.RECORD_OFFSET, kind);
		return buffer;
	}

	private static void put(ByteBuffer buffer, byte[] text) {
		buffer.putInt(text.length);
		buffer.put(text);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[][] utf8(List<String> texts) {
		return texts.stream().map(RecordEncoder::utf8).toArray(byte[][]::new);
	}

	private static int sizeOf(byte[]... texts) {
		int size = 0;
		for (byte[] text : texts) {
			size += Integer.BYTES + text.length;
		}
		return size;
	}

}
