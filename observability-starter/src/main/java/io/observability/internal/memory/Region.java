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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * A fixed number of bytes, in a mapped file or off-heap, with little-endian access. Ints
 * must lie on multiples of 4 and longs on multiples of 8. Safe for any number of threads
 * within the guarantees of each method's memory mode.
 *
 * <p>
 * A region is unmapped when the garbage collector finds it unreachable: the platform has
 * no safe way to do so earlier while other threads may still touch it.
 */
public final class Region {

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private static final int ZERO_BLOCK = 1 << 16;

	private final ByteBuffer buffer;

	private Region(ByteBuffer buffer) {
		this.buffer = buffer;
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
		return Uninterruptibly.call(() -> createAndMap(file, size));
	}

	private static Region createAndMap(Path file, int size) throws IOException {
		FileChannel channel = StoreFiles.create(file);
		try (channel) {
			fillWithZeros(channel, size);
			return new Region(channel.map(MapMode.READ_WRITE, 0, size));
		}
		catch (IOException ex) {
			StoreFiles.deleteIfExists(file);
			throw ex;
		}
	}

	/**
	 * Allocates zeroed memory outside any file.
	 * @param size in bytes
	 * @return the memory
	 */
	public static Region allocate(int size) {
		return new Region(ByteBuffer.allocateDirect(size));
	}

	private static void fillWithZeros(FileChannel channel, int size) throws IOException {
		ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, ZERO_BLOCK));
		for (int left = size; left > 0;) {
			zeros.clear().limit(Math.min(left, zeros.capacity()));
			left -= channel.write(zeros);
		}
	}

	public int capacity() {
		return this.buffer.capacity();
	}

	public int getIntAcquire(int offset) {
		return (int) INT.getAcquire(this.buffer, offset);
	}

	public void putInt(int offset, int value) {
		INT.set(this.buffer, offset, value);
	}

	public void putIntRelease(int offset, int value) {
		INT.setRelease(this.buffer, offset, value);
	}

	public boolean compareAndSetInt(int offset, int expected, int value) {
		return INT.compareAndSet(this.buffer, offset, expected, value);
	}

	public long getLong(int offset) {
		return (long) LONG.get(this.buffer, offset);
	}

	public long getLongAcquire(int offset) {
		return (long) LONG.getAcquire(this.buffer, offset);
	}

	public void putLong(int offset, long value) {
		LONG.set(this.buffer, offset, value);
	}

	public void putLongRelease(int offset, long value) {
		LONG.setRelease(this.buffer, offset, value);
	}

	@SuppressWarnings("ReturnValueIgnored")
	public long getAndAddLong(int offset, long delta) {
		// Where the page was cut off, JDK 17 turns a failed read into an error, but ends
		// with SIGBUS in an atomic operation, unless it is compiled together with a read.
		LONG.get(this.buffer, offset);
		return (long) LONG.getAndAdd(this.buffer, offset, delta);
	}

	public boolean compareAndSetLong(int offset, long expected, long value) {
		return LONG.compareAndSet(this.buffer, offset, expected, value);
	}

	public boolean weakCompareAndSetLong(int offset, long expected, long value) {
		return LONG.weakCompareAndSet(this.buffer, offset, expected, value);
	}

	public void putBytes(int offset, byte[] source, int start, int length) {
		this.buffer.put(offset, source, start, length);
	}

	public void putBytes(int offset, byte[] source) {
		this.buffer.put(offset, source);
	}

	/**
	 * Returns bytes as a read-only little-endian buffer, to parse what has been
	 * published.
	 * @param offset of the first byte
	 * @param length in bytes
	 * @return a view, not a copy
	 */
	public ByteBuffer slice(int offset, int length) {
		return this.buffer.slice(offset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
	}

}
