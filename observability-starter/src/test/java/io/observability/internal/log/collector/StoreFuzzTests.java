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
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import com.sun.management.ThreadMXBean;
import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.TestSequences;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.prometheus.InstanceCollector;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import io.observability.testing.Exposed;
import io.observability.testing.Mutations;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Changes valid files of each kind at random, and reads them with all that reads. Nothing
 * but an {@link IOException} may come of it, in little time and memory.
 */
class StoreFuzzTests {

	private static final int COUNT = Integer.getInteger("soak.mutations", 2_000);

	private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

	private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final long MOST_HEAP = 64L << 20;

	private static final long MOST_DIRECT = 64L << 20;

	private static final int FOLD_EVERY = 20;

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Map<Path, byte[]> valid = new LinkedHashMap<>();

	private final CollectorBuffers buffers = CollectorBuffers.allocate();

	@TempDir
	private Path directory;

	private StoreDirectory store;

	private Path log;

	private long mostNanos;

	private long mostHeap;

	private int refused;

	private boolean changed;

	/** Files of terminated instances, an archive, queues, and an unfinished batch. */
	@BeforeEach
	void write() throws IOException {
		this.log = this.directory.resolve("app.log");
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			this.store = fleet.store();
			Member folded = fleet.start("folded");
			record(folded.writer());
			folded.end();
			fleet.fold();
			Member ended = fleet.start("ended");
			record(ended.writer());
			ended.kill();
			keepFiles();
		}
		TestSequences sequences = new TestSequences(this.store.slots());
		for (int i = 0; i < 200; i++) {
			sequences.append(1 + i % 2, i, "line " + i);
		}
		sequences.dieAll();
		keepFiles();
		beginBatch();
		keepFiles();
	}

	private void beginBatch() throws IOException {
		List<Range> ranges = List.of(range(1), range(2));
		Checkpoint begun = new Checkpoint(Phase.WRITING, "0123456789abcdef", this.log.toString(), "", 0,
				new Batch(Long.MAX_VALUE, 1000, 0), ranges);
		CheckpointFile
			.create(this.store.collectorCheckpoint(), this.store.collectorCheckpoint(), new Content(1, 1, begun))
			.close();
	}

	private static Range range(int slot) {
		return new Range(slot, "%016x".formatted(0xabc + slot), 0, new Position(0, 128), new Position(0, 3000));
	}

	/** As far as it gets: a queue of another version is kept. */
	private void collect() throws IOException {
		Files.deleteIfExists(this.log);
		TermOwner owner = new TermOwner("fedcba9876543210", this.store.path().resolve("checkpoint.tmp"), Content.NONE,
				this.buffers, UnreadableFiles.IGNORED, false);
		try (Term term = BatchTerm.begin(this.store, owner, Duration.ZERO,
				(source) -> new FileOutput(new FixedLogTarget(this.log), source))) {
			int idle = 0;
			while (idle < 2) {
				idle = (term.collect() > 0) ? 0 : idle + 1;
			}
			term.hasEndedQueues();
		}
	}

	private static void record(MetricsWriter writer) {
		long now = System.currentTimeMillis();
		writer.totals(Families.COUNTER, List.of("north")).add(2);
		writer.totals(Families.HISTOGRAM, List.of()).record(2, 3_000_000_000L);
		writer.totals(Families.SUMMARY, List.of()).record(0, 12.5);
		writer.windowMax(Families.MAX, List.of(), now).record(12.5);
		writer.sample(Families.gauge("queue", GaugeMode.LIVEALL), List.of()).set(-7.5, now);
		writer.sample(Families.sampledCounter("asked"), List.of()).set(40, now);
		writer.exemplars(Families.HISTOGRAM.exemplars(), List.of());
	}

	private void keepFiles() throws IOException {
		try (Stream<Path> files = Files.walk(this.store.path())) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				this.valid.put(file, Files.readAllBytes(file));
			}
		}
	}

	/** What the readers have deleted or replaced. */
	private void restore() throws IOException {
		for (Map.Entry<Path, byte[]> file : this.valid.entrySet()) {
			Files.write(file.getKey(), file.getValue());
		}
		this.changed = false;
	}

	@Test
	void changedFilesAreReadInBoundedTimeAndMemory() throws IOException {
		System.out.println("fuzz.seed=" + SEED + ", mutations=" + COUNT);
		List<Path> files = new ArrayList<>(this.valid.keySet());
		for (int i = 0; i < COUNT; i++) {
			Mutations mutations = new Mutations(SEED + i);
			if (this.changed) {
				restore();
			}
			Path file = files.get((int) ((long) i * files.size() / COUNT));
			byte[] changed = mutations.of(this.valid.get(file));
			if (file.equals(this.store.collectorCheckpoint()) && mutations.below(2) == 0) {
				correctChecksums(changed);
			}
			Files.write(file, changed);
			if (!readWithinBounds(file, i, false)) {
				// Other work of the machine may be the reason for so long a time.
				restore();
				Files.write(file, changed);
				readWithinBounds(file, i, true);
			}
			Files.write(file, this.valid.get(file));
		}
		System.out.println("fuzz: refused=" + this.refused + ", longest ms="
				+ TimeUnit.NANOSECONDS.toMillis(this.mostNanos) + ", most bytes=" + this.mostHeap);
		assertThat(this.refused).isPositive();
	}

	/** An attacker can do that, and damage can't. */
	private static void correctChecksums(byte[] checkpoint) {
		ByteBuffer bytes = ByteBuffer.wrap(checkpoint).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < 2; i++) {
			int copy = CheckpointLayout.copyOffset(i);
			if (checkpoint.length < copy + CheckpointLayout.COPY_SIZE) {
				return;
			}
			int length = bytes.getInt(copy + CheckpointLayout.LENGTH_OFFSET);
			if (length > 0 && length <= CheckpointLayout.COPY_SIZE - CheckpointLayout.GENERATION_OFFSET) {
				CRC32C crc = new CRC32C();
				crc.update(bytes.slice(copy + CheckpointLayout.LENGTH_OFFSET, Integer.BYTES + length));
				bytes.putInt(copy + CheckpointLayout.CHECKSUM_OFFSET, (int) crc.getValue());
			}
		}
	}

	/** Returns false if it takes too long, unless it is the last attempt. */
	private boolean readWithinBounds(Path file, int index, boolean lastAttempt) {
		long heap = this.threads.getCurrentThreadAllocatedBytes();
		long direct = directBytes();
		long start = System.nanoTime();
		try {
			read(file, index);
		}
		catch (IOException ex) {
			this.refused++;
		}
		catch (RuntimeException | Error ex) {
			throw new AssertionError("file=" + file.getFileName() + ", fuzz.seed=" + SEED + ", mutation=" + index, ex);
		}
		long nanos = System.nanoTime() - start;
		long bytes = this.threads.getCurrentThreadAllocatedBytes() - heap;
		this.mostNanos = Math.max(this.mostNanos, nanos);
		this.mostHeap = Math.max(this.mostHeap, bytes);
		if (nanos > MOST_NANOS && !lastAttempt) {
			return false;
		}
		if (nanos > MOST_NANOS || bytes > MOST_HEAP || directBytes() - direct > MOST_DIRECT) {
			fail("too much: milliseconds=%d, heap=%d, direct=%d, file=%s, fuzz.seed=%d, mutation=%d",
					TimeUnit.NANOSECONDS.toMillis(nanos), bytes, directBytes() - direct, file.getFileName(), SEED,
					index);
		}
		return true;
	}

	private static long directBytes() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	private void read(Path file, int index) throws IOException {
		String name = file.getFileName().toString();
		if (name.startsWith("metrics-") || name.startsWith("totals")) {
			readMetrics(index);
			try (SegmentReader reader = new SegmentReader(
					SegmentSource.of(file, new ReadBuffer(SegmentReader.CHUNK_BYTES)))) {
				reader.refresh();
			}
		}
		else if (name.startsWith("log-") || name.startsWith("collector.checkpoint")) {
			readLog();
		}
		else {
			join();
		}
	}

	private void readMetrics(int index) throws IOException {
		Problems problems = new Problems((text) -> {
		});
		try (FleetMetrics metrics = new FleetMetrics(this.store, List.of(), problems)) {
			Shown.by(metrics);
			PrometheusRegistry registry = new PrometheusRegistry();
			registry.register(new InstanceCollector(metrics, () -> {
			}));
			Exposed.inAllFormats(registry);
			metrics.state();
		}
		if (index % FOLD_EVERY == 0) {
			this.changed = true;
			new Archive(this.store, problems, Duration.ofDays(7)).fold();
		}
	}

	private void readLog() throws IOException {
		this.changed = true;
		CheckpointProgress.in(this.store).apply(new SequenceId("0000000000000abd", 0)).isMade();
		FleetLog.of(this.store);
		collect();
	}

	private void join() throws IOException {
		for (Slot slot : new Slots(this.store).list()) {
			slot.occupant();
			slot.livingOccupant();
		}
		Instance.join(this.store, "name").close();
		assertThat(ProcessLock.isHeld(this.store.collectorLock())).isFalse();
	}

}
