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
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.observability.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RegionTests {

	// More than is filled at once, and not a multiple of it.
	private static final int SIZE = (1 << 16) + 24;

	@TempDir
	private Path directory;

	@Test
	void fileHoldsZerosOfTheWholeSize() throws IOException {
		Region region = Region.create(file(), SIZE);
		assertThat(region.capacity()).isEqualTo(SIZE);
		assertThat(file()).hasBinaryContent(new byte[SIZE]);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void diskHasRoomForTheWholeFile() throws Exception {
		Region.create(file(), SIZE);
		Process stat = new ProcessBuilder("stat", "--format=%b", file().toString()).start();
		long blocks = Long
			.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim());
		assertThat(blocks * 512).isGreaterThanOrEqualTo(SIZE);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void fileIsForItsOwnerAlone() throws IOException {
		Region.create(file(), SIZE);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
	}

	@Test
	void existingFileIsLeftAlone() throws IOException {
		Files.writeString(file(), "somebody's");
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> Region.create(file(), SIZE));
		assertThat(file()).hasContent("somebody's");
	}

	@Test
	void fileIsNeitherMadeNorLeftWhereItCanNotBe() {
		Path file = this.directory.resolve("missing").resolve("file");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Region.create(file, SIZE));
		assertThat(file).doesNotExist();
	}

	@Test
	void isMadeByAnInterruptedThreadAsWell() throws IOException {
		Thread.currentThread().interrupt();
		try {
			assertThat(Region.create(file(), SIZE).capacity()).isEqualTo(SIZE);
		}
		finally {
			assertThat(Thread.interrupted()).as("interrupt is kept for the caller").isTrue();
		}
	}

	@Test
	void numbersAreInTheFileInLittleEndian() throws IOException {
		Region region = Region.create(file(), 64);
		region.putInt(0, 0x01020304);
		region.putIntRelease(4, 0x05060708);
		region.putLong(8, 0x1112131415161718L);
		region.putLongRelease(16, 0x2122232425262728L);
		region.getAndAddLong(24, 7);
		region.compareAndSetLong(32, 0, 8);
		region.putBytes(40, new byte[] { 1, 2, 3 });
		region.putBytes(48, new byte[] { 0, 4, 5, 6, 0 }, 1, 3);
		ByteBuffer expected = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
		expected.putInt(0x01020304).putInt(0x05060708).putLong(0x1112131415161718L).putLong(0x2122232425262728L);
		expected.putLong(7).putLong(8).put(new byte[] { 1, 2, 3 }).put(48, new byte[] { 4, 5, 6 });
		assertThat(Files.readAllBytes(file())).isEqualTo(expected.array());
	}

	@Test
	void readsBackWhatWasWritten() {
		Region region = Region.allocate(64);
		region.putInt(4, -5);
		region.putLong(8, Long.MIN_VALUE);
		region.putBytes(16, new byte[] { 9, 8 });
		byte[] bytes = new byte[2];
		region.slice(16, 2).get(bytes);
		assertThat(region.getIntAcquire(4)).isEqualTo(-5);
		assertThat(region.getLong(8)).isEqualTo(region.getLongAcquire(8)).isEqualTo(Long.MIN_VALUE);
		assertThat(bytes).containsExactly(9, 8);
	}

	@Test
	void setsOnlyWhatIsAsExpected() {
		Region region = Region.allocate(16);
		assertThat(region.compareAndSetInt(0, 1, 2)).isFalse();
		assertThat(region.compareAndSetInt(0, 0, 2)).isTrue();
		assertThat(region.compareAndSetLong(8, 1, 2)).isFalse();
		assertThat(region.compareAndSetLong(8, 0, 2)).isTrue();
		assertThat(region.getIntAcquire(0)).isEqualTo(2);
		assertThat(region.getLong(8)).isEqualTo(2);
	}

	@Test
	void sliceOfAFileIsAReadOnlyLittleEndianView() throws IOException {
		Region region = Region.create(file(), 32);
		ByteBuffer slice = region.slice(8, 16);
		region.putLong(16, 42);
		assertThat(slice.remaining()).isEqualTo(16);
		assertThat(slice.getLong(8)).isEqualTo(42);
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> slice.put(0, (byte) 1));
	}

	@Test
	void sliceOfTheHeapIsAReadOnlyLittleEndianCopy() {
		Region region = Region.allocate(32);
		region.putLong(16, 42);
		ByteBuffer slice = region.slice(9, 17);
		region.putLong(16, 43);
		assertThat(slice.remaining()).isEqualTo(17);
		assertThat(slice.getLong(7)).isEqualTo(42);
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> slice.put(0, (byte) 1));
	}

	@Test
	void whatIsShorterThanALongLeavesItsNeighboursAsTheyAre() {
		Region region = Region.allocate(24);
		for (int at = 0; at < 24; at += Long.BYTES) {
			region.putLong(at, -1);
		}
		region.putBytes(5, new byte[] { 9, 1, 2, 3, 4, 5, 6, 7, 8, -9 }, 1, 8);
		region.putInt(16, 7);
		assertThat(region.compareAndSetInt(20, -1, 5)).isTrue();
		byte[] bytes = new byte[24];
		region.slice(0, 24).get(bytes);
		assertThat(bytes).containsExactly(-1, -1, -1, -1, -1, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, 7, 0, 0, 0, 5, 0, 0,
				0);
	}

	@Test
	void accessBeyondTheEndFails() {
		Region region = Region.allocate(16);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> region.getLong(16));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> region.putLong(-8, 1));
	}

	@Test
	void noAdditionOfManyThreadsIsLost() throws Exception {
		Region region = Region.create(file(), 64);
		Together.run(4, (thread) -> {
			for (int i = 0; i < 100_000; i++) {
				region.getAndAddLong(8, 1);
				long current;
				do {
					current = region.getLong(16);
				}
				while (!region.weakCompareAndSetLong(16, current, current + 1));
			}
		});
		assertThat(region.getLong(8)).isEqualTo(400_000);
		assertThat(region.getLong(16)).isEqualTo(400_000);
	}

	private Path file() {
		return this.directory.resolve("region");
	}

}
