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
 * A mapped file. It is unmapped when the garbage collector finds it unreachable: the
 * platform has no safe way to do so earlier while other threads may still touch it.
 */
final class MappedRegion extends Region {

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private final ByteBuffer buffer;

	private MappedRegion(ByteBuffer buffer) {
		this.buffer = buffer;
	}

	static MappedRegion createAndMap(Path file, int size) throws IOException {
		FileChannel channel = StoreFiles.create(file);
		try (channel) {
			Zeros.fill(channel, size);
			return new MappedRegion(channel.map(MapMode.READ_WRITE, 0, size));
		}
		catch (IOException ex) {
			StoreFiles.deleteIfExists(file);
			throw ex;
		}
		catch (OutOfMemoryError ex) {
			StoreFiles.deleteIfExists(file);
			// The application may have used up all memory outside the heap. The callers
			// go on without the file.
			throw new IOException("no memory outside the heap: size=" + size + ", file=" + file, ex);
		}
	}

	@Override
	public int capacity() {
		return this.buffer.capacity();
	}

	@Override
	public int getIntAcquire(int offset) {
		return (int) INT.getAcquire(this.buffer, offset);
	}

	@Override
	public void putInt(int offset, int value) {
		INT.set(this.buffer, offset, value);
	}

	@Override
	public void putIntRelease(int offset, int value) {
		INT.setRelease(this.buffer, offset, value);
	}

	@Override
	public boolean compareAndSetInt(int offset, int expected, int value) {
		return INT.compareAndSet(this.buffer, offset, expected, value);
	}

	@Override
	public long getLong(int offset) {
		return (long) LONG.get(this.buffer, offset);
	}

	@Override
	public long getLongAcquire(int offset) {
		return (long) LONG.getAcquire(this.buffer, offset);
	}

	@Override
	public void putLong(int offset, long value) {
		LONG.set(this.buffer, offset, value);
	}

	@Override
	public void putLongRelease(int offset, long value) {
		LONG.setRelease(this.buffer, offset, value);
	}

	@Override
	@SuppressWarnings("ReturnValueIgnored")
	public long getAndAddLong(int offset, long delta) {
		// Where the page was cut off, JDK 17 turns a failed read into an error, but ends
		// with SIGBUS in an atomic operation, unless it is compiled together with a read.
		LONG.get(this.buffer, offset);
		return (long) LONG.getAndAdd(this.buffer, offset, delta);
	}

	@Override
	public boolean compareAndSetLong(int offset, long expected, long value) {
		return LONG.compareAndSet(this.buffer, offset, expected, value);
	}

	@Override
	public boolean weakCompareAndSetLong(int offset, long expected, long value) {
		return LONG.weakCompareAndSet(this.buffer, offset, expected, value);
	}

	@Override
	public void putBytes(int offset, byte[] source, int start, int length) {
		this.buffer.put(offset, source, start, length);
	}

	@Override
	public ByteBuffer slice(int offset, int length) {
		return this.buffer.slice(offset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
	}

}
