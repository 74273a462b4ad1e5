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

package io.observability.internal.log.collector;

import io.observability.internal.log.queue.LogSegmentLayout;
import io.observability.internal.segment.FileFormat;

/**
 * Where things lie in the checkpoint file. Little-endian. <pre>
 * offset size
 *      0    8  magic: the ASCII characters OBSVCHKP
 *      8    4  format version
 *     12    4  size of a copy
 *     16    8  number of the term
 *     64    -  copy for even generations
 *     64+size  copy for odd generations
 *
 * a copy
 *      0    4  CRC32C of the rest, as far as it is used
 *      4    4  length of the rest
 *      8    8  generation, from 1
 *     16    4  phase: 0 idle, 1 writing, 2 rolling, 3 ending
 *     20   16  id of the collecting instance, ASCII
 *     36    8  time of the batch, nanoseconds since 1970
 *     44    4  length of the batch
 *     48    4  CRC32C of the batch
 *     52    8  length of the log file before the batch
 *     60    4  number of ranges
 *     64    4  length of the log file's path
 *     68    4  length of the log file's key
 *     72    -  ranges, 40 bytes each; then path and key, UTF-8
 *
 * a range
 *      0    4  slot
 *      4   16  id of the writing instance, ASCII
 *     20    4  number of the sequence
 *     24    8  from: index of the segment, offset in it
 *     32    8  to: index of the segment, offset in it
 * </pre>
 */
public final class CheckpointLayout {

	static final int MAGIC_OFFSET = 0;

	static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;

	static final int COPY_SIZE_OFFSET = VERSION_OFFSET + Integer.BYTES;

	static final int TERM_OFFSET = COPY_SIZE_OFFSET + Integer.BYTES;

	static final int HEADER_SIZE = 64;

	/** "OBSVCHKP", first character in the lowest byte. */
	static final FileFormat FORMAT = new FileFormat("checkpoint", 0x504b48435653424fL, 1, HEADER_SIZE);

	static final int COPY_SIZE = 64 << 10;

	static final int FILE_SIZE = HEADER_SIZE + 2 * COPY_SIZE;

	static final int INSTANCE_SIZE = LogSegmentLayout.INSTANCE_SIZE;

	static final int CHECKSUM_OFFSET = 0;

	static final int LENGTH_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

	static final int GENERATION_OFFSET = LENGTH_OFFSET + Integer.BYTES;

	static final int PHASE_OFFSET = GENERATION_OFFSET + Long.BYTES;

	static final int COLLECTOR_OFFSET = PHASE_OFFSET + Integer.BYTES;

	static final int BATCH_TIME_OFFSET = COLLECTOR_OFFSET + INSTANCE_SIZE;

	static final int BATCH_LENGTH_OFFSET = BATCH_TIME_OFFSET + Long.BYTES;

	static final int BATCH_CHECKSUM_OFFSET = BATCH_LENGTH_OFFSET + Integer.BYTES;

	static final int FILE_LENGTH_OFFSET = BATCH_CHECKSUM_OFFSET + Integer.BYTES;

	static final int RANGE_COUNT_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;

	static final int PATH_LENGTH_OFFSET = RANGE_COUNT_OFFSET + Integer.BYTES;

	static final int KEY_LENGTH_OFFSET = PATH_LENGTH_OFFSET + Integer.BYTES;

	static final int RANGES_OFFSET = KEY_LENGTH_OFFSET + Integer.BYTES;

	static final int RANGE_SLOT_OFFSET = 0;

	static final int RANGE_INSTANCE_OFFSET = RANGE_SLOT_OFFSET + Integer.BYTES;

	static final int RANGE_SEQUENCE_OFFSET = RANGE_INSTANCE_OFFSET + INSTANCE_SIZE;

	static final int RANGE_FROM_OFFSET = RANGE_SEQUENCE_OFFSET + Integer.BYTES;

	static final int RANGE_TO_OFFSET = RANGE_FROM_OFFSET + 2 * Integer.BYTES;

	static final int RANGE_SIZE = RANGE_TO_OFFSET + 2 * Integer.BYTES;

	/** Leaves room for a path of the greatest length that Linux allows, and a key. */
	static final int MAX_RANGES = (COPY_SIZE - RANGES_OFFSET - 8 * 1024) / RANGE_SIZE;

	/** No batch is larger than the largest record and a header of the log file. */
	static final int MAX_BATCH = 1 << 30;

	private CheckpointLayout() {
	}

	/** Where the copy for a generation lies. */
	static int copyOffset(long generation) {
		return HEADER_SIZE + (int) (generation & 1) * COPY_SIZE;
	}

	/** Where a range begins in its copy. */
	static int rangeOffset(int index) {
		return RANGES_OFFSET + index * RANGE_SIZE;
	}

	static int slotOffset(int range) {
		return range + RANGE_SLOT_OFFSET;
	}

	static int instanceOffset(int range) {
		return range + RANGE_INSTANCE_OFFSET;
	}

	static int sequenceOffset(int range) {
		return range + RANGE_SEQUENCE_OFFSET;
	}

	static int fromOffset(int range) {
		return range + RANGE_FROM_OFFSET;
	}

	static int toOffset(int range) {
		return range + RANGE_TO_OFFSET;
	}

}
