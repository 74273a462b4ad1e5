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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.LevelCode;
import io.observability.internal.log.queue.LogSegmentLayout;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentSource;
import org.jspecify.annotations.Nullable;

/**
 * The state of the queues of one of the fleet's logs, which any process can read.
 *
 * @param file path of the log file as a process of the fleet has named it, or null if
 * there is none
 * @param collected when the collector last saved its checkpoint, or null if it never has
 * @param collector id of the instance that writes the merged log, or null if none does
 * @param queues of the instances that have events to collect, or may have soon
 * @param appenders that are attached to the log
 * @param problems descriptions of what can't be read, by file
 */
public record FleetLog(@Nullable String file, @Nullable Instant collected, @Nullable String collector,
		List<InstanceQueue> queues, List<AttachedAppender> appenders, Map<Path, String> problems) {

	/** With more segments than this, the sizes of their files are exact enough. */
	private static final int MANY_SEGMENTS = 3;

	/**
	 * The queue of an instance.
	 *
	 * @param instance its id
	 * @param slot its slot's number
	 * @param backlog bytes that are to be collected
	 * @param oldest time of the first event that is to be collected, or null if none is
	 * @param dropped how many events it has dropped, by level
	 */
	public record InstanceQueue(String instance, int slot, long backlog, @Nullable Instant oldest,
			Map<Level, Long> dropped) {
	}

	/**
	 * An appender that is attached to the log.
	 *
	 * @param name of the appender
	 * @param backlog bytes that are to be delivered to it
	 * @param missed how many events it has missed
	 * @param failure why it takes no events now, or null if it does
	 */
	public record AttachedAppender(String name, long backlog, long missed, @Nullable String failure) {
	}

	/** Returns how many bytes are to be collected from all queues. */
	public long backlog() {
		return this.queues.stream().mapToLong(InstanceQueue::backlog).sum();
	}

	/**
	 * Reads the state of all logs of a fleet. What can't be read is left out, and is a
	 * problem.
	 * @param store the fleet's folder
	 * @return the state of each log, that of the fleet's own folder first
	 */
	public static List<FleetLog> allOf(StoreDirectory store) {
		try {
			return store.withLogs().stream().map(FleetLog::of).toList();
		}
		catch (IOException ex) {
			FleetLog own = of(store);
			own.problems.put(store.path(), describe(ex));
			return List.of(own);
		}
	}

	/**
	 * Reads the state of one log.
	 * @param store the store of its queues
	 * @return the state now
	 */
	public static FleetLog of(StoreDirectory store) {
		synchronized (Reading.BUFFER) {
			return new Reading().read(store);
		}
	}

	private static String describe(Exception cause) {
		return "log queues can't be read: " + cause.getMessage();
	}

	/**
	 * Reads with one buffer for all threads of this process: each scrape may be on
	 * another one.
	 */
	private static final class Reading {

		private static final ReadBuffer BUFFER = new ReadBuffer(16 << 10);

		private final Map<Path, String> problems = new HashMap<>();

		private final List<InstanceQueue> queues = new ArrayList<>();

		private final List<AttachedAppender> appenders = new ArrayList<>();

		private FleetLog read(StoreDirectory store) {
			Path path = store.collectorCheckpoint();
			Checkpoint checkpoint = attempt(path, Content.NONE, () -> CheckpointFile.read(path, BUFFER)).newest();
			boolean collecting = attempt(store.collectorLock(), false, () -> ProcessLock.isHeld(store.collectorLock()));
			Slots slots = new Slots(store);
			for (Slot slot : attempt(store.slots(), List.<Slot>of(), slots::list)) {
				attempt(slot.directory(), false, () -> read(slot, checkpoint));
			}
			attempt(store.slots(), List.<Path>of(), slots::obstacles)
				.forEach((file) -> this.problems.put(file, "in the place of a slot's folder"));
			StoreDirectory sinks = store.sinks();
			if (sinks != null) {
				attempt(sinks.path(), false, () -> readAppenders(sinks));
			}
			return new FleetLog(LogStore.claimed(store), collected(path),
					(collecting && checkpoint != null) ? checkpoint.collector() : null, this.queues, this.appenders,
					this.problems);
		}

		/** Leaves out those that the present collector does not have. */
		private boolean readAppenders(StoreDirectory sinks) throws IOException {
			Path path = sinks.collectorCheckpoint();
			Checkpoint collected = attempt(path, Content.NONE, () -> CheckpointFile.read(path, BUFFER)).newest();
			if (collected == null) {
				return false;
			}
			for (Path file : DeliverySource.files(sinks)) {
				Checkpoint checkpoint = attempt(file, Content.NONE, () -> CheckpointFile.read(file, BUFFER)).newest();
				if (checkpoint != null && checkpoint.collector().equals(collected.collector())) {
					this.appenders.add(appender(sinks, checkpoint));
				}
			}
			return true;
		}

		/**
		 * It has also missed what was dropped while there was no room and no collector.
		 */
		private AttachedAppender appender(StoreDirectory sinks, Checkpoint checkpoint) throws IOException {
			long backlog = 0;
			long missed = checkpoint.length();
			for (Slot slot : new Slots(sinks).list()) {
				for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : SegmentSequence.list(slot, SegmentKind.LOG)
					.entrySet()) {
					List<ListedSegment> segments = entry.getValue().stream().filter(ListedSegment::isReadable).toList();
					if (!segments.isEmpty()) {
						InstanceQueue queue = queue(entry.getKey(), segments, checkpoint);
						backlog += queue.backlog();
						missed += queue.dropped().values().stream().mapToLong(Long::longValue).sum();
					}
				}
			}
			return new AttachedAppender(checkpoint.file(), backlog, missed,
					checkpoint.fileKey().isEmpty() ? null : checkpoint.fileKey());
		}

		private <T> T attempt(Path file, T otherwise, Uninterruptibly.Operation<T> operation) {
			try {
				return operation.run();
			}
			catch (IOException | RuntimeException ex) {
				problem(file, ex);
				return otherwise;
			}
		}

		private void problem(Path file, Exception cause) {
			this.problems.put(file, describe(cause));
		}

		private boolean read(Slot slot, @Nullable Checkpoint checkpoint) throws IOException {
			for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : SegmentSequence.list(slot, SegmentKind.LOG)
				.entrySet()) {
				List<ListedSegment> segments = entry.getValue().stream().filter(ListedSegment::isReadable).toList();
				if (!segments.isEmpty()) {
					this.queues.add(queue(entry.getKey(), segments, checkpoint));
				}
			}
			return true;
		}

		private static @Nullable Instant collected(Path checkpoint) {
			try {
				return StoreFiles.attributes(checkpoint).lastModifiedTime().toInstant();
			}
			catch (IOException ex) {
				return null;
			}
		}

		private InstanceQueue queue(SegmentSequence sequence, List<ListedSegment> segments,
				@Nullable Checkpoint checkpoint) throws IOException {
			Position position = position(sequence, segments, checkpoint);
			List<ListedSegment> waiting = segments.stream()
				.filter((segment) -> segment.index() >= position.index())
				.toList();
			long backlog = 0;
			Instant oldest = null;
			try (QueueReader reader = new QueueReader(sequence, position, BUFFER, new Unreadable())) {
				if (reader.hasRecord()) {
					oldest = Instant.ofEpochSecond(0, reader.time());
				}
				backlog = (waiting.size() > MANY_SEGMENTS) ? size(waiting) - position.offset() : count(reader);
			}
			return new InstanceQueue(sequence.id().instanceId(), sequence.slot().number(), backlog, oldest,
					dropped(segments));
		}

		private static Position position(SegmentSequence sequence, List<ListedSegment> segments,
				@Nullable Checkpoint checkpoint) {
			if (checkpoint != null) {
				for (Range range : checkpoint.ranges()) {
					if (range.slot() == sequence.slot().number() && range.instance().equals(sequence.id().instanceId())
							&& range.number() == sequence.id().number()) {
						return range.from();
					}
				}
			}
			return Position.startOf(segments.get(0).index());
		}

		private static long size(List<ListedSegment> segments) throws IOException {
			long size = 0;
			for (ListedSegment segment : segments) {
				try {
					size += StoreFiles.attributes(segment.path()).size();
				}
				catch (NoSuchFileException ex) {
					// Collected meanwhile.
				}
			}
			return size;
		}

		private static long count(QueueReader reader) throws IOException {
			long bytes = 0;
			while (reader.hasRecord()) {
				bytes += reader.textLength();
				reader.skip();
			}
			return bytes;
		}

		/**
		 * Counts never go down, and each segment has the counts of the time when it was
		 * the newest.
		 */
		private Map<Level, Long> dropped(List<ListedSegment> segments) {
			Map<Level, Long> dropped = new EnumMap<>(Level.class);
			for (ListedSegment segment : segments) {
				attempt(segment.path(), false, () -> addDropped(segment.path(), dropped));
			}
			return dropped;
		}

		private static boolean addDropped(Path segment, Map<Level, Long> dropped) throws IOException {
			try (SegmentSource source = SegmentSource.of(segment, BUFFER)) {
				ByteBuffer header = source.read(0, LogSegmentLayout.HEADER_SIZE);
				LogSegmentLayout.FORMAT.check(header);
				for (Level level : LevelCode.LEVELS) {
					dropped.merge(level, header.getLong(LogSegmentLayout.droppedOffset(level)), Math::max);
				}
			}
			catch (NoSuchFileException ex) {
				// Collected meanwhile.
			}
			return true;
		}

		private final class Unreadable implements UnreadableFiles {

			@Override
			public void onUnreadable(Path file, IOException cause) {
				problem(file, cause);
			}

			@Override
			public void onSkipped(Path file, long bytes) {
				problems.merge(file, "bytes=" + bytes, (text, skipped) -> text + ", " + skipped);
			}

		}

	}

}
