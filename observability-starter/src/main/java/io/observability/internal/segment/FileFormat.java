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

package io.observability.internal.segment;

import java.nio.ByteBuffer;

import io.observability.internal.memory.Region;

/**
 * A format of files: how its files are recognised.
 *
 * <p>
 * Protocol. The writer puts the magic into the header last, with release semantics. A
 * reader that sees the magic sees the whole header; a file that begins with zeros is
 * still being created, or its creator was killed.
 *
 * @param name of such a file in error texts
 * @param magic the first eight bytes
 * @param version the newest one; this process reads all from 1 on
 * @param minimumHeaderLength length of the header's fixed part
 */
public record FileFormat(String name, long magic, int version, int minimumHeaderLength) {

	/**
	 * Writes the part of a segment's header that all formats have, which publishes it.
	 * @param region the segment; the rest of its header has been written
	 * @param headerLength where the first record begins
	 */
	public void publish(Region region, int headerLength) {
		publish(region, headerLength, this.version);
	}

	/**
	 * Writes the part of a segment's header that all formats have, which publishes it.
	 * @param region the segment; the rest of its header has been written
	 * @param headerLength where the first record begins
	 * @param version the oldest one whose readers understand the segment
	 */
	public void publish(Region region, int headerLength, int version) {
		region.putInt(SegmentHeaderLayout.VERSION_OFFSET, version);
		region.putInt(SegmentHeaderLayout.HEADER_LENGTH_OFFSET, headerLength);
		region.putLongRelease(SegmentHeaderLayout.MAGIC_OFFSET, this.magic);
	}

	/**
	 * Returns whether the magic has been written, or anything else in its place.
	 * @param header what a file begins with
	 * @return whether not all of the first eight bytes are zero
	 */
	public static boolean isPublished(ByteBuffer header) {
		for (int i = 0; i < Math.min(header.limit(), Long.BYTES); i++) {
			if (header.get(SegmentHeaderLayout.MAGIC_OFFSET + i) != 0) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Checks that a file has this format. The exceptions do not name the file: its opener
	 * does.
	 * @param header what the file begins with, little-endian
	 * @throws UnknownVersionException if it has a newer version of this format
	 * @throws CorruptSegmentException if it has another format or is too short
	 */
	public void check(ByteBuffer header) throws CorruptSegmentException {
		if (header.limit() < this.minimumHeaderLength) {
			throw new CorruptSegmentException(
					this.name + " is too short: length=" + header.limit() + ", limit=" + this.minimumHeaderLength);
		}
		long magic = header.getLong(SegmentHeaderLayout.MAGIC_OFFSET);
		if (magic != this.magic) {
			throw new CorruptSegmentException("not a " + this.name + ": magic=0x" + Long.toHexString(magic));
		}
		int version = header.getInt(SegmentHeaderLayout.VERSION_OFFSET);
		if (version < 1 || version > this.version) {
			throw new UnknownVersionException(this.name, version, this.version);
		}
	}

}
