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

package io.observability.internal.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ListedLocksTests {

	@TempDir
	private Path directory;

	@Test
	void onlyExclusiveLocksOfProcessesThatHaveThemAreListed() {
		ListedLocks locks = ListedLocks.parse("""
				1: POSIX  ADVISORY  WRITE 4711 fe:00:1 0 EOF
				2: POSIX  ADVISORY  READ 4711 fe:00:2 0 EOF
				3: FLOCK  ADVISORY  WRITE 4711 fe:00:3 0 EOF
				1: -> POSIX  ADVISORY  WRITE 4712 fe:00:4 0 EOF
				5: OFDLCK ADVISORY  WRITE -1 fe:00:5 0 EOF

				nonsense
				12: POSIX  ADVISORY  WRITE 4713 fe:00:6 0 EOF
				13: POSIX  ADVISORY  WRITE 4713 fe:00:7""");
		assertThat(locks.contains("fe:00:1")).isTrue();
		assertThat(locks.contains("fe:00:6")).isTrue();
		for (int other : new int[] { 2, 3, 4, 5, 7 }) {
			assertThat(locks.contains("fe:00:" + other)).as("file %d", other).isFalse();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void slotIsListedUntilItsLockIsReleased() throws IOException {
		Slot slot = new Slot(0, this.directory);
		ProcessLock lock = ProcessLock.tryAcquire(slot.lockFile());
		assertThat(lock).isNotNull();
		String name = slot.listedLock();
		assertThat(name).isNotNull();
		assertThat(ListedLocks.now().contains(name)).isTrue();
		lock.close();
		ListedLocks after = ListedLocks.now();
		assertThat(after.contains(name)).isFalse();
		assertThat(slot.isHeld(after, name)).isFalse();
	}

	@Test
	void slotThatIsNotListedIsProbed() throws IOException {
		Slot slot = new Slot(0, this.directory);
		try (ProcessLock lock = ProcessLock.tryAcquire(slot.lockFile())) {
			assertThat(lock).isNotNull();
			assertThat(slot.isHeld(ListedLocks.none(), slot.listedLock())).isTrue();
			assertThat(slot.isHeld(ListedLocks.none(), null)).isTrue();
		}
		assertThat(slot.isHeld(ListedLocks.none(), null)).isFalse();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void anotherFileInTheLocksPlaceHasAnotherName() throws IOException {
		Slot slot = new Slot(0, this.directory);
		Files.createFile(slot.lockFile());
		String name = slot.listedLock();
		Files.move(slot.lockFile(), this.directory.resolve("former"));
		assertThat(slot.listedLock()).isNull();
		Files.createFile(slot.lockFile());
		assertThat(slot.listedLock()).isNotNull().isNotEqualTo(name);
	}

}
