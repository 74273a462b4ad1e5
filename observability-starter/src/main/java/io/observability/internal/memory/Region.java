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
import java.nio.file.Path;

/**
 * A fixed number of bytes, in a mapped file or on the heap, with little-endian access.
 * Ints must lie on multiples of 4 and longs on multiples of 8. Safe for any number of
 * threads within the guarantees of each method's memory mode.
 *
 * <p>
 * Memory outside both is not used: the JVM limits it for the whole application, and frees
 * it late.
 */
public abstract sealed class Region permits MappedRegion, HeapRegion {

	Region() {
	}

	/**
	 * Creates a file of zeros and maps it. The zeros are written, because a process that
	 * touches a page of a sparse file is killed if the disk is full.
	 * @param file must not exist; it is deleted if it can't be filled
	 * @param size in bytes
	 * @return the mapped file
	 * @throws IOException if the file can't be created, filled or mapped
	 */
	public static Region create(Path file, int size) throws IOException {
		return Uninterruptibly.call(() -> MappedRegion.createAndMap(file, size));
	}

	/**
	 * Allocates zeroed memory on the heap.
	 * @param size in bytes
	 * @return the memory
	 */
	public static Region allocate(int size) {
		return new HeapRegion(size);
	}

	public abstract int capacity();

	public abstract int getIntAcquire(int offset);

	public abstract void putInt(int offset, int value);

	public abstract void putIntRelease(int offset, int value);

	public abstract boolean compareAndSetInt(int offset, int expected, int value);

	public abstract long getLong(int offset);

	public abstract long getLongAcquire(int offset);

	public abstract void putLong(int offset, long value);

	public abstract void putLongRelease(int offset, long value);

	public abstract long getAndAddLong(int offset, long delta);

	public abstract boolean compareAndSetLong(int offset, long expected, long value);

	public abstract boolean weakCompareAndSetLong(int offset, long expected, long value);

	public abstract void putBytes(int offset, byte[] source, int start, int length);

	public final void putBytes(int offset, byte[] source) {
		putBytes(offset, source, 0, source.length);
	}

	/**
	 * Returns bytes as a read-only little-endian buffer, to parse what has been
	 * published.
	 * @param offset of the first byte
	 * @param length in bytes
	 * @return a view of a mapped file; a copy of what is on the heap
	 */
	public abstract ByteBuffer slice(int offset, int length);

}
