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
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.LogSegmentLayout;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.CorruptSegmentException;
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
 */
public record FleetLog(@Nullable String file, @Nullable Instant collected, @Nullable String collector,
		List<InstanceQueue> queues) {

	private static final List<Level> LEVELS = List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR);

	/** With more segments than this, the sizes of their files are exact enough. */
	private static final int MANY_SEGMENTS = 3;

	/**
	 * The queue of an instance.
	 *
	 * @param instance its id
	 * @param slot its slot's number
	 * @param backlog bytes that are to be collected
	 * @param dropped how many events it has dropped, by level
	 */
	public record InstanceQueue(String instance, int slot, long backlog, Map<Level, Long> dropped) {
	}

	/** Returns how many bytes are to be collected from all queues. */
	public long backlog() {
		return this.queues.stream().mapToLong(InstanceQueue::backlog).sum();
	}

	/**
	 * Reads the state of all logs of a fleet.
	 * @param store the fleet's folder
	 * @return the state of each log, that of the fleet's own folder first
	 * @throws IOException if the store can't be read
	 */
	public static List<FleetLog> allOf(StoreDirectory store) throws IOException {
		List<FleetLog> logs = new ArrayList<>();
		for (StoreDirectory log : store.withLogs()) {
			logs.add(of(log));
		}
		return logs;
	}

	/**
	 * Reads the state of one log.
	 * @param store the store of its queues
	 * @return the state now
	 * @throws IOException if the store can't be read
	 */
	public static FleetLog of(StoreDirectory store) throws IOException {
		Checkpoint checkpoint = CheckpointFile.read(store.collectorCheckpoint()).newest();
		boolean collecting = ProcessLock.isHeld(store.collectorLock());
		List<InstanceQueue> queues = new ArrayList<>();
		for (Slot slot : new Slots(store).list()) {
			for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : SegmentSequence.list(slot, SegmentKind.LOG)
				.entrySet()) {
				List<ListedSegment> segments = entry.getValue().stream().filter(ListedSegment::isReadable).toList();
				if (!segments.isEmpty()) {
					queues.add(queue(entry.getKey(), segments, checkpoint));
				}
			}
		}
		return new FleetLog(LogStore.claimed(store), collected(store),
				(collecting && checkpoint != null) ? checkpoint.collector() : null, queues);
	}

	private static @Nullable Instant collected(StoreDirectory store) {
		try {
			return StoreFiles.attributes(store.collectorCheckpoint()).lastModifiedTime().toInstant();
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static InstanceQueue queue(SegmentSequence sequence, List<ListedSegment> segments,
			@Nullable Checkpoint checkpoint) throws IOException {
		Position position = position(sequence, segments, checkpoint);
		List<ListedSegment> waiting = segments.stream()
			.filter((segment) -> segment.index() >= position.index())
			.toList();
		long backlog = (waiting.size() > MANY_SEGMENTS) ? size(waiting) - position.offset() : count(sequence, position);
		return new InstanceQueue(sequence.id().instanceId(), sequence.slot().number(), backlog, dropped(segments));
	}

	private static Position position(SegmentSequence sequence, List<ListedSegment> segments,
			@Nullable Checkpoint checkpoint) {
		if (checkpoint != null) {
			for (Range range : checkpoint.ranges()) {
				if (range.slot() == sequence.slot().number() && range.instance().equals(sequence.id().instanceId())
						&& range.number() == sequence.id().number()) {
					return range.to();
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

	private static long count(SegmentSequence sequence, Position position) throws IOException {
		long bytes = 0;
		try (QueueReader reader = new QueueReader(sequence, position)) {
			while (reader.hasRecord()) {
				bytes += reader.textLength();
				reader.skip();
			}
		}
		return bytes;
	}

	/**
	 * Counts never go down, and each segment has the counts of the time when it was the
	 * newest.
	 */
	private static Map<Level, Long> dropped(List<ListedSegment> segments) throws IOException {
		Map<Level, Long> dropped = new EnumMap<>(Level.class);
		ReadBuffer buffer = new ReadBuffer(LogSegmentLayout.HEADER_SIZE);
		for (ListedSegment segment : segments) {
			try (SegmentSource source = SegmentSource.of(segment.path(), buffer)) {
				ByteBuffer header = source.read(0, LogSegmentLayout.HEADER_SIZE);
				LogSegmentLayout.FORMAT.check(header);
				for (Level level : LEVELS) {
					dropped.merge(level, header.getLong(LogSegmentLayout.droppedOffset(level)), Math::max);
				}
			}
			catch (NoSuchFileException ex) {
				// Collected meanwhile.
			}
			catch (CorruptSegmentException ex) {
				// The other segments of the sequence have their counts.
			}
		}
		return dropped;
	}

}
