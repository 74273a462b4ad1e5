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

import io.observability.internal.segment.RecordFrame;

/**
 * The records of a metrics file's directory, framed as {@link RecordFrame} says. The word
 * is the length, a multiple of 8, or 0 if there is no record yet. <pre>
 *  every record
 *   0           4           5
 *  +-----------+-----------+---------------------------------------
 *  | length    | record    |
 *  +-----------+-----------+---------------------------------------
 *
 *  FAMILY: what its series have in common
 *   5       6       7       8        12        16       20         24         32
 *  +-------+-------+-------+--------+---------+--------+----------+----------+-----------+
 *  | type  | mode  | kind  | bounds | labels  | windows| reserved | divisor  | window ms |
 *  +-------+-------+-------+--------+---------+--------+----------+----------+-----------+
 *  | bounds, doubles (40) | name | help | unit | label names ... each: length (4), UTF-8  |
 *  +----------------------+--------------------------------------------------------------+
 *
 *  SERIES: one combination of label values
 *   8          12         16          24          32
 *  +----------+----------+-----------+-----------+--------------------------------------+
 *  | family's | cells'   | created,  | ended,    | label values ... each: length, UTF-8 |
 *  | offset   | offset   | epoch ms  | epoch ms  | bytes                                |
 *  +----------+----------+-----------+-----------+--------------------------------------+
 *
 *  FOLDED: in an archive, a sequence whose totals it holds
 *   8              16         20           24
 *  +--------------+----------+------------+
 *  | instance id  | sequence    | generation |
 *  +--------------+----------+------------+
 *
 *  REPLACES: the segment replaces all those of its sequence with a lower index; no fields
 * </pre> Offsets count from the start of the file. A FAMILY precedes its SERIES, in the
 * same file. Several SERIES records may have the same family and label values: their
 * totals are added up (see {@code Totals}). In an archive, a series whose family keeps
 * instances apart has one more label value, the instance's name, and a FOLDED record has
 * the first generation of the archive that holds the sequence.
 */
public final class RecordLayout {

	public static final byte FAMILY = 1;

	public static final byte SERIES = 2;

	public static final byte FOLDED = 3;

	public static final byte REPLACES = 4;

	public static final int RECORD_OFFSET = RecordFrame.WORD_OFFSET + RecordFrame.WORD_LENGTH;

	public static final int BODY_OFFSET = 8;

	static final int FAMILY_TYPE_OFFSET = RECORD_OFFSET + Byte.BYTES;

	static final int FAMILY_MODE_OFFSET = FAMILY_TYPE_OFFSET + Byte.BYTES;

	static final int FAMILY_KIND_OFFSET = FAMILY_MODE_OFFSET + Byte.BYTES;

	static final int FAMILY_BOUND_COUNT_OFFSET = BODY_OFFSET;

	static final int FAMILY_LABEL_COUNT_OFFSET = FAMILY_BOUND_COUNT_OFFSET + Integer.BYTES;

	static final int FAMILY_WINDOWS_OFFSET = FAMILY_LABEL_COUNT_OFFSET + Integer.BYTES;

	static final int FAMILY_DIVISOR_OFFSET = FAMILY_WINDOWS_OFFSET + 2 * Integer.BYTES;

	static final int FAMILY_WINDOW_MILLIS_OFFSET = FAMILY_DIVISOR_OFFSET + Double.BYTES;

	static final int FAMILY_BOUNDS_OFFSET = FAMILY_WINDOW_MILLIS_OFFSET + Long.BYTES;

	public static final int SERIES_FAMILY_OFFSET = BODY_OFFSET;

	public static final int SERIES_CELLS_OFFSET = SERIES_FAMILY_OFFSET + Integer.BYTES;

	public static final int SERIES_CREATED_OFFSET = SERIES_CELLS_OFFSET + Integer.BYTES;

	public static final int SERIES_ENDED_OFFSET = SERIES_CREATED_OFFSET + Long.BYTES;

	public static final int SERIES_LABELS_OFFSET = SERIES_ENDED_OFFSET + Long.BYTES;

	public static final int FOLDED_INSTANCE_ID_OFFSET = BODY_OFFSET;

	public static final int FOLDED_SEQUENCE_OFFSET = FOLDED_INSTANCE_ID_OFFSET + Long.BYTES;

	public static final int FOLDED_GENERATION_OFFSET = FOLDED_SEQUENCE_OFFSET + Integer.BYTES;

	public static final int FOLDED_LENGTH = FOLDED_GENERATION_OFFSET + Integer.BYTES;

	private RecordLayout() {
	}

	/** Returns where the length of a record is, which publishes it. */
	public static int lengthOffset(int record) {
		return record + RecordFrame.WORD_OFFSET;
	}

}
