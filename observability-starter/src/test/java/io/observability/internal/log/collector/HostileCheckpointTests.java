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
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.TestSequences;
import io.observability.testing.HostilePeer;
import io.observability.testing.HostilePeer.Victim;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What another user of the group puts in the place of the checkpoint, or writes into it.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileCheckpointTests {

	@TempDir
	private Path directory;

	private StoreDirectory store;

	private TestSequences sequences;

	private Path log;

	private Victim victim;

	private final CollectorBuffers buffers = CollectorBuffers.allocate();

	private final List<IOException> reported = new ArrayList<>();

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(HostilePeer.shareWithGroup(this.directory.resolve("store")));
		this.sequences = new TestSequences(this.store.slots());
		this.log = this.directory.resolve("app.log");
		this.victim = HostilePeer.victim(this.directory.resolve(".bashrc"));
		this.sequences.append(0, 1, "line");
		this.sequences.dieAll();
	}

	@AfterEach
	void othersAreUntouched() throws IOException {
		this.victim.assertUntouched();
	}

	private void collect() throws IOException {
		TermOwner owner = new TermOwner("fedcba9876543210", this.store.slots().resolve("0/checkpoint.tmp"),
				Content.NONE, this.buffers, new SkippedRecords(this.reported::add), false);
		try (Term term = BatchTerm.begin(this.store, owner, Duration.ZERO,
				(source) -> new FileOutput(new FixedLogTarget(this.log), source))) {
			while (term.collect() > 0 || term.hasEndedQueues()) {
				// Goes on.
			}
		}
	}

	private void craft(Path file, long length, Batch batch, Range... ranges) throws IOException {
		String key = Files.readAttributes(file, BasicFileAttributes.class).fileKey().toString();
		Checkpoint crafted = new Checkpoint(Phase.WRITING, "0123456789abcdef", file.toString(), key, length, batch,
				List.of(ranges));
		CheckpointFile
			.create(this.store.path().resolve("crafted"), this.store.collectorCheckpoint(), new Content(1, 1, crafted))
			.close();
		Files.move(this.store.path().resolve("crafted"), this.store.collectorCheckpoint());
	}

	private static Range all(int slot, String instance) {
		return new Range(slot, instance, 0, new Position(0, 128), new Position(0, 4000));
	}

	@Test
	void batchGoesToTheConfiguredFileWhateverTheCheckpointNames() throws IOException {
		craft(this.victim.path(), Files.size(this.victim.path()), new Batch(Long.MAX_VALUE, 5, 0),
				all(0, "0000000000000abc"));
		collect();
		assertThat(this.log).hasContent("line");
	}

	@Test
	void fileOfAnotherNameInTheLogsFolderIsNotTakenForTheLog() throws IOException {
		Files.writeString(this.log, "");
		craft(this.victim.path(), 0, new Batch(Long.MAX_VALUE, 5, 0), all(0, "0000000000000abc"));
		collect();
		assertThat(this.log).hasContent("line");
	}

	@Test
	void lengthBeyondWhatThereIsTakesNoMemory() throws IOException {
		Files.writeString(this.log, "before\n");
		craft(this.log, 7, new Batch(Long.MAX_VALUE, CheckpointLayout.MAX_BATCH, 0), all(0, "0000000000000abc"));
		collect();
		assertThat(this.log).hasContent("before\nline");
	}

	@Test
	void rangesLeadToNoOtherFolder() throws IOException {
		Path outside = Files.createDirectories(this.store.slots().resolve("0/log-")).resolve("../../../../log");
		Files.writeString(this.log, "");
		craft(this.log, 0, new Batch(Long.MAX_VALUE, 5, 0), all(0, "/../../../x00000"), all(-1, "0000000000000abc"),
				all(70_000, "0000000000000abc"));
		assertThat(CheckpointFile.read(this.store.collectorCheckpoint(), this.buffers.files()).newest()).isNull();
		collect();
		assertThat(this.log).hasContent("line");
		assertThat(outside).doesNotExist();
	}

	@Test
	void linkInThePlaceOfTheCheckpointIsPutAside() throws IOException {
		HostilePeer.putLink(this.store.collectorCheckpoint(), this.victim.path());
		collect();
		assertThat(this.log).hasContent("line");
		assertThat(this.store.collectorCheckpoint()).isRegularFile();
	}

	@Test
	void pipeInThePlaceOfTheCheckpointIsPutAside() throws IOException {
		HostilePeer.putPipe(this.store.collectorCheckpoint());
		collect();
		assertThat(this.log).hasContent("line");
		assertThat(this.reported).singleElement().asString().contains("Is a pipe or device", "unusable1");
	}

	@Test
	void pipesAndLinksForAFencedCheckpointAndATemporaryOneArePutAside() throws IOException {
		HostilePeer.putPipe(this.store.path().resolve("collector.checkpoint.fenced"));
		HostilePeer.putLink(this.store.slots().resolve("0/checkpoint.tmp"), this.victim.path());
		collect();
		assertThat(this.log).hasContent("line");
		assertThat(this.reported).hasSize(2);
	}

	@Test
	void pipeInThePlaceOfASegmentHoldsUpNoOtherQueue() throws IOException {
		this.sequences.append(1, 1, "other");
		this.sequences.dieAll();
		Path pipe = this.store.slots().resolve("0/log-0000000000000abc-0-0.seg");
		HostilePeer.putPipe(pipe);
		collectSome();
		assertThat(this.log).hasContent("other");
		assertThat(this.reported).singleElement().asString().contains(pipe.toString(), "Is a pipe or device");
	}

	private void collectSome() throws IOException {
		TermOwner owner = new TermOwner("fedcba9876543210", this.store.slots().resolve("0/checkpoint.tmp"),
				Content.NONE, this.buffers, new SkippedRecords(this.reported::add), false);
		try (Term term = BatchTerm.begin(this.store, owner, Duration.ZERO,
				(source) -> new FileOutput(new FixedLogTarget(this.log), source))) {
			term.collect();
		}
	}

}
