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
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Reads files that other processes write at the same time. An aligned word of up to eight
 * bytes is never a mixture of an old and a new one.
 *
 * <p>
 * The kernel copies with the processor's string instruction, which does not guarantee
 * that. It keeps words whole if source and target are equally aligned. But AMD processors
 * with fast short strings (Zen 3 and later) copy byte by byte if the target is less than
 * 32 bytes behind the source within their pages, which sometimes happens with any other
 * buffer: a counter that is read while it changes from 255 to 256 may then be 511. So
 * this buffer gives each byte the offset in its page that it has in the file's page. One
 * thread at a time.
 */
public final class ReadBuffer {

	/** Processors compare addresses modulo this, whatever the page size is. */
	private static final int PAGE = 4096;

	private final int capacity;

	private final ByteBuffer memory;

	/**
	 * Allocates the buffer, outside the heap.
	 * @param capacity the most bytes that can be read at once
	 */
	public ReadBuffer(int capacity) {
		this.capacity = capacity;
		this.memory = allocate(capacity);
	}

	private static ByteBuffer allocate(int capacity) {
		return ByteBuffer.allocateDirect(capacity + 3 * PAGE).alignedSlice(PAGE);
	}

	public int capacity() {
		return this.capacity;
	}

	/**
	 * Reads bytes of a file.
	 * @param channel the file
	 * @param position of the first byte
	 * @param length number of bytes, at most the capacity
	 * @return the bytes that exist, little-endian, valid until the next call
	 * @throws IOException if they can't be read
	 */
	public ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
		int start = (int) (position & (PAGE - 1));
		this.memory.limit(start + length).position(start);
		int count = 0;
		while (this.memory.hasRemaining() && count >= 0) {
			count = channel.read(this.memory, position + this.memory.position() - start);
		}
		return this.memory.limit(this.memory.position()).position(start).slice().order(ByteOrder.LITTLE_ENDIAN);
	}

}
