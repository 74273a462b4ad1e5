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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.StoreDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two marks of one store stand for those of two processes.
 */
class ReadMarkTests {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	@TempDir
	private Path directory;

	private Path file;

	private Instance instance;

	private ProcessLock other;

	private final ReadMark mark = new ReadMark(INTERVAL);

	private final ReadMark anotherReader = new ReadMark(INTERVAL);

	@BeforeEach
	void join() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory);
		this.file = store.metricsRead();
		this.instance = Instance.join(store, null);
		this.other = lockOfAnotherInstance(store);
	}

	private static ProcessLock lockOfAnotherInstance(StoreDirectory store) throws IOException {
		Files.createDirectories(store.slots().resolve("7"));
		ProcessLock lock = ProcessLock.tryAcquire(store.slots().resolve("7/lock"));
		assertThat(lock).isNotNull();
		return lock;
	}

	@AfterEach
	void leave() throws IOException {
		this.other.close();
		this.instance.close();
	}

	private void start(ReadMark mark) {
		mark.join(this.instance);
		assertThat(mark.isUnread()).isFalse();
	}

	private void readAgo(Duration age) throws IOException {
		Files.setLastModifiedTime(this.file, FileTime.from(Instant.now().minus(age)));
	}

	@Test
	void metricsAreUnreadWhenNothingWasReadForAWhile() throws IOException {
		assertThat(this.mark.isUnread()).as("no fleet yet").isFalse();
		start(this.mark);
		assertThat(this.mark.isUnread()).as("just started").isFalse();
		readAgo(Duration.ofMinutes(2));
		assertThat(this.mark.isUnread()).isTrue();
		start(this.anotherReader);
		assertThat(this.mark.isUnread()).as("another instance has started").isFalse();
		readAgo(Duration.ofMinutes(2));
		this.anotherReader.millisToWait();
		assertThat(this.mark.isUnread()).as("another instance has read").isFalse();
		readAgo(Duration.ofMinutes(-2));
		assertThat(this.mark.isUnread()).as("the clock was set back").isTrue();
		Files.delete(this.file);
		assertThat(this.mark.isUnread()).as("deleted").isFalse();
	}

	@Test
	void readersAfterAPauseWaitUntilTheOthersHaveMadeAPass() throws IOException {
		start(this.mark);
		start(this.anotherReader);
		assertThat(this.mark.millisToWait()).isNotPositive();
		readAgo(Duration.ofSeconds(85));
		assertThat(this.mark.isUnread()).as("an instance may stop now").isFalse();
		assertThat(this.mark.millisToWait()).isGreaterThan(INTERVAL.toMillis());
		assertThat(this.mark.millisToWait()).as("a second scrape").isPositive();
		assertThat(this.anotherReader.millisToWait()).as("through another process").isPositive();
	}

	@Test
	void readerOfALoneInstanceDoesNotWait() throws IOException {
		start(this.mark);
		this.other.close();
		readAgo(Duration.ofMinutes(2));
		assertThat(this.mark.millisToWait()).isNotPositive();
		assertThat(this.mark.isUnread()).isFalse();
	}

	@Test
	void regularReadersDoNotWait() throws IOException {
		start(this.mark);
		for (int i = 0; i < 3; i++) {
			readAgo(Duration.ofMinutes(1));
			assertThat(this.mark.millisToWait()).isNotPositive();
			assertThat(this.mark.isUnread()).isFalse();
			assertThat(Files.getLastModifiedTime(this.file).toInstant()).isAfter(Instant.now().minusSeconds(30));
		}
	}

	@Test
	void markThatCanNotBeUsedChangesNothing() throws IOException {
		Files.createDirectory(this.file);
		start(this.mark);
		readAgo(Duration.ofSeconds(1));
		assertThat(this.mark.millisToWait()).isNotPositive();
		Files.delete(this.file);
		assertThat(this.mark.millisToWait()).isNotPositive();
		assertThat(this.file).as("created again").isRegularFile();
	}

	@Test
	void longIntervalsNeedNoMark() {
		ReadMark rare = new ReadMark(Duration.ofSeconds(30));
		start(rare);
		assertThat(this.file).doesNotExist();
		assertThat(rare.isUnread()).isFalse();
		assertThat(rare.millisToWait()).isZero();
	}

}
