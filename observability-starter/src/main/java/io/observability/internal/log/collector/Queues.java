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

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.CollectedMark;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.CachedListing;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import io.observability.internal.segment.WriterLiveness;

/**
 * All queues of the fleet, as the collector reads them.
 *
 * <p>
 * Records are acknowledged only when a checkpoint says that they are in the log: segments
 * of living writers are freed for them to use again, those of terminated queues are
 * deleted. A position is kept until no file of its queue is left, because a queue without
 * a position is read from its start.
 */
final class Queues implements Closeable {

	private final StoreDirectory store;

	private final CachedListing<List<Slot>> listed;

	private final Map<Slot, CachedListing<SortedMap<SegmentSequence, List<ListedSegment>>>> listings = new HashMap<>();

	private final Map<SegmentSequence, Queue> queues = new TreeMap<>();

	private final ReadBuffer buffer;

	private final UnreadableFiles unreadable;

	/** Positions of a predecessor in queues that could not be scanned yet. */
	private final Map<SegmentSequence, Position> inherited = new TreeMap<>();

	Queues(StoreDirectory store, ReadBuffer buffer, UnreadableFiles unreadable) {
		this.store = store;
		this.listed = new CachedListing<>(store.slots(), new Slots(store)::list);
		this.buffer = buffer;
		this.unreadable = unreadable;
	}

	/** Takes over positions from a predecessor's checkpoint. */
	void inherit(List<Range> ranges) {
		for (Range range : ranges) {
			this.inherited.put(sequence(range), range.to());
		}
	}

	SegmentSequence sequence(Range range) {
		Slot slot = new Slot(range.slot(), this.store.slots().resolve(Integer.toString(range.slot())));
		return new SegmentSequence(slot, SegmentKind.LOG, new SequenceId(range.instance(), range.number()));
	}

