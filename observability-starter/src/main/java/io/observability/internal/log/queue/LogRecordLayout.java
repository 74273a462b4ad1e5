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

import io.observability.internal.segment.RecordFrame;

/**
 * A record of a log queue, and what its word means (see {@link RecordFrame}).
 * Little-endian. <pre>
 * offset size
 *      0    4  word
 *      4    1  level: 1 trace, 2 debug, 3 info, 4 warning, 5 error
 *      5    1  kind: 0 encoded text, 1 nothing (its writer failed)
 *      6    2  zero
 *      8    8  time of the event, nanoseconds since 1970
 *     16    -  payload
 *
 * word
 *      &lt; 0              claimed by a writer: minus the record's length, not yet readable
 *      1                the sequence goes on in the next segment
 *      2                the sequence ends here
 *      16 .. 2^29       a whole record of this length, header included
 *      2^30 + index     free; all free space of segment {@code index} is filled with it
 *      anything else    damage
 * </pre>
 */
final class LogRecordLayout {

	private static final int TAGS_OFFSET = RecordFrame.WORD_OFFSET + RecordFrame.WORD_LENGTH;

	private static final int KIND_SHIFT = Byte.SIZE;

	private static final int TIME_OFFSET = TAGS_OFFSET + Integer.BYTES;

	/** Where the payload is. */
	private static final int HEADER_SIZE = TIME_OFFSET + Long.BYTES;

	static final int KIND_TEXT = 0;

	static final int KIND_NOTHING = 1;

	static final int CONTINUED = 1;

	static final int CLOSED = 2;

	/** Room that is kept at the end of a segment for one of the two marks. */
	static final int MARK_SIZE = RecordFrame.ALIGNMENT;

	private static final int FREE = 1 << 30;

	/** Bounds the length so that no length looks like a free word. */
	static final int MAX_PAYLOAD = (FREE >> 1) - HEADER_SIZE;

	private LogRecordLayout() {
	}

	static int wordOffset(int record) {
		return record + RecordFrame.WORD_OFFSET;
	}

	/** Returns where level and kind are. */
	static int tagsOffset(int record) {
		return record + TAGS_OFFSET;
	}

	static int timeOffset(int record) {
		return record + TIME_OFFSET;
	}

	static int payloadOffset(int record) {
		return record + HEADER_SIZE;
	}

	/** Returns the length of a record with a payload of this length. */
	static int length(int payloadLength) {
		return HEADER_SIZE + payloadLength;
	}

	/** Returns the length of the payload of a record of this length. */
	static int payloadLength(int length) {
		return length - HEADER_SIZE;
	}

	/** Returns the room that a record takes whose word is a length or a claim. */
	static int stride(int word) {
		return RecordFrame.align(Math.abs(word));
	}

	static int tags(int level, int kind) {
		return level | (kind << KIND_SHIFT);
	}

	static int level(int tags) {
		return tags & ((1 << KIND_SHIFT) - 1);
	}

	static int kind(int tags) {
		return tags >> KIND_SHIFT;
	}

	static int freeWord(int index) {
		return FREE | (index & (FREE - 1));
	}

	static boolean isFree(int word) {
		return word >= FREE;
	}

	static boolean isClaimed(int word) {
		return word < 0 && word >= -length(MAX_PAYLOAD);
	}

	static boolean isPublished(int word) {
		return word >= HEADER_SIZE && word <= length(MAX_PAYLOAD);
	}

}
