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

package io.observability.internal.metrics.cells;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

import io.observability.internal.metrics.format.ExemplarsLayout;
import org.jspecify.annotations.Nullable;

/**
 * A recorded value, and the span in which it was recorded.
 *
 * @param value the value in the unit of the exposition
 * @param timeMillis when it was recorded, since the epoch
 * @param traceId id of the trace
 * @param spanId id of the span
 */
public record Exemplar(double value, long timeMillis, String traceId, String spanId) {

	/** Returns the bytes of a slot, or null if the ids are too long for one. */
	byte @Nullable [] encode() {
		byte[] trace = this.traceId.getBytes(StandardCharsets.US_ASCII);
		byte[] span = this.spanId.getBytes(StandardCharsets.US_ASCII);
		if (trace.length > ExemplarsLayout.MAX_TRACE_ID_LENGTH || span.length > ExemplarsLayout.MAX_SPAN_ID_LENGTH) {
			return null;
		}
		byte[] bytes = new byte[ExemplarsLayout.SLOT_LENGTH];
		ByteBuffer slot = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		slot.put(ExemplarsLayout.traceIdLengthOffset(0), (byte) trace.length);
		slot.put(ExemplarsLayout.spanIdLengthOffset(0), (byte) span.length);
		slot.putLong(ExemplarsLayout.timeOffset(0), this.timeMillis);
		slot.putDouble(ExemplarsLayout.valueOffset(0), this.value);
		slot.put(ExemplarsLayout.traceIdOffset(0), trace);
		slot.put(ExemplarsLayout.spanIdOffset(0), span);
		slot.putInt(ExemplarsLayout.checksumOffset(0), checksum(slot, 0));
		return bytes;
	}

	/** Returns the exemplar in a slot, or null if there is none that is complete. */
	public static @Nullable Exemplar decode(ByteBuffer cells, int position) {
		int traceLength = cells.get(ExemplarsLayout.traceIdLengthOffset(position));
		int spanLength = cells.get(ExemplarsLayout.spanIdLengthOffset(position));
		if (timeOf(cells, position) == 0
				|| cells.getInt(ExemplarsLayout.checksumOffset(position)) != checksum(cells, position)
				|| traceLength < 0 || traceLength > ExemplarsLayout.MAX_TRACE_ID_LENGTH || spanLength < 0
				|| spanLength > ExemplarsLayout.MAX_SPAN_ID_LENGTH) {
			return null;
		}
		return new Exemplar(cells.getDouble(ExemplarsLayout.valueOffset(position)), timeOf(cells, position),
				text(cells, ExemplarsLayout.traceIdOffset(position), traceLength),
				text(cells, ExemplarsLayout.spanIdOffset(position), spanLength));
	}

	/** Returns the time in a slot, whether or not the slot is complete. */
	public static long timeOf(ByteBuffer cells, int position) {
		return cells.getLong(ExemplarsLayout.timeOffset(position));
	}

	private static int checksum(ByteBuffer cells, int position) {
		CRC32C checksum = new CRC32C();
		checksum.update(cells.slice(ExemplarsLayout.checkedOffset(position), ExemplarsLayout.checkedLength()));
		return (int) checksum.getValue();
	}

	private static String text(ByteBuffer cells, int position, int length) {
		byte[] bytes = new byte[length];
		cells.get(position, bytes);
		return new String(bytes, StandardCharsets.US_ASCII);
	}

}
