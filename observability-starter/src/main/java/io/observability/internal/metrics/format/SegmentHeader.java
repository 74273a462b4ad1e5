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
import java.nio.charset.StandardCharsets;

import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.internal.segment.SequenceId;

/**
 * The decoded header of a metrics segment.
 *
 * @param sequence the sequence that it belongs to
 * @param index its position in the sequence; in an archive, the generation
 * @param length of the header
 * @param size of the segment
 * @param createdMillis when it was created, since the epoch
 * @param instanceName value of the instance label
 */
public record SegmentHeader(SequenceId sequence, int index, int length, int size, long createdMillis,
		String instanceName) {

	/**
	 * Decodes the header of a segment.
	 * @param bytes what the segment begins with
	 * @return the header
	 * @throws CorruptSegmentException if it is none, or of another version
	 */
	public static SegmentHeader parse(ByteBuffer bytes) throws CorruptSegmentException {
		MetricsSegmentLayout.FORMAT.check(bytes);
		int nameLength = bytes.getInt(MetricsSegmentLayout.NAME_LENGTH_OFFSET);
		int length = bytes.getInt(SegmentHeaderLayout.HEADER_LENGTH_OFFSET);
		int size = bytes.getInt(MetricsSegmentLayout.SIZE_OFFSET);
		if (nameLength < 0 || nameLength > bytes.limit() - MetricsSegmentLayout.NAME_OFFSET
				|| length != MetricsSegmentLayout.headerLength(nameLength) || size < length) {
			throw new CorruptSegmentException("header of metrics file does not fit: name length=" + nameLength
					+ ", header length=" + length + ", size=" + size);
		}
		byte[] name = new byte[nameLength];
		bytes.get(MetricsSegmentLayout.NAME_OFFSET, name);
		return new SegmentHeader(
				SequenceId.of(bytes.getLong(MetricsSegmentLayout.INSTANCE_ID_OFFSET),
						bytes.getInt(MetricsSegmentLayout.SEQUENCE_OFFSET)),
				bytes.getInt(MetricsSegmentLayout.INDEX_OFFSET), length, size,
				bytes.getLong(MetricsSegmentLayout.CREATED_OFFSET), new String(name, StandardCharsets.UTF_8));
	}

}
