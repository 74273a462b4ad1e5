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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory on the heap, as longs, because newer JDKs have no atomic access to bytes there.
 * What is shorter than a long is changed by an atomic change of the long that it is in.
 */
final class HeapRegion extends Region {

	private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

	private static final long INT_MASK = 0xFFFF_FFFFL;

	private static final long BYTE_MASK = 0xFF;

	private final long[] longs;

	private final int capacity;

	HeapRegion(int capacity) {
		this.capacity = capacity;
		this.longs = new long[(capacity + Long.BYTES - 1) / Long.BYTES];
	}

	@Override
	public int capacity() {
		return this.capacity;
	}

	@Override
	public int getIntAcquire(int offset) {
		return (int) ((long) LONG.getAcquire(this.longs, indexOf(offset, Integer.BYTES)) >>> shift(offset));
	}

	@Override
	public void putInt(int offset, int value) {
		putIntRelease(offset, value);
	}

	@Override
	public void putIntRelease(int offset, int value) {
		int shift = shift(offset);
		put(indexOf(offset, Integer.BYTES), INT_MASK << shift, (value & INT_MASK) << shift);
	}

	@Override
	public boolean compareAndSetInt(int offset, int expected, int value) {
		int index = indexOf(offset, Integer.BYTES);
		int shift = shift(offset);
		while (true) {
			long current = (long) LONG.getAcquire(this.longs, index);
			if ((int) (current >>> shift) != expected) {
				return false;
			}
			long changed = (current & ~(INT_MASK << shift)) | ((value & INT_MASK) << shift);
			if (LONG.compareAndSet(this.longs, index, current, changed)) {
				return true;
			}
		}
	}

	private void put(int index, long mask, long bits) {
		long current;
		do {
			current = (long) LONG.getAcquire(this.longs, index);
		}
		while (!LONG.weakCompareAndSet(this.longs, index, current, (current & ~mask) | bits));
	}

	@Override
	public long getLong(int offset) {
		return (long) LONG.getOpaque(this.longs, indexOf(offset, Long.BYTES));
	}

	@Override
	public long getLongAcquire(int offset) {
		return (long) LONG.getAcquire(this.longs, indexOf(offset, Long.BYTES));
	}

	@Override
	public void putLong(int offset, long value) {
		LONG.setOpaque(this.longs, indexOf(offset, Long.BYTES), value);
	}

	@Override
	public void putLongRelease(int offset, long value) {
		LONG.setRelease(this.longs, indexOf(offset, Long.BYTES), value);
	}

	@Override
	public long getAndAddLong(int offset, long delta) {
		return (long) LONG.getAndAdd(this.longs, indexOf(offset, Long.BYTES), delta);
	}

	@Override
	public boolean compareAndSetLong(int offset, long expected, long value) {
		return LONG.compareAndSet(this.longs, indexOf(offset, Long.BYTES), expected, value);
	}

	@Override
	public boolean weakCompareAndSetLong(int offset, long expected, long value) {
		return LONG.weakCompareAndSet(this.longs, indexOf(offset, Long.BYTES), expected, value);
	}

	@Override
	public void putBytes(int offset, byte[] source, int start, int length) {
		requireWithin(offset, length);
		int done = 0;
		while (done < length) {
			int index = (offset + done) / Long.BYTES;
			long mask = 0;
			long bits = 0;
			for (; done < length && (offset + done) / Long.BYTES == index; done++) {
				int shift = shift(offset + done);
				mask |= BYTE_MASK << shift;
				bits |= (source[start + done] & BYTE_MASK) << shift;
			}
			put(index, mask, bits);
		}
	}

	@Override
	public ByteBuffer slice(int offset, int length) {
		requireWithin(offset, length);
		int first = offset / Long.BYTES;
		int words = (offset + length + Long.BYTES - 1) / Long.BYTES - first;
		ByteBuffer copy = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < words; i++) {
			copy.putLong((long) LONG.getAcquire(this.longs, first + i));
		}
		return copy.slice(offset - first * Long.BYTES, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
	}

	private static int shift(int offset) {
		return offset % Long.BYTES * Byte.SIZE;
	}

	private int indexOf(int offset, int length) {
		requireWithin(offset, length);
		return offset / Long.BYTES;
	}

	private void requireWithin(int offset, int length) {
		if ((offset | length) < 0 || length > this.capacity - offset) {
			throw new IndexOutOfBoundsException(
					"outside the region: offset=" + offset + ", length=" + length + ", capacity=" + this.capacity);
		}
	}

}
