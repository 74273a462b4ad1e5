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

import org.jspecify.annotations.Nullable;

/**
 * Writes zeros, from one block outside the heap that all threads share. Bytes on the heap
 * would be copied into a block of each thread's own that lives as long as the thread.
 */
final class Zeros {

	private static final int BLOCK = 16 << 10;

	private static @Nullable ByteBuffer block;

	private Zeros() {
	}

	/** Fills an empty file. */
	static void fill(FileChannel channel, int size) throws IOException {
		ByteBuffer zeros = block().duplicate();
		for (int left = size; left > 0;) {
			zeros.clear().limit(Math.min(left, BLOCK));
			left -= channel.write(zeros);
		}
	}

	private static synchronized ByteBuffer block() {
		ByteBuffer zeros = block;
		if (zeros == null) {
			zeros = ByteBuffer.allocateDirect(BLOCK);
			block = zeros;
		}
		return zeros;
	}

}
