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

import io.observability.internal.segment.FileFormat;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentHeaderLayout;

/**
 * A metrics file: a header, a directory of records that grows upwards behind it, and the
 * cells of the series, which grow downwards from the end. All numbers are little-endian.
 * <pre>
 *   0          header length                                          size
 *  +----------+-----------+-----------+--------- - - -----------+--------+
 *  | header   | record    | record    |  free                   | cells  |
 *  +----------+-----------+-----------+--------- - - -----------+--------+
 *
 *   0                8              12             16
 *  +----------------+--------------+--------------+------------------+
 *  | magic          | version      | header length| instance id      |
 *  +----------------+--------------+--------------+------------------+
 *  | sequence (24)     | index (28)   | size (32)    | state (36)       |
 *  +----------------+--------------+--------------+------------------+
 *  | created, epoch ms (40)        | missing (48) | name length (52) |
 *  +-------------------------------+--------------+------------------+
 *  | name (56) ...                                                   |
 *  +-----------------------------------------------------------------+
 * </pre> The magic is written last, see {@link FileFormat}.
 */
public final class MetricsSegmentLayout {

	public static final int STATE_OPEN = 1;

	/** Its writer was closed; the process may still be alive. */
	public static final int STATE_CLOSED = 2;

	/** It has the totals of terminated instances. */
	public static final int STATE_ARCHIVE = 3;

	public static final int INSTANCE_ID_OFFSET = SegmentHeaderLayout.LENGTH;

	public static final int SEQUENCE_OFFSET = INSTANCE_ID_OFFSET + Long.BYTES;

	public static final int INDEX_OFFSET = SEQUENCE_OFFSET + Integer.BYTES;

	public static final int SIZE_OFFSET = INDEX_OFFSET + Integer.BYTES;

	public static final int STATE_OFFSET = SIZE_OFFSET + Integer.BYTES;

	public static final int CREATED_OFFSET = STATE_OFFSET + Integer.BYTES;

	/** In the first segment: number of series of its writer that are in no file. */
	public static final int MISSING_OFFSET = CREATED_OFFSET + Long.BYTES;

	public static final int NAME_LENGTH_OFFSET = MISSING_OFFSET + Integer.BYTES;

	public static final int NAME_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;

	/** Version of segments that have no REPLACES record. */
	public static final int PLAIN_VERSION = 1;

	/** Version of segments that have one: readers of version 1 would not honour it. */
	public static final int REPLACING_VERSION = 2;

	/** The magic is the bytes {@code OBSMETR1}. */
	public static final FileFormat FORMAT = new FileFormat("metrics file", 0x3152_5445_4D53_424FL, REPLACING_VERSION,
			NAME_OFFSET);

	/** Records and cells begin on multiples of this. */
	public static final int ALIGNMENT = RecordFrame.ALIGNMENT;

	private MetricsSegmentLayout() {
	}

	public static int headerLength(int nameLength) {
		return RecordFrame.align(NAME_OFFSET + nameLength);
	}

}
