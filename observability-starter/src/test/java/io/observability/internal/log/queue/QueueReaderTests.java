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

package io.observability.internal.log.queue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.internal.segment.SegmentSequence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class QueueReaderTests {

	private static final ReadBuffer BUFFER = new ReadBuffer(QueueReader.BUFFER_SIZE);

	private static final int FIRST = LogSegmentLayout.HEADER_SIZE;

	@TempDir
	private Path directory;

	private TestSequences sequences;

	@BeforeEach
	void createSequences() {
		this.sequences = new TestSequences(this.directory);
	}

	@Test
	void goesOnWhereItStopped() throws IOException {
		this.sequences.append(0, 1, "one");
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("one");
			this.sequences.append(0, 2, "two");
			assertThat(lines(reader)).containsExactly("two");
			assertThat(reader.isExhausted()).isFalse();
		}
	}

	@Test
	void oneWordShowsWhetherThereMayBeARecord() throws IOException {
		this.sequences.append(0, 1, "one");
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("one");
			assertThat(reader.mayHaveRecord()).isFalse();
			this.sequences.append(0, 2, "two");
			assertThat(reader.mayHaveRecord()).isTrue();
			assertThat(reader.hasRecord()).isTrue();
			assertThat(reader.mayHaveRecord()).as("read, but not taken").isTrue();
			assertThat(reader.holdsBack()).isTrue();
			assertThat(lines(reader)).containsExactly("two");
			assertThat(reader.mayHaveRecord()).isFalse();
			this.sequences.segment(0).end(LogRecordLayout.CLOSED);
			assertThat(reader.mayHaveRecord()).as("it ends here").isTrue();
			assertThat(lines(reader)).isEmpty();
			assertThat(reader.mayHaveRecord()).isFalse();
		}
	}

	@Test
	void followsTheSequenceThroughItsSegments() throws IOException {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			this.sequences.append(0, i, "line " + i);
			expected.add("line " + i);
		}
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).isEqualTo(expected);
			assertThat(reader.position().index()).isGreaterThan(2);
		}
	}

	@Test
	void readsARecordThatIsLargerThanItsBuffer() throws IOException {
		String large = "x".repeat(3_000_000);
		this.sequences.append(0, 1, "small");
		this.sequences.append(0, 2, large);
		this.sequences.append(0, 3, "small again");
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("small", large, "small again");
		}
	}

	@Test
	void marksWhatIsCollectedButNotInAFileWithAFurtherName() throws IOException {
		this.sequences.append(0, 1, "line");
		SegmentSequence sequence = this.sequences.sequence(0);
		Path further = Files.createLink(this.directory.resolve("further"), sequence.segmentFile(0));
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("line");
			reader.markCollected();
			assertThat(marked(sequence)).isNull();
		}
		Files.delete(further);
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("line");
			reader.markCollected();
			assertThat(marked(sequence)).isEqualTo(reader.position());
		}
	}

	private static @Nullable Position marked(SegmentSequence sequence) throws IOException {
		return CollectedMark.find(sequence, sequence.files(), new ReadBuffer(LogSegmentLayout.HEADER_SIZE));
	}

	@Test
	void waitsForAClaimedRecordWhileItsWriterLives() throws IOException {
		this.sequences.append(0, 1, "abandoned");
		this.sequences.append(0, 2, "behind");
		setFirstWord(-length("abandoned"));
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).isEmpty();
			setFirstWord(length("abandoned"));
			assertThat(lines(reader)).containsExactly("abandoned", "behind");
		}
	}

	@Test
	void damagedFileWithAHugeHoleIsSkippedWithinBounds() throws IOException {
		this.sequences.append(0, 1, "damaged");
		try (FileChannel file = FileChannel.open(this.sequences.sequence(0).segmentFile(0), StandardOpenOption.WRITE)) {
			file.write(ByteBuffer.allocate(Long.BYTES), 0);
			file.write(ByteBuffer.allocate(1), Integer.MAX_VALUE + 10L);
		}
		try (QueueReader reader = reader()) {
			reader.setWriterDead(true);
			assertThat(lines(reader)).isEmpty();
			assertThat(reader.isExhausted()).isTrue();
		}
	}

	@Test
	void stepsOverAClaimedRecordOfADeadWriter() throws IOException {
		this.sequences.append(0, 1, "abandoned");
		this.sequences.append(0, 2, "behind");
		setFirstWord(-length("abandoned"));
		try (QueueReader reader = reader()) {
			reader.setWriterDead(true);
			assertThat(lines(reader)).containsExactly("behind");
			assertThat(reader.isExhausted()).isTrue();
		}
	}

	@Test
	void isExhaustedAtTheEndOfAClosedSequence() throws IOException {
		this.sequences.append(0, 1, "one");
		this.sequences.segment(0).end(LogRecordLayout.CLOSED);
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).containsExactly("one");
			assertThat(reader.isExhausted()).isTrue();
		}
	}

	@Test
	void stopsAtAGivenPosition() throws IOException {
		Position end;
		this.sequences.append(0, 1, "one");
		this.sequences.append(0, 2, "two");
		try (QueueReader reader = reader()) {
			lines(reader);
			end = reader.position();
		}
		this.sequences.append(0, 3, "three");
		try (QueueReader reader = new QueueReader(this.sequences.sequence(0), Position.startOf(0), end, BUFFER)) {
			assertThat(lines(reader)).containsExactly("one", "two");
		}
	}

	@Test
	void damagedSegmentCostsOnlyTheRestOfItself() throws IOException {
		for (int i = 0; i < 500; i++) {
			this.sequences.append(0, i, "line " + i);
		}
		setWord(1, FIRST, 5);
		try (QueueReader reader = reader()) {
			List<String> lines = lines(reader);
			assertThat(lines).startsWith("line 0").endsWith("line 499").hasSizeBetween(350, 450);
		}
	}

	@Test
	void segmentCutOffByAnOutsiderEndsThere() throws IOException {
		for (int i = 0; i < 500; i++) {
			this.sequences.append(0, i, "line " + i);
		}
		try (RandomAccessFile file = new RandomAccessFile(this.sequences.sequence(0).segmentFile(0).toFile(), "rw")) {
			file.setLength(FIRST + 3 * LogRecordLayout.stride(length("line 0")) + 7);
		}
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).startsWith("line 0", "line 1", "line 2").endsWith("line 499");
		}
	}

	@Test
	void deletedSegmentIsSkipped() throws IOException {
		for (int i = 0; i < 500; i++) {
			this.sequences.append(0, i, "line " + i);
		}
		Files.delete(this.sequences.sequence(0).segmentFile(1));
		Files.delete(this.sequences.sequence(0).segmentFile(2));
		try (QueueReader reader = reader()) {
			assertThat(lines(reader)).startsWith("line 0").endsWith("line 499");
		}
	}

	@Test
	void foreignFileUnderASegmentsNameIsNotRead() throws IOException {
		Files.createDirectories(this.sequences.sequence(0).slot().directory());
		Files.writeString(this.sequences.sequence(0).segmentFile(0), "SQLite format 3");
		try (QueueReader reader = reader()) {
			reader.setWriterDead(true);
			assertThat(lines(reader)).isEmpty();
			assertThat(reader.isExhausted()).isTrue();
		}
	}

	@Test
	void segmentOfANewerVersionIsLeftAlone() throws IOException {
		this.sequences.append(0, 1, "one");
		this.sequences.segment(0).region().putInt(SegmentHeaderLayout.VERSION_OFFSET, 2);
		try (QueueReader reader = reader()) {
			reader.setWriterDead(true);
			assertThat(lines(reader)).isEmpty();
			assertThat(reader.isExhausted()).isFalse();
		}
	}

	private QueueReader reader() {
		return new QueueReader(this.sequences.sequence(0), Position.startOf(0), BUFFER, UnreadableFiles.IGNORED);
	}

	private static int length(String line) {
		return LogRecordLayout.length(line.length() + 1);
	}

	private void setFirstWord(int word) throws IOException {
		setWord(0, FIRST, word);
	}

	private void setWord(int index, int offset, int word) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.sequences.sequence(0).segmentFile(index).toFile(),
				"rw")) {
			file.seek(offset);
			file.writeInt(Integer.reverseBytes(word));
		}
	}

	private static List<String> lines(QueueReader reader) throws IOException {
		List<String> lines = new ArrayList<>();
		while (reader.hasRecord()) {
			ByteBuffer text = ByteBuffer.allocate(reader.textLength());
			reader.take(text);
			lines.add(new String(text.array(), StandardCharsets.UTF_8).stripTrailing());
		}
		return lines;
	}

}
