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

import java.lang.System.Logger.Level;

import io.observability.internal.segment.FileFormat;
import io.observability.internal.segment.SegmentHeaderLayout;

/**
 * The header of a log queue's segment. Little-endian; records follow it, see
 * {@link LogRecordLayout}. <pre>
 * offset size
 *      0    8  magic: the ASCII characters OBSVLOGQ
 *      8    4  format version
 *     12    4  size of this header, where the first record is
 *     16    4  size of the file
 *     20    4  index of the segment in its sequence, from 0
 *     24   16  id of the instance, ASCII
 *     40    4  number of the sequence among those of the instance
 *     44    4  free word: what an unclaimed record header holds
 *     48   40  dropped events of the sequence by level, five longs: trace to error
 *     88    4  offset up to which all records are in the log, or 0; written by the collector
 *     92   36  zero
 * </pre>
 */
public final class LogSegmentLayout {

	static final int FILE_SIZE_OFFSET = SegmentHeaderLayout.LENGTH;

	static final int INDEX_OFFSET = FILE_SIZE_OFFSET + Integer.BYTES;

	static final int INSTANCE_OFFSET = INDEX_OFFSET + Integer.BYTES;

	public static final int INSTANCE_SIZE = 16;

	static final int SEQUENCE_OFFSET = INSTANCE_OFFSET + INSTANCE_SIZE;

	static final int FREE_WORD_OFFSET = SEQUENCE_OFFSET + Integer.BYTES;

	static final int DROPPED_OFFSET = FREE_WORD_OFFSET + Integer.BYTES;

	static final int COLLECTED_OFFSET = DROPPED_OFFSET + LevelCode.COUNT * Long.BYTES;

	public static final int HEADER_SIZE = 128;

	/** The magic is the bytes {@code OBSVLOGQ}. */
	public static final FileFormat FORMAT = new FileFormat("log queue file", 0x51474f4c_5653424fL, 1, HEADER_SIZE);

	private LogSegmentLayout() {
	}

	/** Returns where the number of dropped events of a level is. */
	public static int droppedOffset(Level level) {
		return droppedOffset(LevelCode.of(level) - 1);
	}

	/** The same, with the levels counted from 0, trace, to 4, error. */
	static int droppedOffset(int level) {
		return DROPPED_OFFSET + level * Long.BYTES;
	}

}
