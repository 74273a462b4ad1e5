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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observability.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ReadBufferTests {

	private static final int LENGTH = 16 << 10;

	private static final int PAGE = 4096;

	@TempDir
	private Path directory;

	@Test
	void readsWhatThereIs() throws IOException {
		Path file = this.directory.resolve("file");
		Region region = Region.create(file, LENGTH);
		for (int at = 0; at < LENGTH; at += Long.BYTES) {
			region.putLong(at, at);
		}
		ReadBuffer buffer = new ReadBuffer(100);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
			for (int position : new int[] { 0, 8, PAGE - 8, PAGE, LENGTH - 104 }) {
				ByteBuffer bytes = buffer.read(channel, position, 100);
				assertThat(bytes.remaining()).isEqualTo(100);
				assertThat(bytes.getLong(0)).isEqualTo(position);
				assertThat(bytes.getLong(88)).isEqualTo(position + 88);
			}
			assertThat(buffer.read(channel, LENGTH - 16, 100).remaining()).isEqualTo(16);
			assertThat(buffer.read(channel, LENGTH + 1, 100).remaining()).isZero();
		}
	}

	/** Wherever they lie in a page. Both halves of each word grow by one each time. */
	@Test
	void wordsThatChangeAreReadWhole() throws Exception {
		Path file = this.directory.resolve("file");
		Region region = Region.create(file, LENGTH + PAGE);
		AtomicBoolean ended = new AtomicBoolean();
		Together.run(2, (thread) -> {
			if (thread == 0) {
				while (!ended.get()) {
					for (int at = 0; at < region.capacity(); at += Long.BYTES) {
						region.getAndAddLong(at, (1L << Integer.SIZE) + 1);
					}
				}
				return;
			}
			ReadBuffer buffer = new ReadBuffer(LENGTH);
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
				for (int position = 0; position < PAGE; position += Long.BYTES) {
					for (int i = 0; i < 100; i++) {
						assertWhole(buffer.read(channel, position, LENGTH));
					}
				}
			}
			finally {
				ended.set(true);
			}
		});
	}

	private static void assertWhole(ByteBuffer words) {
		while (words.hasRemaining()) {
			long word = words.getLong();
			if ((int) word != (int) (word >>> Integer.SIZE)) {
				throw new AssertionError("word is torn: " + Long.toHexString(word));
			}
		}
	}

}
