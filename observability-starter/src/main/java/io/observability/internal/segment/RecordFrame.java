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

import io.observability.internal.memory.Region;

/**
 * How records follow one another in a segment, in all formats. A record begins on a
 * multiple of {@value #ALIGNMENT} with a word of four bytes. <pre>
 *   0           4                    length
 *  +-----------+--------------------+---------------+
 *  | word      | the format's own   | padding       |
 *  +-----------+--------------------+---------------+
 * </pre>
 *
 * <p>
 * Protocol. The writer writes the rest of a record first, and its length into the word as
 * the last step, with release semantics. A reader that sees a positive length in the word
 * may read the rest; if it reads a file it does so in a later read, because one read
 * copies words in no particular order. A writer that is killed before the last step
 * leaves a word that is not a length; what else it may be is up to the format.
 */
public final class RecordFrame {

	public static final int WORD_OFFSET = 0;

	/** Length of the word. */
	public static final int WORD_LENGTH = Integer.BYTES;

	public static final int ALIGNMENT = Long.BYTES;

	private RecordFrame() {
	}

	/** Returns the distance from a record of this length to the next one. */
	public static int align(int length) {
		return (length + ALIGNMENT - 1) & -ALIGNMENT;
	}

	/**
	 * Publishes a record, the rest of which has been written.
	 * @param region the segment
	 * @param record offset of the record
	 * @param length of the record
	 */
	public static void publish(Region region, int record, int length) {
		region.putIntRelease(record + WORD_OFFSET, length);
	}

}
