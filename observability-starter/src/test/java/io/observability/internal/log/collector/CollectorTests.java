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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.TaskListener;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** The log goes on, whatever is in the place of the store's files. */
class CollectorTests {

	@TempDir
	private Path directory;

	private final List<Throwable> reported = new CopyOnWriteArrayList<>();

	private final TaskListener listener = (task, cause) -> this.reported.add(cause);

	private StoreDirectory store;

	private Path file;

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(this.directory.resolve("store"));
		this.file = this.directory.resolve("app.log");
	}

	@Test
	void foldersInThePlaceOfItsFilesArePutAsideAndReported() throws IOException {
		long before = failures();
		putFolder(this.store.collectorLock());
		putFolder(this.store.collectorCheckpoint());
		putFolder(this.store.slots().resolve("0/checkpoint.tmp"));
		collect("one\n");
		assertThat(this.file).hasContent("one\n");
		assertThat(this.store.path().resolve("collector.lock.unusable1/note")).exists();
		assertThat(this.store.path().resolve("collector.checkpoint.unusable1/note")).exists();
		assertThat(failures() - before).isEqualTo(3);
		assertThat(this.reported).hasSize(2);
	}

	@Test
	void checkpointOfANewerVersionIsLeftToOthersForAWhileAndThenPutAside() throws IOException {
		byte[] newer = new byte[CheckpointLayout.FILE_SIZE];
		ByteBuffer header = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
		header.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.FORMAT.magic());
		header.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.FORMAT.version() + 1);
		Files.write(this.store.collectorCheckpoint(), newer);
		collect("one\n");
		assertThat(this.file).hasContent("one\n");
		assertThat(this.store.path().resolve("collector.checkpoint.unusable1")).hasBinaryContent(newer);
		assertThat(this.reported.get(0)).hasMessageContaining("version=2");
	}

	@Test
	void checkpointWithoutPermissionIsLeftToOthersForAWhileAndThenPutAside() throws IOException {
		collect("one\n");
		Files.setPosixFilePermissions(this.store.collectorCheckpoint(), Set.of());
		assumeThat(Files.isReadable(this.store.collectorCheckpoint())).as("root may read all files").isFalse();
		collect("one\ntwo\n");
		assertThat(this.file).hasContent("one\none\ntwo\n");
		assertThat(this.store.path().resolve("collector.checkpoint.unusable1")).exists();
	}

	private static void putFolder(Path path) throws IOException {
		Files.createDirectories(path);
		Files.writeString(path.resolve("note"), "mine");
	}

	private static long failures() {
		return Supervisor.ofThisProcess().failures().count(Collector.TASK);
	}

	@SuppressWarnings("try") // the queue is closed before the collector
	private void collect(String line) throws IOException {
		try (Instance instance = Instance.join(this.store, null);
				LogQueue queue = LogQueue.open(instance, LogQueue.MIN_BACKLOG, FullPolicy.BLOCK,
						CheckpointProgress.in(this.store), this.listener);
				Collector collector = Collector.start(instance, queue, new FixedLogTarget(this.file), Duration.ZERO,
						this.listener)) {
			assertThat(collector).isNotNull();
			byte[] text = line.getBytes(StandardCharsets.UTF_8);
			queue.append(Level.INFO, 1, text, text.length);
			Awaitility.await().until(() -> Files.exists(this.file) && Files.size(this.file) >= text.length);
			queue.close();
		}
	}

}
