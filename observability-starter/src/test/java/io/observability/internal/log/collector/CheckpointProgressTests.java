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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.CollectorProgress;
import io.observability.internal.log.queue.Position;
import io.observability.internal.segment.SequenceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CheckpointProgressTests {

	private static final SequenceId OWN = new SequenceId("0123456789abcdef", 1);

	private static final SequenceId OTHER = new SequenceId("0123456789abcdef", 2);

	@TempDir
	private Path directory;

	private Path checkpoint;

	private CollectorProgress progress;

	private int time;

	@BeforeEach
	void openStore() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory);
		this.checkpoint = store.collectorCheckpoint();
		this.progress = CheckpointProgress.in(store).apply(OWN);
	}

	@Test
	void thereIsNoneWithoutACollector() {
		assertThat(this.progress.isMade()).isFalse();
	}

	@Test
	void itIsMadeWhenRecordsOfTheQueueAreTaken() throws IOException {
		save(range(OWN, 1));
		assertThat(this.progress.isMade()).isTrue();
		assertThat(this.progress.isMade()).isFalse();
		save(range(OTHER, 9), range(OWN, 2));
		assertThat(this.progress.isMade()).isTrue();
	}

	@Test
	void progressWithAnotherQueueIsNone() throws IOException {
		save(range(OWN, 1), range(OTHER, 1));
		this.progress.isMade();
		save(range(OWN, 1), range(OTHER, 2));
		assertThat(this.progress.isMade()).isFalse();
		save(range(OTHER, 3));
		assertThat(this.progress.isMade()).isFalse();
		save(range(OWN, 1), range(OTHER, 4));
		assertThat(this.progress.isMade()).isFalse();
	}

	@Test
	void batchThatIsNotWrittenIsNone() throws IOException {
		save(range(OWN, 1));
		this.progress.isMade();
		save(range(OWN, 1, 2));
		assertThat(this.progress.isMade()).isFalse();
		save(range(OWN, 2, 3));
		assertThat(this.progress.isMade()).isTrue();
	}

	private static Range range(SequenceId queue, int index) {
		return range(queue, index, index);
	}

	private static Range range(SequenceId queue, int from, int to) {
		return new Range(0, queue.instanceId(), queue.number(), Position.startOf(from), Position.startOf(to));
	}

	private void save(Range... ranges) throws IOException {
		Files.deleteIfExists(this.checkpoint);
		Path temporary = this.directory.resolve("temporary");
		Checkpoint newest = new Checkpoint(Phase.IDLE, OWN.instanceId(), "", "", 0, Batch.NONE,
				Stream.of(ranges).toList());
		CheckpointFile.create(temporary, temporary, new CheckpointFile.Content(1, 1, newest)).close();
		Files.setLastModifiedTime(temporary, FileTime.fromMillis(++this.time));
		Files.move(temporary, this.checkpoint);
	}

}
