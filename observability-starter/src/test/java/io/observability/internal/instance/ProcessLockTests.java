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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.observability.testing.Locks;
import io.observability.testing.Together;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The lock within one process; the forked tests show it between several.
 */
class ProcessLockTests {

	@TempDir
	private Path directory;

	@Test
	void isHeldFromItsTakingToItsClosing() throws IOException {
		assertThat(ProcessLock.isHeld(file())).as("missing file").isFalse();
		ProcessLock lock = take();
		assertThat(ProcessLock.isHeld(file())).isTrue();
		lock.close();
		assertThat(ProcessLock.isHeld(file())).isFalse();
	}

	@Test
	void canNotBeTakenTwice() throws IOException {
		try (ProcessLock lock = take()) {
			assertThat(lock).isNotNull();
			assertThat(ProcessLock.tryAcquire(file())).isNull();
		}
		take().close();
	}

	@Test
	void closingTwiceDoesNotReleaseTheNextOwner() throws IOException {
		ProcessLock first = take();
		first.close();
		try (ProcessLock second = take()) {
			first.close();
			assertThat(second).isNotNull();
			assertThat(ProcessLock.tryAcquire(file())).isNull();
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void isTheSameThroughAnotherPathToItsFile() throws IOException {
		Path real = Files.createDirectory(this.directory.resolve("real"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real);
		try (ProcessLock lock = ProcessLock.tryAcquire(real.resolve("lock"))) {
			assertThat(lock).isNotNull();
			assertThat(ProcessLock.tryAcquire(link.resolve("lock"))).isNull();
			assertThat(ProcessLock.isHeld(link.resolve("lock"))).isTrue();
			assertThat(ProcessLock.isHeld(real.resolve("../real/lock"))).isTrue();
		}
	}

	@Test
	void isHeldByAnotherLibraryInThisProcessToo() throws IOException {
		try (FileChannel other = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			assertThat(other.lock()).isNotNull();
			assertThat(ProcessLock.isHeld(file())).isTrue();
			assertThat(ProcessLock.tryAcquire(file())).isNull();
		}
	}

	@Test
	void failsWithoutAFolderForItsFile() throws IOException {
		Path file = this.directory.resolve("missing").resolve("lock");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> ProcessLock.tryAcquire(file));
		assertThat(ProcessLock.isHeld(file)).isFalse();
	}

	@Test
	void oneOfManyThreadsHasItAtATime() throws Exception {
		AtomicBoolean owned = new AtomicBoolean();
		AtomicInteger taken = new AtomicInteger();
		Together.run(6, (thread) -> {
			for (int i = 0; i < 500; i++) {
				if (thread < 2) {
					ProcessLock.isHeld(file());
					continue;
				}
				try (ProcessLock lock = ProcessLock.tryAcquire(file())) {
					if (lock != null) {
						assertThat(owned.compareAndSet(false, true)).as("the only owner").isTrue();
						assertThat(ProcessLock.isHeld(file())).isTrue();
						taken.incrementAndGet();
						owned.set(false);
					}
				}
			}
		});
		assertThat(taken).hasPositiveValue();
		assertThat(ProcessLock.isHeld(file())).isFalse();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void isLostWhenOtherCodeOfTheProcessHasReadItsFile() throws IOException {
		try (ProcessLock lock = take()) {
			assertThat(lock.isIntact()).isTrue();
			Locks.drop(file());
			Awaitility.await().untilAsserted(() -> assertThat(lock.isLost()).isTrue());
			assertThat(lock.isIntact()).isFalse();
		}
		try (ProcessLock again = take()) {
			assertThat(again.isLost()).isFalse();
			assertThat(again.isIntact()).isTrue();
		}
	}

	private ProcessLock take() throws IOException {
		ProcessLock lock = ProcessLock.tryAcquire(file());
		assertThat(lock).isNotNull();
		return lock;
	}

	private Path file() {
		return this.directory.resolve("lock");
	}

}
