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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.testing.HiddenProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class QueuesTests {

	private static final Range INHERITED = new Range(3, "0123456789abcdef", 2, new Position(0, 128),
			new Position(5, 136));

	private static final Range KEPT = new Range(3, "0123456789abcdef", 2, new Position(5, 136), new Position(5, 136));

	@TempDir
	private Path directory;

	@Test
	void positionInAQueueThatCouldNotBeLookedAtStaysInTheCheckpoint() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory);
		try (Queues queues = new Queues(store, new ReadBuffer(4096), UnreadableFiles.IGNORED)) {
			queues.inherit(List.of(INHERITED));
			assertThat(queues.ranges()).containsExactly(KEPT);
			assertThat(queues.committedRanges()).containsExactly(KEPT);
			Files.createDirectory(store.slots().resolve("3"));
			queues.update(new QueueScanner(store).scan());
			assertThat(queues.ranges()).as("its files are known to be gone").isEmpty();
		}
	}

	@Test
	void lookShowsNewRecordsAndNewQueues() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory);
		try (Instance instance = Instance.join(store, null);
				LogQueue queue = open(instance);
				Queues queues = new Queues(store, new ReadBuffer(4096), UnreadableFiles.IGNORED)) {
			QueueScanner scanner = new QueueScanner(store);
			Path slot = instance.slot().directory();
			Awaitility.await().until(() -> instance.slot().directory().toFile().list().length == 4);
			makeOld(slot);
			makeOld(store.slots());
			queues.update(scanner.scan());
			QueueReader reader = queues.readers().get(0);
			assertThat(reader.hasRecord()).isFalse();
			assertThat(scanner.mayHaveNews()).isFalse();
			assertThat(queues.mayHaveRecord()).isFalse();
			assertThat(queue.append(Level.INFO, 1, new byte[] { 'a' }, 1)).isTrue();
			assertThat(queues.mayHaveRecord()).isTrue();
			assertThat(reader.hasRecord()).isTrue();
			assertThat(queues.holdBack()).isTrue();
			reader.skip();
			assertThat(reader.hasRecord()).isFalse();
			assertThat(queues.mayHaveRecord()).isFalse();
			assertThat(scanner.mayHaveNews()).isFalse();
			Files.createFile(slot.resolve("log-0123456789abcdef-0-0.seg"));
			assertThat(scanner.mayHaveNews()).isTrue();
			makeOld(slot);
			queues.update(scanner.scan());
			Files.createDirectory(store.slots().resolve("5"));
			assertThat(scanner.mayHaveNews()).isTrue();
		}
	}

	private static LogQueue open(Instance instance) throws IOException {
		return LogQueue.open(instance, LogQueue.MIN_BACKLOG, FullPolicy.DROP, CheckpointProgress.in(instance.store()),
				(task, cause) -> {
				});
	}

	/** A change in the same moment might not be seen otherwise. */
	private static void makeOld(Path folder) throws IOException {
		Files.setLastModifiedTime(folder, FileTime.fromMillis(1_000_000_000_000L));
	}

	@Test
	void writerThatHasLostItsLockForAMomentIsReadOn() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory);
		try (Instance instance = Instance.join(store, null);
				LogQueue queue = open(instance);
				Queues queues = new Queues(store, new ReadBuffer(4096), UnreadableFiles.IGNORED)) {
			HiddenProcess.in(instance.slot().directory());
			Files.delete(instance.slot().directory().resolve("lock"));
			queues.update(new QueueScanner(store).scan());
			QueueReader reader = queues.readers().get(0);
			assertThat(reader.hasRecord()).isFalse();
			assertThat(reader.isExhausted()).isTrue();
			instance.repair();
			assertThat(queue.append(Level.INFO, 1, new byte[] { 'a' }, 1)).isTrue();
			queues.update(new QueueScanner(store).scan());
			assertThat(reader.hasRecord()).isTrue();
		}
	}

}
