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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.CollectedMark;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

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

	private final Map<SegmentSequence, Queue> queues = new TreeMap<>();

	private final ReadBuffer buffer;

	private final UnreadableFiles unreadable;

	/** Positions of a predecessor in queues that could not be scanned yet. */
	private final Map<SegmentSequence, Position> inherited = new TreeMap<>();

	private boolean readsNewFromStart;

	Queues(StoreDirectory store, ReadBuffer buffer, UnreadableFiles unreadable) {
		this.store = store;
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

	/**
	 * Takes over positions from a predecessor's checkpoint that has all queues of its
	 * time: one that it lacks is new, and is read from its start.
	 */
	void inheritAll(List<Range> ranges) {
		inherit(ranges);
		this.readsNewFromStart = true;
	}

	/** Begins to read new queues, and notes which writers have terminated. */
	void update(QueueListing listing) throws IOException {
		Map<SegmentSequence, List<ListedSegment>> found = listing.segments();
		Set<Slot> unreadable = listing.unreadable();
		this.queues.values()
			.removeIf((queue) -> queue
				.closeIf(!found.containsKey(queue.sequence) && !unreadable.contains(queue.sequence.slot())));
		for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : found.entrySet()) {
			update(entry.getKey(), entry.getValue(), listing.dead().contains(entry.getKey()));
		}
		this.inherited.keySet().removeIf((sequence) -> !unreadable.contains(sequence.slot()));
	}

	private void update(SegmentSequence sequence, List<ListedSegment> segments, boolean dead) throws IOException {
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
		queue.setWriterDead(dead);
	}

	private Position start(SegmentSequence sequence, List<ListedSegment> segments) throws IOException {
		Position inherited = this.inherited.get(sequence);
		if (inherited != null) {
			return inherited;
		}
		Position marked = this.readsNewFromStart ? null : CollectedMark.find(sequence, segments, this.buffer);
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

	/** Returns whether there may be a record that has not been read. */
	boolean mayHaveRecord() throws IOException {
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

	/** Notes that everything read so far is in the log, also in the queues. */
	void commit() {
		commitPositions();
		this.queues.values().forEach((queue) -> queue.reader.markCollected());
	}

	/**
	 * Returns whether the files are there from which records of living writers were read
	 * last. A writer whose files were deleted puts into its next queue what is not marked
	 * as collected.
	 */
	boolean haveFiles() {
		return this.queues.values().stream().allMatch((queue) -> queue.dead || hasFile(queue));
	}

	private static boolean hasFile(Queue queue) {
		Position end = queue.reader.position();
		int index = end.equals(Position.startOf(end.index())) ? end.index() - 1 : end.index();
		return end.equals(queue.committed) || index < queue.committed.index()
				|| StoreFiles.exists(queue.sequence.segmentFile(index));
	}

	/** Notes that everything read so far has been passed on. */
	void commitPositions() {
		this.queues.values().forEach((queue) -> queue.committed = queue.reader.position());
	}

	/** Returns up to where a queue has been passed on, or null if it is unknown. */
	@Nullable Position committed(SegmentSequence sequence) {
		Queue queue = this.queues.get(sequence);
		return (queue != null) ? queue.committed : this.inherited.get(sequence);
	}

	/** Returns whether all of a queue has been passed on, and no record will follow. */
	boolean isFinished(SegmentSequence sequence) {
		Queue queue = this.queues.get(sequence);
		return queue != null && queue.reader.isExhausted() && queue.committed.equals(queue.reader.position());
	}

	/** Returns whether records of a queue have not been read yet. */
	boolean hasUnread(SegmentSequence sequence) {
		Queue queue = this.queues.get(sequence);
		return queue == null || !(queue.reader.isExhausted() || queue.reader.isBlocked());
	}

	/**
	 * Leaves out what has not been read of a segment and those before it.
	 * @param sequence the queue
	 * @param index of the segment
	 * @return how many records are left out
	 * @throws IOException if the segments can't be read
	 */
	long skip(SegmentSequence sequence, int index) throws IOException {
		Queue queue = this.queues.get(sequence);
		if (queue == null || queue.reader.position().index() > index) {
			return 0;
		}
		Position end = Position.startOf(index + 1);
		long count = 0;
		try (QueueReader rest = new QueueReader(sequence, queue.reader.position(), end, this.buffer)) {
			rest.setWriterDead(true);
			while (rest.hasRecord()) {
				rest.skip();
				count++;
			}
		}
		queue.reader.close();
		Queue next = new Queue(sequence, end, new QueueReader(sequence, end, this.buffer, this.unreadable));
		next.setWriterDead(queue.dead);
		this.queues.put(sequence, next);
		return count;
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
			SegmentLifecycle.delete(queue.sequence);
		}
		else if (position.index() > queue.acknowledged) {
			free(queue, position.index());
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

		private final QueueReader reader;

		private Position committed;

		private boolean dead;

		/** Segments before this one have been freed; 0 if that is unknown. */
		private int acknowledged;

		Queue(SegmentSequence sequence, Position start, QueueReader reader) {
			this.sequence = sequence;
			this.reader = reader;
			this.committed = start;
		}

		/** A process whose lock was deleted passes for dead until it has it again. */
		private void setWriterDead(boolean dead) {
			if (dead != this.dead) {
				this.dead = dead;
				this.reader.setWriterDead(dead);
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
