/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.metrics.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SequenceId;

/**
 * Makes the bytes of records.
 */
public final class RecordEncoder {

	private RecordEncoder() {
	}

	public static byte[] family(Family family) {
		byte[] name = utf8(family.name());
		byte[] help = utf8(family.help());
		byte[] unit = utf8(family.unit());
		byte[][] labels = utf8(family.labelNames());
		int length = RecordLayout.FAMILY_BOUNDS_OFFSET + family.bounds().size() * Double.BYTES + sizeOf(name)
				+ sizeOf(help) + sizeOf(unit) + sizeOf(labels);
		byte[] bytes = new byte[RecordFrame.align(length)];
		ByteBuffer buffer = record(bytes, RecordLayout.FAMILY);
		buffer.put(RecordLayout.FAMILY_TYPE_OFFSET, (byte) family.type().code());
		buffer.put(RecordLayout.FAMILY_MODE_OFFSET, (byte) family.mode().code());
		buffer.put(RecordLayout.FAMILY_KIND_OFFSET, (byte) family.kind().code());
		buffer.putInt(RecordLayout.FAMILY_BOUND_COUNT_OFFSET, family.bounds().size());
		buffer.putInt(RecordLayout.FAMILY_LABEL_COUNT_OFFSET, labels.length);
		putKindSpecific(buffer, family);
		buffer.position(RecordLayout.FAMILY_BOUNDS_OFFSET);
		family.bounds().forEach(buffer::putDouble);
		put(buffer, name);
		put(buffer, help);
		put(buffer, unit);
		for (byte[] label : labels) {
			put(buffer, label);
		}
		return bytes;
	}

	/** Fields that a kind does not have are zero; its divisor is 1. */
	private static void putKindSpecific(ByteBuffer buffer, Family family) {
		double divisor = 1;
		if (family instanceof TotalsFamily totals) {
			divisor = totals.divisor();
		}
		else if (family instanceof WindowMaxFamily max) {
			divisor = max.divisor();
			buffer.putInt(RecordLayout.FAMILY_WINDOWS_OFFSET, max.windows());
			buffer.putLong(RecordLayout.FAMILY_WINDOW_MILLIS_OFFSET, max.windowMillis());
		}
		buffer.putDouble(RecordLayout.FAMILY_DIVISOR_OFFSET, divisor);
	}

	public static int seriesLength(List<String> labelValues) {
		return RecordFrame.align(RecordLayout.SERIES_LABELS_OFFSET + sizeOf(utf8(labelValues)));
	}

	public static byte[] series(int familyOffset, int cellsOffset, long createdMillis, long endedMillis,
			List<String> labelValues) {
		byte[][] labels = utf8(labelValues);
		byte[] bytes = new byte[RecordFrame.align(RecordLayout.SERIES_LABELS_OFFSET + sizeOf(labels))];
		ByteBuffer buffer = record(bytes, RecordLayout.SERIES);
		buffer.putInt(RecordLayout.SERIES_FAMILY_OFFSET, familyOffset);
		buffer.putInt(RecordLayout.SERIES_CELLS_OFFSET, cellsOffset);
		buffer.putLong(RecordLayout.SERIES_CREATED_OFFSET, createdMillis);
		buffer.putLong(RecordLayout.SERIES_ENDED_OFFSET, endedMillis);
		buffer.position(RecordLayout.SERIES_LABELS_OFFSET);
		for (byte[] label : labels) {
			put(buffer, label);
		}
		return bytes;
	}

	public static byte[] folded(SequenceId sequence, int generation) {
		byte[] bytes = new byte[RecordFrame.align(RecordLayout.FOLDED_LENGTH)];
		ByteBuffer buffer = record(bytes, RecordLayout.FOLDED);
		buffer.putLong(RecordLayout.FOLDED_INSTANCE_ID_OFFSET, sequence.instanceIdBits());
		buffer.putInt(RecordLayout.FOLDED_SEQUENCE_OFFSET, sequence.number());
		buffer.putInt(RecordLayout.FOLDED_GENERATION_OFFSET, generation);
		return bytes;
	}

	public static byte[] replaces() {
		byte[] bytes = new byte[RecordLayout.BODY_OFFSET];
		record(bytes, RecordLayout.REPLACES);
		return bytes;
	}

	private static ByteBuffer record(byte[] bytes, byte kind) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		buffer.putInt(RecordFrame.WORD_OFFSET, bytes.length);
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
