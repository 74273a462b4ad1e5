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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class CheckpointSuccessionTests {

	@TempDir
	private Path directory;

	private final CollectorBuffers buffers = CollectorBuffers.allocate();

	private final List<IOException> reported = new ArrayList<>();

	@Test
	void successorGoesOnWithWhatThePredecessorHasSaved() throws IOException {
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
			first.write(checkpoint(2));
		}
		try (CheckpointFile second = begin(1)) {
			assertThat(second.newest()).isEqualTo(checkpoint(2));
			assertThat(second.content().term()).isEqualTo(2);
			second.write(checkpoint(3));
			assertThat(CheckpointFile.read(path(), this.buffers.files()).newest()).isEqualTo(checkpoint(3));
		}
	}

	@Test
	void predecessorThatGoesOnLearnsThatItsTermHasEndedAndChangesNothing() throws IOException {
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
			first.requireCurrent();
			try (CheckpointFile second = begin(1)) {
				second.write(checkpoint(2));
				assertThatExceptionOfType(TermEndedException.class).isThrownBy(first::requireCurrent);
				for (int i = 3; i < 6; i++) {
					int number = i;
					assertThatExceptionOfType(TermEndedException.class)
						.isThrownBy(() -> first.write(checkpoint(number)));
				}
				assertThat(CheckpointFile.read(path(), this.buffers.files()).newest()).isEqualTo(checkpoint(2));
				second.requireCurrent();
			}
		}
	}

	@Test
	void termHasEndedAsSoonAsASuccessorHasBegunToReadWhateverBecomesOfIt() throws IOException {
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
			Files.move(path(), fenced());
			assertThatExceptionOfType(TermEndedException.class).isThrownBy(() -> first.write(checkpoint(2)));
		}
		try (CheckpointFile next = begin(1)) {
			assertThat(next.newest()).isEqualTo(checkpoint(2));
			assertThat(fenced()).doesNotExist();
		}
	}

	@Test
	void successorThatDiedAfterItsPublicationIsSucceededLikeAnyOther() throws IOException {
		Path old = this.directory.resolve("old");
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
			Files.copy(path(), old);
		}
		try (CheckpointFile second = begin(1)) {
			second.write(checkpoint(2));
		}
		Files.move(old, fenced());
		try (CheckpointFile third = begin(0)) {
			assertThat(third.newest()).isEqualTo(checkpoint(2));
		}
	}

	@Test
	void deletedFileIsMadeAgainFromWhatItsWriterKnows() throws IOException {
		Content last;
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
			Files.delete(path());
			assertThatExceptionOfType(TermEndedException.class).isThrownBy(first::requireCurrent);
			last = first.content();
		}
		try (CheckpointFile second = CheckpointSuccession.begin(path(), owner(0, last, false))) {
			assertThat(second.newest()).isEqualTo(checkpoint(1));
		}
	}

	@Test
	void whatIsLeftOfABeginningThatDiedIsReplaced() throws IOException {
		Files.writeString(temporary(0), "half");
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
		}
		assertThat(temporary(0)).doesNotExist();
	}

	@Test
	void beginningIsNoProgress() throws IOException {
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
		}
		FileTime time = FileTime.fromMillis(1_000_000);
		Files.setLastModifiedTime(path(), time);
		begin(1).close();
		assertThat(Files.getLastModifiedTime(path())).isEqualTo(time);
	}

	@Test
	void fileOfANewerVersionIsLeftAlone() throws IOException {
		byte[] newer = newer();
		Files.write(path(), newer);
		assertThatIOException().isThrownBy(() -> begin(0))
			.withMessageContainingAll("version=2", "known=1", "collector.checkpoint");
		assertThat(path()).hasBinaryContent(newer);
	}

	@Test
	void fileOfANewerVersionIsPutAsideIfNoOtherProcessGoesOnWithIt() throws IOException {
		Files.write(path(), newer());
		try (CheckpointFile first = CheckpointSuccession.begin(path(), owner(0, Content.NONE, true))) {
			first.write(checkpoint(1));
		}
		try (CheckpointFile second = begin(1)) {
			assertThat(second.newest()).isEqualTo(checkpoint(1));
		}
		assertThat(this.directory.resolve("collector.checkpoint.unusable1")).hasBinaryContent(newer());
		assertThat(this.reported).singleElement().asString().contains("version=2", "unusable1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "collector.checkpoint", "collector.checkpoint.fenced", "temporary-0" })
	void folderInThePlaceOfAFileIsPutAsideAndReported(String name) throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve(name));
		Files.writeString(folder.resolve("note"), "mine");
		try (CheckpointFile first = begin(0)) {
			first.write(checkpoint(1));
		}
		assertThat(this.reported).singleElement().asString().contains(folder.toString(), "unusable1");
		assertThat(this.directory.resolve(name + ".unusable1/note")).hasContent("mine");
	}

	private static byte[] newer() {
		byte[] newer = new byte[CheckpointLayout.FILE_SIZE];
		ByteBuffer header = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
		header.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.FORMAT.magic());
		header.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.FORMAT.version() + 1);
		return newer;
	}

	private CheckpointFile begin(int process) throws IOException {
		return CheckpointSuccession.begin(path(), owner(process, Content.NONE, false));
	}

	private TermOwner owner(int process, Content last, boolean replacesUnreadable) {
		return new TermOwner("fedcba9876543210", temporary(process), last, this.buffers,
				new SkippedRecords(this.reported::add), replacesUnreadable);
	}

	private Path path() {
		return this.directory.resolve("collector.checkpoint");
	}

	private Path fenced() {
		return this.directory.resolve("collector.checkpoint.fenced");
	}

	private Path temporary(int process) {
		return this.directory.resolve("temporary-" + process);
	}

	private static Checkpoint checkpoint(int number) {
		Range range = new Range(1, "0123456789abcdef", 2, new Position(0, 128), new Position(number, 128));
		return new Checkpoint(Phase.WRITING, "fedcba9876543210", "/log", "key", number, new Batch(1, 2, 3),
				List.of(range));
	}

}
