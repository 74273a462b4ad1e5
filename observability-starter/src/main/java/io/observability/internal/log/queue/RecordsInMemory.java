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

package io.observability.internal.log.queue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Records that were read from a segment and are taken one by one. Of a record that is too
 * large for a buffer only the header is here. One thread at a time.
 */
final class RecordsInMemory {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final int small;

	private final int large;

	private ByteBuffer bytes = NOTHING;

	/** Records that have been read and not been taken: start and end. */
	private int next;

	private int end;

	/**
	 * Creates an empty instance, which has no memory yet.
	 * @param small size of the memory for few records, which stays
	 * @param large size of the memory for many
	 */
	RecordsInMemory(int small, int large) {
		this.small = small;
		this.large = large;
	}

	/**
	 * Copies records that have just been read.
	 * @param read the records, or the header of a large one
	 * @param length of the records in the segment
	 */
	void keep(ByteBuffer read, int length) {
		if (this.bytes.capacity() < read.remaining()) {
			int capacity = (read.remaining() <= this.small) ? this.small : this.large;
			this.bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
		}
		this.bytes.clear().put(read).flip();
		this.next = 0;
		this.end = length;
	}

	void clear() {
		this.next = 0;
		this.end = 0;
	}

	/** Frees memory that is only needed while there are many records. */
	void release() {
		if (this.bytes.capacity() > this.small) {
			this.bytes = NOTHING;
		}
	}

	/** Returns the offset of the next record from the first one. */
	int next() {
		return this.next;
	}

	boolean areTaken() {
		return this.next == this.end;
	}

	private int word() {
		return this.bytes.getInt(LogRecordLayout.wordOffset(this.next));
	}

	/** A record that a dead writer has not published still has a negative word. */
	boolean holdsText() {
		int tags = this.bytes.getInt(LogRecordLayout.tagsOffset(this.next));
		return word() > 0 && LogRecordLayout.kind(tags) == LogRecordLayout.KIND_TEXT;
	}

	long time() {
		return this.bytes.getLong(LogRecordLayout.timeOffset(this.next));
	}

	int textLength() {
		return LogRecordLayout.payloadLength(word());
	}

	/** Returns the offset of the next record's text from the first record. */
	int textOffset() {
		return LogRecordLayout.payloadOffset(this.next);
	}

	/**
	 * Copies a part of the next record's text.
	 * @param from where the part begins in the text
	 * @param length of the part
	 * @param target where it goes
	 * @return false if it is not here
	 */
	boolean copyText(int from, int length, ByteBuffer target) {
		int start = textOffset() + from;
		if (start + length > this.bytes.limit()) {
			return false;
		}
		target.put(target.position(), this.bytes, start, length);
		target.position(target.position() + length);
		return true;
	}

	/** Moves to the next record. */
	void skip() {
		this.next += LogRecordLayout.stride(word());
	}

}