	/** Finds new queues, and writers that have terminated. */
	void scan() throws IOException {
		Map<SegmentSequence, List<ListedSegment>> found = new TreeMap<>();
		Set<Slot> unreadable = new HashSet<>();
		List<Slot> slots = slots();
		this.listings.keySet().retainAll(slots);
		for (Slot slot : slots) {
			try {
				found.putAll(listing(slot).now());
			}
			catch (NoSuchFileException ex) {
				// Deleted since its parent was listed.
			}
			catch (IOException ex) {
				// An unreadable folder must not stop the log of the others.
				unreadable.add(slot);
			}
		}
		this.queues.values()
			.removeIf((queue) -> queue
				.closeIf(!found.containsKey(queue.sequence) && !unreadable.contains(queue.sequence.slot())));
		for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : found.entrySet()) {
			scan(entry.getKey(), entry.getValue());
		}
		this.inherited.keySet().removeIf((sequence) -> !unreadable.contains(sequence.slot()));
	}

	private List<Slot> slots() throws IOException {
		try {
			return this.listed.now();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

	private CachedListing<SortedMap<SegmentSequence, List<ListedSegment>>> listing(Slot slot) {
		return this.listings.computeIfAbsent(slot,
				(key) -> new CachedListing<>(key.directory(), () -> SegmentSequence.list(key, SegmentKind.LOG)));
	}

	/**
	 * Returns whether it is worth scanning or reading: a folder has changed, or there may
	 * be a record. That a writer has terminated is not seen here.
	 */
	boolean mayHaveNews() throws IOException {
		try {
			if (this.listed.mayHaveChanged()) {
				return true;
			}
			for (CachedListing<?> listing : this.listings.values()) {
				if (listing.mayHaveChanged()) {
					return true;
				}
			}
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		for (Queue queue : this.queues.values()) {
			if (queue.reader.mayHaveRecord()) {
				return true;
			}
		}
		return false;
	}

	/** Returns whether records have been read that are not in the log yet. */
	boolean holdBack() {
		return this.queues.values().stream().anyMatch((queue) -> queue.reader.holdsBack());
	}

	private void scan(SegmentSequence sequence, List<ListedSegment> segments) throws IOException {
		Queue queue = this.queues.get(sequence);
		if (queue == null) {
			if (this.queues.size() + this.inherited.size() >= CheckpointLayout.MAX_RANGES
					&& !this.inherited.containsKey(sequence)) {
				return;
			}
			Position start = start(sequence, segments);
			this.inherited.remove(sequence);
			queue = new Queue(sequence, start, new QueueReader(sequence, start, this.buffer, this.unreadable));
			this.queues.put(sequence, queue);
		}
		queue.setWriterAlive(queue.writer.isAlive(sequence.id()));
	}

	private Position start(SegmentSequence sequence, List<ListedSegment> segments) throws IOException {
		Position inherited = this.inherited.get(sequence);
		if (inherited != null) {
			return inherited;
		}
		Position marked = CollectedMark.find(sequence, segments, this.buffer);
		if (marked != null) {
			return marked;
		}
		// A listing may lack a file that is renamed meanwhile, as the first one of a new
		// sequence is.
		boolean complete = StoreFiles.exists(sequence.segmentFile(0));
		return Position.startOf(complete ? 0 : lowestIndex(segments));
	}

	private static int lowestIndex(List<ListedSegment> segments) {
		return segments.stream().filter(ListedSegment::isReadable).mapToInt(ListedSegment::index).min().orElse(0);
	}

	List<QueueReader> readers() {
		return this.queues.values().stream().map((queue) -> queue.reader).toList();
	}

	/** Returns whether more than one queue may still get records. */
	boolean hasSeveralWriters() {
		return this.queues.values().stream().filter((queue) -> !queue.hasEnded()).limit(2).count() > 1;
	}

	/**
	 * Returns whether a queue's writer has terminated, but not all of it is collected.
	 * One that this process can't read doesn't count.
	 */
	boolean hasEnded() {
		return this.queues.values().stream().anyMatch((queue) -> queue.hasEnded() && !queue.reader.isBlocked());
	}

	/** Returns whether no queue will get records any more. */
	boolean haveAllEnded() {
		return this.queues.values().stream().allMatch(Queue::hasEnded);
	}

	/** Returns what has been read since the last commit. */
	List<Range> ranges() {
		return ranges(Queue::range);
	}

	/** Returns the same without what has been read since: empty ranges. */
	List<Range> committedRanges() {
		return ranges(Queue::committedRange);
	}

	/** Positions in queues that could not be scanned stay as they were. */
	private List<Range> ranges(Function<Queue, Range> range) {
		List<Range> ranges = new ArrayList<>();
		this.queues.values().forEach((queue) -> ranges.add(range.apply(queue)));
		this.inherited.forEach((sequence, position) -> ranges.add(range(sequence, position, position)));
		return ranges;
	}

	private static Range range(SegmentSequence sequence, Position from, Position to) {
		return new Range(sequence.slot().number(), sequence.id().instanceId(), sequence.id().number(), from, to);
	}

	/** Notes that everything read so far is in the log. */
	void commit() {
		for (Queue queue : this.queues.values()) {
			queue.committed = queue.reader.position();
			queue.reader.markCollected();
		}
	}

	/** Frees what is before the positions in a checkpoint. */
	void acknowledge(List<Range> checkpointed) throws IOException {
		for (Range range : checkpointed) {
			Queue queue = this.queues.get(sequence(range));
			if (queue != null) {
				acknowledge(queue, range.from());
			}
		}
	}

	private void acknowledge(Queue queue, Position position) throws IOException {
		if (queue.reader.isExhausted() && position.equals(queue.reader.position())) {
			delete(queue.sequence);
		}
		else if (position.index() > queue.acknowledged) {
			free(queue, position.index());
		}
	}

	private static void delete(SegmentSequence sequence) throws IOException {
		List<ListedSegment> segments = sequence.files()
			.stream()
			.sorted(Comparator.comparing(ListedSegment::isReadable).thenComparingInt(ListedSegment::index))
			.toList();
		for (ListedSegment segment : segments) {
			StoreFiles.putAsideIfNoFile(segment.path());
			StoreFiles.deleteIfExists(segment.path());
		}
	}

	private static void free(Queue queue, int before) throws IOException {
		for (ListedSegment segment : queue.sequence.files()) {
			if (segment.isReadable() && segment.index() < before) {
				SegmentLifecycle.free(queue.sequence, segment.index());
			}
		}
		queue.acknowledged = before;
	}

	@Override
	public void close() {
		this.queues.values().forEach((queue) -> queue.reader.close());
	}

	private static final class Queue {

		private final SegmentSequence sequence;

		private final WriterLiveness writer;

		private final QueueReader reader;

		private Position committed;

		private boolean dead;

		/** Segments before this one have been freed; 0 if that is unknown. */
		private int acknowledged;

		Queue(SegmentSequence sequence, Position start, QueueReader reader) {
			this.sequence = sequence;
			this.writer = new WriterLiveness(sequence.slot());
			this.reader = reader;
			this.committed = start;
		}

		/** A process whose lock was deleted passes for dead until it has it again. */
		private void setWriterAlive(boolean alive) {
			if (alive == this.dead) {
				this.dead = !alive;
				this.reader.setWriterDead(this.dead);
			}
		}

		boolean hasEnded() {
			return this.dead || this.reader.isExhausted();
		}

		Range range() {
			return Queues.range(this.sequence, this.committed, this.reader.position());
		}

		Range committedRange() {
			return Queues.range(this.sequence, this.committed, this.committed);
		}

		boolean closeIf(boolean gone) {
			if (gone) {
				this.reader.close();
			}
			return gone;
		}

	}

}
