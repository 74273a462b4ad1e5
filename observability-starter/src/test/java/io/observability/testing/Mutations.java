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

package io.observability.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * Changes the bytes of a file as damage, another version or an attacker might.
 */
public final class Mutations {

	private static final int[] NUMBERS = { 0, 1, 2, 7, 8, 16, 64, 128, 255, 4096, 65_535, 1 << 20, 1 << 29, 1 << 30,
			Integer.MAX_VALUE, Integer.MAX_VALUE - 7, Integer.MIN_VALUE, -1, -2, -8, -16, -4096 };

	private static final int MOST_CHANGES = 6;

	/** Most numbers that matter are in the first bytes. */
	private static final int HEAD = 512;

	private final Random random;

	public Mutations(long seed) {
		this.random = new Random(seed);
	}

	/** Returns a number from 0 on. */
	public int below(int bound) {
		return this.random.nextInt(bound);
	}

	/**
	 * Changes bytes.
	 * @param valid the bytes of a valid file
	 * @return other bytes, perhaps more or fewer
	 */
	public byte[] of(byte[] valid) {
		byte[] bytes = valid.clone();
		int changes = 1 + below(MOST_CHANGES);
		for (int i = 0; i < changes && bytes.length > Long.BYTES; i++) {
			bytes = changed(bytes);
		}
		return bytes;
	}

	private byte[] changed(byte[] bytes) {
		ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		int at = position(bytes.length - Long.BYTES);
		switch (below(9)) {
			case 0 -> bytes[at] ^= (byte) (1 << below(8));
			case 1 -> bytes[at] = (byte) this.random.nextInt();
			case 2, 3 -> numbers.putInt(at & -4, NUMBERS[below(NUMBERS.length)]);
			case 4 -> numbers.putInt(at & -4, numbers.getInt(at & -4) + below(33) - 16);
			case 5 -> numbers.putLong(at & -8, this.random.nextLong());
			case 6 -> System.arraycopy(bytes, position(bytes.length - Long.BYTES), bytes, at,
					Math.min(1 + below(64), Math.min(bytes.length - at, Long.BYTES)));
			case 7 -> {
				return Arrays.copyOf(bytes, below(bytes.length));
			}
			default -> {
				return Arrays.copyOf(bytes, bytes.length + below(4096));
			}
		}
		return bytes;
	}

	private int position(int bound) {
		return below((below(4) > 0) ? Math.min(HEAD, bound) : bound);
	}

}
