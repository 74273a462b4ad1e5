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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Occupant;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.Chain;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;

/**
 * All queues of the fleet, as the collector reads them.
 *
 * <p>
 * What has been read is acknowledged only when a checkpoint says that it is in the log:
 * segments of living writers are handed back to them, those of ended queues are deleted.
 * A position is remembered until no file of its queue is left, because a queue without
 * one is read from its start.
 */
final class Queues implements Closeable {

	private final StoreDirectory store;

	private final Slots slots;

	private final Map<Chain, Queue> queues = new TreeMap<>();

	/** Where predecessors have come to in queues that haven't been looked for yet. */
	private final Map<Chain, Position> inherited = new TreeMap<>();

	Queues(StoreDirectory store) {
		this.store = store;
		this.slots = new Slots(store);
	}

	/** Takes over positions from a predecessor's checkpoint. */
	void inherit(List<Range> ranges) {
		for (Range range : ranges) {
			this.inherited.put(chain(range), range.to());
		}
	}

	Chain chain(Range range) {
		Slot slot = new Slot(range.slot(), this.store.slots().resolve(Integer.toString(range.slot())));
		return new Chain(slot, range.instance(), range.number());
	}

	/** Looks for new queues, and for writers that have died. */
	void scan() throws IOException {
		Map<Chain, List<Chain.File>> found = new TreeMap<>();
		Set<Slot> unreadable = new HashSet<>();
		for (Slot slot : this.slots.list()) {
			try {
				for (Chain.File file : Chain.files(slot)) {
					found.computeIfAbsent(file.chain(), (chain) -> new ArrayList<>()).add(file);
				}
			}
			catch (IOException ex) {
				// One bad folder must not stop the others' log.
				unreadable.add(slot);
			}
		}
		this.queues.values()
			.removeIf((queue) -> queue
				.closeIf(!found.containsKey(queue.chain) && !unreadable.contains(queue.chain.slot())));
		for (Map.Entry<Chain, List<Chain.File>> entry : found.entrySet()) {
			scan(entry.getKey(), entry.getValue());
		}
		this.inherited.keySet().removeIf((chain) -> !unreadable.contains(chain.slot()));
	}

	private void scan(Chain chain, List<Chain.File> files) throws IOException {
		Queue queue = this.queues.get(chain);
		if (queue == null) {
			if (this.queues.size() >= CheckpointLayout.MAX_RANGES) {
				return;
			}
			queue = new Queue(chain, start(chain, files));
			this.queues.put(chain, queue);
		}
		if (!queue.dead && queue.isWriterDead()) {
			queue.dead = true;
			queue.reader.writerIsDead();
		}
	}

	private Position start(Chain chain, List<Chain.File> files) {
		Position inherited = this.inherited.get(chain);
		if (inherited != null) {
			return inherited;
		}
		// A listing may lack a file that was renamed meanwhile, and a new chain's first
		// is.
		boolean complete = Files.exists(chain.segmentFile(0));
		return Position.startOf(complete ? 0 : lowestIndex(files));
	}

	private static int lowestIndex(List<Chain.File> files) {
		return files.stream().filter(Chain.File::readable).mapToInt(Chain.File::index).min().orElse(0);
	}

	List<QueueReader> readers() {
		return this.queues.values().stream().map((queue) -> queue.reader).toList();
	}

	/** Tells whether there is more than one queue that may still get records. */
	boolean hasSeveralWriters() {
		return this.queues.values().stream().filter((queue) -> !queue.hasEnded()).limit(2).count() > 1;
	}

	/** Tells whether some queue's writer has ended, but not all of it is collected. */
	boolean hasEnded() {
		return this.queues.values().stream().anyMatch(Queue::hasEnded);
	}

	/** What has been read since the last commit. */
	List<Range> ranges() {
		return this.queues.values().stream().map(Queue::range).toList();
	}

	/** The same, without what has been read since. */
	List<Range> committedRanges() {
		return this.queues.values().stream().map(Queue::committedRange).toList();
	}

	/** Everything read so far is in the log. */
	void commit() {
		this.queues.values().forEach((queue) -> queue.committed = queue.reader.position());
	}

	/** Gives back what lies before the positions that a checkpoint has. */
	void acknowledge(List<Range> checkpointed) throws IOException {
		for (Range range : checkpointed) {
			Queue queue = this.queues.get(chain(range));
			if (queue != null) {
				acknowledge(queue, range.from());
			}
		}
	}

	private void acknowledge(Queue queue, Position position) throws IOException {
		if (queue.reader.isExhausted() && position.equals(queue.reader.position())) {
			delete(queue.chain);
		}
		else if (position.index() > queue.acknowledged) {
			handBack(queue, position.index());
		}
	}

	private static void delete(Chain chain) throws IOException {
		List<Chain.File> files = Chain.files(chain.slot())
			.stream()
			.filter((file) -> file.chain().equals(chain))
			.sorted(Comparator.comparing(Chain.File::readable).thenComparingInt(Chain.File::index))
			.toList();
		for (Chain.File file : files) {
			Files.deleteIfExists(file.path());
		}
	}

	private static void handBack(Queue queue, int before) throws IOException {
		for (Chain.File file : Chain.files(queue.chain.slot())) {
			if (file.chain().equals(queue.chain) && file.readable() && file.index() < before) {
				try {
					Files.move(file.path(), queue.chain.freeFile(file.index()), StandardCopyOption.ATOMIC_MOVE);
				}
				catch (NoSuchFileException ex) {
					// Somebody has deleted it, which is as good.
				}
			}
		}
		queue.acknowledged = before;
	}

	@Override
	public void close() {
		this.queues.values().forEach((queue) -> queue.reader.close());
	}

	private static final class Queue {

		private final Chain chain;

		private final Occupant occupant;

		private final QueueReader reader;

		private Position committed;

		private boolean dead;

		/** Segments before this one have been handed back; 0 if that isn't known. */
		private int acknowledged;

		Queue(Chain chain, Position start) {
			this.chain = chain;
			this.occupant = new Occupant(chain.slot());
			this.reader = new QueueReader(chain, start);
			this.committed = start;
		}

		/**
		 * If in doubt, a writer lives: to wait harms less than to lose what it writes.
		 */
		boolean isWriterDead() {
			InstanceInfo occupant = this.occupant.now();
			return !this.chain.slot().isHeld() || (occupant != null && !occupant.id().equals(this.chain.instance()));
		}

		boolean hasEnded() {
			return this.dead || this.reader.isExhausted();
		}

		Range range() {
			return range(this.reader.position());
		}

		Range committedRange() {
			return range(this.committed);
		}

		private Range range(Position to) {
			return new Range(this.chain.slot().number(), this.chain.instance(), this.chain.number(), this.committed,
					to);
		}

		boolean closeIf(boolean gone) {
			if (gone) {
				this.reader.close();
			}
			return gone;
		}

	}

}
