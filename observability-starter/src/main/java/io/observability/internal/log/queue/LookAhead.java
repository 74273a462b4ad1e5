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

import io.observability.internal.segment.RecordFrame;

/**
 * Decides how much of a segment to read at once: little after a reading that has found
 * the end of what is published, because then little or nothing is expected.
 */
final class LookAhead {

	/** How much is read where little or nothing is expected. */
	static final int FIRST_LOOK = 4 << 10;

	private final int most;

	private int length;

	/**
	 * Creates an instance that begins with a first look.
	 * @param most how much is read where much is expected
	 */
	LookAhead(int most) {
		this.most = most;
		this.length = Math.min(FIRST_LOOK, most);
	}

	/** Returns how much to read next. */
	int length() {
		return this.length;
	}

	/**
	 * Returns the length of the complete records that the bytes start with.
	 * @param found what was read last
	 * @param dead whether the writer is known to be dead
	 * @return the length; 0 if the first record is not complete, or is none
	 */
	int extent(ByteBuffer found, boolean dead) {
		int extent = 0;
		this.length = this.most;
		while (extent + RecordFrame.WORD_LENGTH <= found.limit()) {
			int word = found.getInt(LogRecordLayout.wordOffset(extent));
			if (!isRecord(word, dead)) {
				this.length = Math.min(FIRST_LOOK, this.most);
				break;
			}
			int behind = extent + LogRecordLayout.stride(word);
			if (behind > found.limit()) {
				break;
			}
			extent = behind;
		}
		return extent;
	}

	/** Returns whether a record is published, or was claimed by a dead writer. */
	static boolean isRecord(int word, boolean dead) {
		return LogRecordLayout.isPublished(word) || (dead && LogRecordLayout.isClaimed(word));
	}

}
