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

package io.observability.internal.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes buffers to files, in slices if they are on the heap: for these the platform
 * allocates memory of the same size outside the heap, and keeps it for each thread.
 */
public final class SlicedWrite {

	/** The most that is written at once from the heap. */
	public static final int SLICE = 8 << 10;

	private SlicedWrite() {
	}

	/**
	 * Writes all bytes between a buffer's position and its limit.
	 * @param channel the file
	 * @param bytes the bytes; the position is then the limit
	 * @param position where the first of them goes in the file
	 * @throws IOException if not all can be written
	 */
	public static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
		int end = bytes.limit();
		long at = position;
		while (bytes.position() < end) {
			bytes.limit(bytes.isDirect() ? end : Math.min(end, bytes.position() + SLICE));
			at += channel.write(bytes, at);
		}
	}

}
