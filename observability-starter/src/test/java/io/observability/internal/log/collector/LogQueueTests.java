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
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.queue.DropReport;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.log.queue.LogSegmentLayout;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LogQueueTests {

	private static final ReadBuffer BUFFER = new ReadBuffer(QueueReader.BUFFER_SIZE);

	private static final byte[] KILOBYTE = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	private Instance instance;

	private LogQueue queue;

	@BeforeEach
	void join() throws IOException {
		this.instance = Instance.join(StoreDirectory.open(this.directory), null);
	}

	@AfterEach
	void leave() throws IOException {
		this.queue.close();
		this.instance.close();
	}

	@Test
	void idleQueueTakesTwoSegmentsOnDisk() throws IOException {
		open(FullPolicy.BLOCK);
		Awaitility.await().untilAsserted(() -> assertThat(files()).hasSize(2));
		append("one");
		assertThat(read()).containsExactly("one");
	}

	@Test
	void segmentsAreSmallUntilMuchIsLogged() throws IOException {
		this.queue = LogQueue.open(this.instance, 256 << 20, FullPolicy.BLOCK,
				CheckpointProgress.in(this.instance.store()), (task, cause) -> {
				});
		Awaitility.await().untilAsserted(() -> assertThat(files()).hasSize(2));
		assertThat(sizes()).containsOnly(256 << 10);
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
		}
		assertThat(sizes()).contains(4 << 20).doesNotHaveDuplicates().hasSizeBetween(3, 5);
	}

	/** Of the files, each size once. */
	private List<Integer> sizes() throws IOException {
		List<Integer> sizes = new ArrayList<>();
		for (ListedSegment file : files()) {
			int size = (int) Files.size(file.path());
			if (!sizes.contains(size)) {
				sizes.add(size);
			}
		}
		return sizes;
	}

	@Test
	void acknowledgedSegmentsAreUsedAgain() throws IOException {
		open(FullPolicy.BLOCK);
		for (int round = 0; round < 50; round++) {
			for (int i = 0; i < 200; i++) {
				assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
			}
			acknowledgeAll();
		}
		Awaitility.await().untilAsserted(() -> assertThat(files()).hasSize(2));
		assertThat(indexes()).allMatch((index) -> index > 100);
	}

	@Test
	void dropPolicyKeepsTheLastRoomForWarnings() throws IOException {
		open(FullPolicy.DROP);
		int taken = appendUntilDropped(Level.INFO);
		assertThat(taken).isBetween(700, 900);
		assertThat(this.queue.append(Level.DEBUG, 1, KILOBYTE, KILOBYTE.length)).isFalse();
		assertThat(this.queue.append(Level.WARNING, 1, KILOBYTE, KILOBYTE.length)).isTrue();
		assertThat(appendUntilDropped(Level.ERROR)).isBetween(100, 300);
		awaitDropped(Map.of(Level.DEBUG, 1L, Level.INFO, 1L, Level.ERROR, 1L));
	}

	@Test
	void whatWasDroppedIsToldOnceThereIsRoomAgain() throws IOException {
		open(FullPolicy.DROP);
		appendUntilDropped(Level.INFO);
		this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length);
		assertThat(this.queue.takeDropReport()).isNull();
		acknowledgeAll();
		Awaitility.await().untilAsserted(() -> {
			DropReport report = this.queue.takeDropReport();
			assertThat(report).isNotNull();
			assertThat(report.count()).isEqualTo(2);
			assertThat(report.first()).isBeforeOrEqualTo(report.last());
		});
		assertThat(this.queue.takeDropReport()).isNull();
		assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
	}

	@Test
	void blockPolicyWaitsForRoom() throws Exception {
		open(FullPolicy.BLOCK);
		CompletableFuture<Boolean> last = fillAndBlock(new AtomicBoolean());
		acknowledgeAll();
		assertThat(last.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.queue.takeDropReport()).isNull();
		this.queue.close();
		assertThat(dropped()).isEmpty();
	}

	@Test
	void interruptEndsTheWaitAndStaysSet() throws Exception {
		open(FullPolicy.BLOCK);
		AtomicBoolean interrupted = new AtomicBoolean();
		CompletableFuture<Boolean> last = fillAndBlock(interrupted);
		blockedThread().interrupt();
		assertThat(last.get(10, TimeUnit.SECONDS)).isFalse();
		assertThat(interrupted).isTrue();
		awaitDropped(Map.of(Level.INFO, 1L));
	}

	@Test
	void interruptedThreadAppendsLikeAnyOtherWhileThereIsRoom() throws IOException {
		open(FullPolicy.BLOCK);
		Thread.currentThread().interrupt();
		for (int i = 0; i < 500; i++) {
			assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
		}
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
	}

	@Test
	void foldersInThePlaceOfItsNextFilesArePutAside() throws IOException {
		open(FullPolicy.BLOCK);
		append("first");
		List<Path> folders = List.of(sequence().segmentFile(5), sequence().file(6, SegmentStage.TEMPORARY));
		for (Path folder : folders) {
			Files.createDirectories(folder.resolve("folder"));
		}
		for (int i = 0; i < 600; i++) {
			assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isTrue();
		}
		append("last");
		assertThat(read()).hasSize(602).startsWith("first").endsWith("last");
		for (Path folder : folders) {
			assertThat(folder.resolveSibling(folder.getFileName() + ".unusable1")).isDirectory();
		}
	}

	@Test
	void largeEventGetsASegmentOfItsOwnSize() throws IOException {
		open(FullPolicy.DROP);
		String large = "y".repeat(500_000);
		append("before");
		append(large);
		append("behind");
		assertThat(read()).containsExactly("before", large, "behind");
	}

	@Test
	void closedQueueTakesNothingMoreAndIsReadToItsEnd() throws IOException {
		open(FullPolicy.BLOCK);
		append("one");
		this.queue.close();
		assertThat(this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length)).isFalse();
		assertThat(files()).hasSize(1);
		try (QueueReader reader = new QueueReader(sequence(), Position.startOf(0), BUFFER, UnreadableFiles.IGNORED)) {
			reader.hasRecord();
			reader.take(ByteBuffer.allocate(10));
			assertThat(reader.hasRecord()).isFalse();
			assertThat(reader.isExhausted()).isTrue();
		}
		assertThat(this.queue.isCollected()).isFalse();
		Files.delete(sequence().segmentFile(0));
		assertThat(this.queue.isCollected()).isTrue();
	}

	@Test
	@SuppressWarnings("ThreadPriorityCheck") // it is not for the scheduler
	void segmentCutOffByAnOutsiderCostsOnlyWhatWasInIt() throws IOException {
		open(FullPolicy.BLOCK);
		append("lost");
		Awaitility.await().untilAsserted(() -> assertThat(files()).hasSize(2));
		try (RandomAccessFile file = new RandomAccessFile(sequence().segmentFile(0).toFile(), "rw")) {
			file.setLength(0);
		}
		int taken = 0;
		int toldLate = 0;
		for (int i = 0; i < 100; i++) {
			try {
				if (tryAppend("line " + i)) {
					taken++;
				}
				// Compiled code may tell as late as when its thread leaves Java.
				Thread.yield();
			}
			catch (InternalError ex) {
				toldLate++;
			}
		}
		assertThat(100 - taken + toldLate).isLessThan(5);
		assertThat(read()).endsWith("line 98", "line 99");
		try {
			this.queue.close();
		}
		catch (InternalError ex) {
			// Told as late as here. It is told once: the next call ends the queue's
			// thread.
		}
	}

	@Test
	void droppedEventsAreToldInTheFile() throws IOException {
		open(FullPolicy.DROP);
		appendUntilDropped(Level.INFO);
		this.queue.close();
		byte[] segment = Files.readAllBytes(sequence().segmentFile(indexes().get(indexes().size() - 1)));
		ByteBuffer header = ByteBuffer.wrap(segment).order(java.nio.ByteOrder.LITTLE_ENDIAN);
		assertThat(header.getLong(LogSegmentLayout.droppedOffset(Level.INFO))).isOne();
	}

	@Test
	void eventThatCannotBeCopiedIsCountedAndHoldsUpNoOther() throws IOException {
		open(FullPolicy.BLOCK);
		append("before");
		assertThat(this.queue.append(Level.ERROR, 1, new byte[1], 1000)).isFalse();
		append("behind");
		assertThat(read()).containsExactly("before", "behind");
		awaitDropped(Map.of(Level.ERROR, 1L));
	}

	private void open(FullPolicy whenFull) throws IOException {
		this.queue = LogQueue.open(this.instance, LogQueue.MIN_BACKLOG, whenFull,
				CheckpointProgress.in(this.instance.store()), (task, cause) -> {
				});
	}

	private void append(String line) {
		assertThat(tryAppend(line)).isTrue();
	}

	private boolean tryAppend(String line) {
		byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
		return this.queue.append(Level.INFO, 1, bytes, bytes.length);
	}

	private int appendUntilDropped(Level level) {
		int taken = 0;
		while (this.queue.append(level, 1, KILOBYTE, KILOBYTE.length)) {
			taken++;
		}
		return taken;
	}

	/** Returns when a thread of that name waits for room. */
	private CompletableFuture<Boolean> fillAndBlock(AtomicBoolean interrupted) {
		CompletableFuture<Boolean> last = new CompletableFuture<>();
		new Thread(() -> {
			boolean taken = true;
			for (int i = 0; i < 1100 && taken; i++) {
				taken = this.queue.append(Level.INFO, 1, KILOBYTE, KILOBYTE.length);
			}
			interrupted.set(Thread.currentThread().isInterrupted());
			last.complete(taken);
		}, "blocked").start();
		Awaitility.await()
			.until(() -> blockedThread().getState() == Thread.State.TIMED_WAITING && indexes().size() >= 16);
		return last;
	}

	private static Thread blockedThread() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("blocked"))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Does what the collector does when it has written everything up to the last segment.
	 */
	private void acknowledgeAll() throws IOException {
		List<Integer> indexes = indexes();
		int written = written(indexes);
		for (int index : indexes) {
			if (index < written) {
				Files.move(sequence().segmentFile(index), sequence().file(index, SegmentStage.FREE));
			}
		}
	}

	private int written(List<Integer> indexes) throws IOException {
		try (QueueReader reader = new QueueReader(sequence(), Position.startOf(indexes.get(0)), BUFFER,
				UnreadableFiles.IGNORED)) {
			while (reader.hasRecord()) {
				reader.take(ByteBuffer.allocate(reader.textLength()));
			}
			return reader.position().index();
		}
	}

	/** What the queue's own task has made known to the other instances. */
	private void awaitDropped(Map<Level, Long> counts) {
		Awaitility.await().untilAsserted(() -> assertThat(dropped()).isEqualTo(counts));
	}

	/** Only levels of which something was dropped. */
	private Map<Level, Long> dropped() {
		Map<Level, Long> dropped = new EnumMap<>(Level.class);
		FleetLog.of(this.instance.store())
			.queues()
			.forEach((queue) -> queue.dropped().forEach((level, count) -> dropped.merge(level, count, Long::sum)));
		dropped.values().removeIf((count) -> count == 0);
		return dropped;
	}

	private SegmentSequence sequence() throws IOException {
		return SegmentSequence.list(this.instance.slot(), SegmentKind.LOG).firstKey();
	}

	private List<ListedSegment> files() throws IOException {
		return sequence().files();
	}

	private List<Integer> indexes() throws IOException {
		return files().stream().filter(ListedSegment::isReadable).map(ListedSegment::index).toList();
	}

	private List<String> read() throws IOException {
		List<String> lines = new ArrayList<>();
		try (QueueReader reader = new QueueReader(sequence(), Position.startOf(0), BUFFER, UnreadableFiles.IGNORED)) {
			while (reader.hasRecord()) {
				ByteBuffer text = ByteBuffer.allocate(reader.textLength());
				reader.take(text);
				lines.add(new String(text.array(), StandardCharsets.UTF_8));
			}
		}
		return lines;
	}

}
