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

/**
 * The start of a segment's header, which is the same in all formats. Little-endian. <pre>
 *   0                8              12             16
 *  +----------------+--------------+--------------+-------------------
 *  | magic          | version      | header length| the format's own
 *  +----------------+--------------+--------------+-------------------
 * </pre>
 */
public final class SegmentHeaderLayout {

	public static final int MAGIC_OFFSET = 0;

	public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;

	/** The first record begins there. */
	public static final int HEADER_LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;

	/** Length of this part of the header. */
	public static final int LENGTH = HEADER_LENGTH_OFFSET + Integer.BYTES;

	private SegmentHeaderLayout() {
	}

}
