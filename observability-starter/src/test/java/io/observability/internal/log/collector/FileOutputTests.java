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
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.LogSegmentLayout;
import io.observability.internal.log.queue.TestSequences;
import io.observability.internal.segment.SegmentHeaderLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A crash is played by bringing the files into a state in which a crash may leave them,
 * and beginning another term.
 */
class FileOutputTests {

	/** For the buffers of the platform and of what is used first in a test. */
	private static final long SOME_MEMORY = 128 << 10;

	@TempDir
	private Path directory;

	private StoreDirectory store;

	private TestSequences sequences;

	private TestTarget target;

	private final CollectorBuffers buffers = CollectorBuffers.allocate();

	private final List<IOException> reported = new ArrayList<>();

	@AfterEach
	void releaseSlots() throws IOException {
		this.sequences.dieAll();
	}

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(this.directory.resolve("store"));
		this.sequences = new TestSequences(this.store.slots());
		this.target = new TestTarget(this.directory.resolve("app.log"));
	}

	@Test
	void writesTheLinesOfAllQueuesByTimeAndDeletesTheQueuesOfDeadWriters() throws IOException {
		appendLines(0, 100);
		this.sequences.dieAll();
		collect();
		assertThat(log()).isEqualTo(lines(0, 100));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void crashAfterAnyByteOfABatchIsCompletedByTheSuccessor() throws IOException {
		Files.writeString(this.target.activeFile(), "what was there before\n");
		appendLines(0, 10);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
		}
		this.sequences.dieAll();
		byte[] whole = Files.readAllBytes(this.target.activeFile());
		byte[] checkpoint = Files.readAllBytes(this.store.collectorCheckpoint());
		Path saved = this.directory.resolve("saved");
		copyTree(this.store.slots(), saved);
		this.target.failOnWritten = false;
		for (int length = "what was there before\n".length(); length <= whole.length; length++) {
			Files.write(this.target.activeFile(), Arrays.copyOf(whole, length));
			Files.write(this.store.collectorCheckpoint(), checkpoint);
			copyTree(saved, this.store.slots());
			collect();
			assertThat(Files.readAllBytes(this.target.activeFile())).isEqualTo(whole);
			assertThat(queueFiles()).isEmpty();
		}
	}

	@Test
	void fileIsLockedWhileItIsRolledAndWhileABatchIsWritten() throws IOException {
		Files.writeString(this.target.activeFile(), "before\n");
		this.target.rollDue = true;
		appendLines(0, 10);
		this.sequences.dieAll();
		collect();
		assertThat(this.target.lockedAtRoll).isTrue();
		assertThat(this.target.lockedAtWritten).isTrue();
		assertThat(isLocked(this.target.activeFile())).isFalse();
	}

	private static boolean isLocked(Path file) {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.lock().release();
			return false;
		}
		catch (OverlappingFileLockException ex) {
			return true;
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void successorGoesOnBehindTheBatchItHasCompleted() throws IOException {
		appendLines(0, 40);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		cut(this.target.activeFile(), 55);
		appendLines(40, 80);
		collect();
		assertThat(log()).isEqualTo(lines(0, 80));
	}

	@Test
	void fileRenamedInTheMiddleOfABatchIsCompletedUnderItsNewName() throws IOException {
		Files.writeString(this.target.activeFile(), "before\n");
		appendLines(0, 40);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		cut(this.target.activeFile(), 100);
		Path renamed = this.directory.resolve("app.log.1");
		Files.move(this.target.activeFile(), renamed);
		appendLines(40, 60);
		collect();
		assertThat(Files.readAllLines(renamed)).startsWith("before").endsWith("line 39").hasSize(41);
		assertThat(log()).isEqualTo(lines(40, 60));
	}

	@Test
	void fileDeletedByAnOutsiderIsMadeAgain() throws IOException {
		appendLines(0, 10);
		try (Term term = begin()) {
			term.collect();
			Files.delete(this.target.activeFile());
			appendLines(10, 20);
			term.collect();
		}
		assertThat(log()).isEqualTo(lines(10, 20));
	}

	@Test
	void fileCutOffByAnOutsiderIsAppendedTo() throws IOException {
		appendLines(0, 10);
		try (Term term = begin()) {
			term.collect();
			cut(this.target.activeFile(), 0);
			appendLines(10, 20);
			term.collect();
		}
		assertThat(log()).isEqualTo(lines(10, 20));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS) // which has no such permissions
	void fileInAFolderThatIsSharedWithAGroupIsTheGroupsToo() throws IOException {
		Path shared = Files.createDirectory(this.directory.resolve("shared"));
		Files.setAttribute(shared, "unix:mode", 02770);
		appendLines(0, 10);
		collect();
		assertThat(Files.getPosixFilePermissions(this.target.activeFile()))
			.doesNotContain(PosixFilePermission.GROUP_WRITE);
		this.target = new TestTarget(shared.resolve("app.log"));
		appendLines(10, 20);
		collect();
		assertThat(Files.getPosixFilePermissions(this.target.activeFile())).contains(PosixFilePermission.GROUP_READ,
				PosixFilePermission.GROUP_WRITE);
	}

	@Test
	void rollsBetweenTwoBatches() throws IOException {
		appendLines(0, 10);
		try (Term term = begin()) {
			term.collect();
			this.target.rollDue = true;
			appendLines(10, 20);
			term.collect();
		}
		assertThat(Files.readAllLines(this.directory.resolve("app.log.0"))).isEqualTo(lines(0, 10));
		assertThat(log()).isEqualTo(lines(10, 20));
	}

	@Test
	void crashBeforeOrAfterTheRenameOfARolloverLosesAndDoublesNothing() throws IOException {
		for (boolean renamed : List.of(false, true)) {
			appendLines(0, 10);
			try (Term term = begin()) {
				term.collect();
				this.target.rollDue = true;
				this.target.failOnRoll = true;
				this.target.renameBeforeFailing = renamed;
				appendLines(10, 20);
				assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			}
			this.target.rollDue = false;
			this.target.failOnRoll = false;
			collect();
			assertThat(this.target.rollInterrupted).isTrue();
			List<String> all = new ArrayList<>();
			if (renamed) {
				all.addAll(Files.readAllLines(this.directory.resolve("app.log.0")));
			}
			all.addAll(log());
			assertThat(all).isEqualTo(lines(0, 20));
			Files.delete(this.target.activeFile());
		}
	}

	@Test
	void emptyFileGetsTheHeaderOnce() throws IOException {
		this.target.header = "header\n".getBytes(StandardCharsets.UTF_8);
		appendLines(0, 10);
		try (Term term = begin()) {
			term.collect();
			appendLines(10, 20);
			term.collect();
		}
		assertThat(log()).startsWith("header", "line 0").hasSize(21).endsWith("line 19");
	}

	@Test
	void crashInTheMiddleOfTheHeaderIsCompleted() throws IOException {
		this.target.header = "header\n".getBytes(StandardCharsets.UTF_8);
		appendLines(0, 10);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		cut(this.target.activeFile(), 3);
		collect();
		assertThat(log()).startsWith("header", "line 0").hasSize(11);
	}

	@Test
	void fileEndsWithTheFooterWhenTheLastWriterHasLeft() throws IOException {
		useHeaderAndFooter();
		appendLines(0, 3);
		try (Term term = begin()) {
			term.collect();
			term.collect();
		}
		assertThat(log()).containsExactly("header", "line 0", "line 1", "line 2");
		this.sequences.dieAll();
		collect();
		assertThat(log()).containsExactly("header", "line 0", "line 1", "line 2", "footer");
	}

	@Test
	void logThatGoesOnHasNoFooterInTheMiddle() throws IOException {
		useHeaderAndFooter();
		for (int i = 0; i < 9; i += 3) {
			appendLines(i, i + 3);
			this.sequences.dieAll();
			collect();
		}
		assertThat(log()).startsWith("header", "line 0").endsWith("line 8", "footer").hasSize(11);
	}

	@Test
	void footerThatIsNotWholeIsCutOff() throws IOException {
		useHeaderAndFooter();
		appendLines(0, 3);
		this.sequences.dieAll();
		collect();
		byte[] checkpoint = Files.readAllBytes(this.store.collectorCheckpoint());
		int length = (int) Files.size(this.target.activeFile());
		for (int cut = 1; cut <= "footer\n".length(); cut++) {
			cut(this.target.activeFile(), length - cut);
			Files.write(this.store.collectorCheckpoint(), checkpoint);
			collect();
			assertThat(log()).containsExactly("header", "line 0", "line 1", "line 2", "footer");
		}
	}

	@Test
	void whatAnotherProgramHasAppendedToTheFooterIsKept() throws IOException {
		useHeaderAndFooter();
		appendLines(0, 1);
		this.sequences.dieAll();
		collect();
		Files.writeString(this.target.activeFile(), "other\n", StandardOpenOption.APPEND);
		appendLines(1, 2);
		this.sequences.dieAll();
		collect();
		assertThat(log()).containsExactly("header", "line 0", "footer", "other", "line 1", "footer");
	}

	@Test
	void piecesHaveHeaderAndFooterAlsoIfARolloverWasInterrupted() throws IOException {
		useHeaderAndFooter();
		for (boolean renamed : List.of(false, true)) {
			appendLines(0, 10);
			try (Term term = begin()) {
				term.collect();
				this.target.rollDue = true;
				this.target.failOnRoll = true;
				this.target.renameBeforeFailing = renamed;
				appendLines(10, 20);
				assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			}
			assertThat(Files.readAllLines(renamed ? this.directory.resolve("app.log.0") : this.target.activeFile()))
				.startsWith("header", "line 0")
				.endsWith("line 9", "footer");
			this.target.rollDue = false;
			this.target.failOnRoll = false;
			this.sequences.dieAll();
			collect();
			assertThat(log()).startsWith("header").endsWith("line 19", "footer").hasSize(renamed ? 12 : 22);
			Files.delete(this.target.activeFile());
		}
	}

	@Test
	void fileThatCannotBeRolledGoesOnWithoutAFooter() throws IOException {
		useHeaderAndFooter();
		this.target.refusesToRoll = true;
		for (int i = 0; i < 6; i += 3) {
			appendLines(i, i + 3);
			try (Term term = begin()) {
				term.collect();
				this.target.rollDue = true;
			}
		}
		assertThat(log()).startsWith("header").endsWith("line 5").hasSize(7).doesNotContain("footer");
	}

	private void useHeaderAndFooter() {
		this.target.header = "header\n".getBytes(StandardCharsets.UTF_8);
		this.target.footer = "footer\n".getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void headerLongerThanAnUnfinishedBatchDoesNotStopTheLog() throws IOException {
		appendLines(0, 1);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		cut(this.target.activeFile(), 0);
		this.target.header = "a header longer than the line\n".getBytes(StandardCharsets.UTF_8);
		appendLines(1, 10);
		collect();
		assertThat(log()).isEqualTo(lines(0, 10));
	}

	@Test
	void headerThatHasChangedSinceACrashInTheMiddleOfItDoesNotStopTheLog() throws IOException {
		this.target.header = "header\n".getBytes(StandardCharsets.UTF_8);
		appendLines(0, 10);
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		cut(this.target.activeFile(), 3);
		this.target.header = "another, longer header\n".getBytes(StandardCharsets.UTF_8);
		collect();
		assertThat(log()).startsWith("heaanother, longer header", "line 0").hasSize(11);
	}

	@Test
	void folderInThePlaceOfASegmentIsReportedAndPutAside() throws IOException {
		appendLines(0, 300);
		Path segment = queueFiles().stream().filter((file) -> isInSlot(file, 1)).sorted().findFirst().orElseThrow();
		Files.delete(segment);
		Files.createDirectory(segment);
		Files.writeString(segment.resolve("note"), "mine");
		this.sequences.dieAll();
		collect();
		assertThat(log()).containsAll(lines(0, 300).stream().filter((line) -> number(line) % 3 != 1).toList());
		assertThat(this.reported).singleElement().asString().contains("Is a directory", segment.toString());
		assertThat(queueFiles()).singleElement().asString().endsWith(".unusable1");
	}

	@Test
	void recordsBehindADamagedOneAreCountedAndReported() throws IOException {
		appendLines(0, 9);
		Path segment = queueFiles().stream().filter((file) -> isInSlot(file, 1)).findFirst().orElseThrow();
		this.sequences.dieAll();
		try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
			file.seek(LogSegmentLayout.HEADER_SIZE);
			file.writeInt(Integer.reverseBytes(7));
		}
		long skipped = SkippedRecords.bytes();
		collect();
		assertThat(log()).containsExactly("line 0", "line 2", "line 3", "line 5", "line 6", "line 8");
		assertThat(this.reported).singleElement().asString().contains("record is damaged", segment.toString());
		assertThat(SkippedRecords.bytes() - skipped).isEqualTo(3 * 24);
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void queueOfANewerVersionIsReportedAndNotWaitedFor() throws IOException {
		appendLines(0, 9);
		Path segment = queueFiles().stream().filter((file) -> isInSlot(file, 1)).findFirst().orElseThrow();
		try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
			file.seek(SegmentHeaderLayout.VERSION_OFFSET);
			file.writeInt(Integer.reverseBytes(2));
		}
		this.sequences.dieAll();
		collect();
		assertThat(log()).containsExactly("line 0", "line 2", "line 3", "line 5", "line 6", "line 8");
		assertThat(this.reported).singleElement().asString().contains("version=2", segment.toString());
		assertThat(queueFiles()).containsExactly(segment);
	}

	@Test
	void largeLineThatACrashHasLeftUnfinishedIsCompletedInLittleMemory() throws IOException {
		String large = "0123456789".repeat(300_000);
		Files.writeString(this.target.activeFile(), "before\n");
		this.sequences.append(0, 1, large);
		this.sequences.append(0, 2, "behind");
		try (Term term = begin()) {
			this.target.failOnWritten = true;
			assertThatExceptionOfType(Crash.class).isThrownBy(term::collect);
			this.target.failOnWritten = false;
		}
		this.sequences.dieAll();
		byte[] whole = Files.readAllBytes(this.target.activeFile());
		byte[] checkpoint = Files.readAllBytes(this.store.collectorCheckpoint());
		Path saved = this.directory.resolve("saved");
		copyTree(this.store.slots(), saved);
		for (int length : List.of(7, 8, 600_000, 2_999_999, whole.length)) {
			Files.write(this.target.activeFile(), Arrays.copyOf(whole, length));
			Files.write(this.store.collectorCheckpoint(), checkpoint);
			copyTree(saved, this.store.slots());
			long before = directMemory();
			collect();
			assertThat(directMemory() - before).isLessThan(SOME_MEMORY);
			assertThat(log()).as("length=" + length).containsExactly("before", large, "behind");
		}
	}

	@Test
	void lineOf64MegabytesIsWrittenInLittleMemory() throws IOException {
		String large = "0123456789abcdef".repeat(4 << 20);
		this.sequences.append(0, 1, "first");
		this.sequences.append(0, 2, large);
		this.sequences.append(1, 3, "last");
		this.sequences.dieAll();
		long before = directMemory();
		collect();
		assertThat(directMemory() - before).isLessThan(SOME_MEMORY);
		assertThat(Files.size(this.target.activeFile())).isEqualTo(large.length() + "first\n\nlast\n".length());
	}

	@Test
	void idleCollectorAllocatesNothingOutsideTheHeapHoweverManyQueuesThereAre() throws IOException {
		for (int slot = 0; slot < 100; slot++) {
			this.sequences.append(slot, slot, "line " + slot);
		}
		long before = directMemory();
		try (Term term = begin()) {
			for (int i = 0; i < 20; i++) {
				term.collect();
				FleetLog.of(this.store);
			}
		}
		assertThat(directMemory() - before).isLessThan(SOME_MEMORY);
	}

	/** What is in use, and what has not been freed yet. */
	private static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	private boolean isInSlot(Path file, int slot) {
		return file.startsWith(this.store.slots().resolve(Integer.toString(slot)));
	}

	private static int number(String line) {
		return Integer.parseInt(line.substring("line ".length()));
	}

	@Test
	void lineThatIsLargerThanABatchIsWrittenWhole() throws IOException {
		String large = "y".repeat(3_000_000);
		this.sequences.append(0, 1, "first");
		this.sequences.append(0, 2, large);
		this.sequences.append(1, 3, "last");
		collect();
		assertThat(log()).containsExactly("first", large, "last");
	}

	@Test
	void timeOfTheFarFutureDoesNotHoldBackWhatComesBehindIt() throws IOException {
		this.sequences.append(0, Long.MAX_VALUE - 1, "from the future");
		this.sequences.append(0, 1, "behind");
		this.sequences.append(1, 2, "other");
		collect();
		assertThat(log()).containsExactly("other", "from the future", "behind");
	}

	@Test
	void damagedCheckpointDoesNotStopTheLog() throws IOException {
		Files.write(this.store.collectorCheckpoint(), "garbage".repeat(30_000).getBytes(StandardCharsets.UTF_8));
		appendLines(0, 10);
		collect();
		assertThat(log()).isEqualTo(lines(0, 10));
	}

	private Term begin() throws IOException {
		TermOwner owner = new TermOwner("fedcba9876543210", this.store.path().resolve("checkpoint.tmp"), Content.NONE,
				this.buffers, new SkippedRecords(this.reported::add), false);
		return BatchTerm.begin(this.store, owner, Duration.ZERO, (source) -> new FileOutput(this.target, source));
	}

	private void collect() throws IOException {
		try (Term term = begin()) {
			while (term.collect() > 0 || term.hasEndedQueues()) {
				// Goes on.
			}
		}
	}

	/** Line n goes to slot n modulo 3, at time n. */
	private void appendLines(int from, int to) throws IOException {
		for (int i = from; i < to; i++) {
			this.sequences.append(i % 3, i, "line " + i);
		}
	}

	private static List<String> lines(int from, int to) {
		List<String> lines = new ArrayList<>();
		for (int i = from; i < to; i++) {
			lines.add("line " + i);
		}
		return lines;
	}

	private List<String> log() throws IOException {
		return Files.readAllLines(this.target.activeFile());
	}

	private List<Path> queueFiles() throws IOException {
		try (Stream<Path> files = Files.walk(this.store.slots())) {
			return files.filter((file) -> file.getFileName().toString().startsWith("log-")).toList();
		}
	}

	private static void cut(Path file, int length) throws IOException {
		try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

	private static void copyTree(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.filter((path) -> path.getFileName().toString().startsWith("log-")).toList()) {
				Path copy = to.resolve(from.relativize(file).toString());
				Files.createDirectories(copy.getParent());
				Files.write(copy, Files.readAllBytes(file));
			}
		}
	}

	private static final class TestTarget implements LogTarget {

		private final Path file;

		private byte[] header = {};

		private byte[] footer = {};

		private boolean rollDue;

		private boolean failOnRoll;

		private boolean refusesToRoll;

		private boolean renameBeforeFailing;

		private boolean failOnWritten;

		private boolean rollInterrupted;

		private int pieces;

		private boolean lockedAtRoll;

		private boolean lockedAtWritten;

		TestTarget(Path file) {
			this.file = file;
		}

		@Override
		public void start(boolean rollInterrupted) {
			this.rollInterrupted = rollInterrupted;
		}

		@Override
		public Path activeFile() {
			return this.file;
		}

		@Override
		public List<Path> rolledFiles() {
			return List.of();
		}

		@Override
		public byte[] header() {
			return this.header;
		}

		@Override
		public byte[] footer() {
			return this.footer;
		}

		@Override
		public boolean isRollDue() {
			return this.rollDue;
		}

		@Override
		public void roll() {
			this.lockedAtRoll = isLocked(this.file);
			if (this.refusesToRoll) {
				return;
			}
			if (!this.failOnRoll || this.renameBeforeFailing) {
				this.file.toFile().renameTo(this.file.resolveSibling("app.log." + this.pieces++).toFile());
			}
			if (this.failOnRoll) {
				throw new Crash();
			}
			this.rollDue = false;
		}

		@Override
		public void written(int bytes) {
			this.lockedAtWritten = isLocked(this.file);
			if (this.failOnWritten) {
				throw new Crash();
			}
		}

		@Override
		public void stop() {
		}

	}

	private static final class Crash extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
