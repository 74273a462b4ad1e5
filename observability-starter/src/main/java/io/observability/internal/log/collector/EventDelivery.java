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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.NameHash;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.Position;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFolders;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the events of all queues to one receiver, during one term.
 *
 * <p>
 * Protocol. The receiver's task reads the queues, and delivers the events outside the
 * lock, which guards the readers and the file of positions. An event that the receiver
 * does not take stays the first one: the task fails, pauses and delivers it again, so
 * that the order is kept. The positions are saved when all events that were read have
 * been delivered. A crash before that leaves the positions of the time before: the
 * successor delivers these events again. The file is that of a term, see
 * {@link CheckpointSuccession}: a process whose term has ended saves nothing any more.
 *
 * <p>
 * The collector's thread looks at the positions to see what the receiver needs no longer,
 * and moves them when too much is waiting: the events in between are counted as missed.
 * It never waits for the receiver. Events that the task has read are delivered although
 * they have been skipped on disk meanwhile.
 */
final class EventDelivery {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "sink";

	private static final String PREFIX = "appender-";

	private static final String SUFFIX = ".checkpoint";

	private static final int HASH_BYTES = 16;

	private static final int FILE_BUFFER = 64 << 10;

	private static final int BATCH_SIZE = 64 << 10;

	private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

	/** A receiver that takes nothing for so long is not waited for. */
	private static final long PROMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** Positions are to be saved about so often while events are delivered. */
	private static final long LONG_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long SHORT_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int FIRST_LIMIT = 16;

	private static final int LARGEST_LIMIT = 4096;

	/** After so many failures an event may be the reason itself. */
	private static final int MOST_ATTEMPTS = 5;

	private static final int MAX_TEXT = 500;

	private final EventReceiver receiver;

	private final StoreDirectory store;

	private final Duration orderingWindow;

	private final TermOwner owner;

	/** Guards what follows it. */
	private final Object lock = new Object();

	private final MergedBatch batch = new MergedBatch(ByteBuffer.allocate(BATCH_SIZE));

	private final CheckpointFile positions;

	private Queues queues;

	/** Number of the listing that was taken into account last. */
	private long read;

	private long missed;

	private String failure = "";

	private boolean closed;

	private volatile QueueListing listing;

	/** Events that were read and are not delivered yet. Touched by the task alone. */
	private final Deque<byte[]> pending = new ArrayDeque<>();

	/** How many events to read at a time. Touched by the task alone. */
	private int limit = FIRST_LIMIT;

	/** How often the first event has failed. Touched by the task alone. */
	private int attempts;

	/** How often in a row there was no memory for an event. Touched by the task alone. */
	private int outOfMemory;

	private volatile boolean busy;

	private volatile long lastProgress = System.nanoTime();

	private volatile boolean failing;

	private volatile boolean closing;

	private volatile boolean fenced;

	private volatile @Nullable Task task;

	private EventDelivery(EventReceiver receiver, StoreDirectory store, Duration orderingWindow, TermOwner owner,
			CheckpointFile positions, QueueListing listing) {
		this.receiver = receiver;
		this.store = store;
		this.orderingWindow = orderingWindow;
		this.owner = owner;
		this.positions = positions;
		this.listing = listing;
		this.queues = new Queues(store, owner.buffers().files(), owner.unreadable());
	}

	/**
	 * Returns the file with the positions of a receiver.
	 * @param store the store of the queues
	 * @param name of the receiver
	 * @return the path of the file
	 */
	static Path file(StoreDirectory store, String name) {
		return store.path().resolve(PREFIX + NameHash.of(name, HASH_BYTES) + SUFFIX);
	}

	/**
	 * Lists the files with the positions of all receivers.
	 * @param store the store of the queues
	 * @return the files
	 * @throws IOException if the store can't be read
	 */
	static List<Path> files(StoreDirectory store) throws IOException {
		return StoreFolders.list(store.path(), PREFIX, SUFFIX);
	}

	/**
	 * Takes over the positions of a receiver, and begins to deliver.
	 * @param receiver the receiver
	 * @param store the store of the queues
	 * @param orderingWindow how long events are held back
	 * @param collector the process whose term begins
	 * @param inherited positions for a receiver that has none yet
	 * @param listing the queues that there are
	 * @return the running delivery
	 * @throws IOException if the positions can't be taken over now
	 */
	static EventDelivery start(EventReceiver receiver, StoreDirectory store, Duration orderingWindow,
			TermOwner collector, List<Range> inherited, QueueListing listing) throws IOException {
		Path file = file(store, receiver.name());
		CollectorBuffers buffers = new CollectorBuffers(new ReadBuffer(FILE_BUFFER), ByteBuffer.allocate(0));
		TermOwner owner = new TermOwner(collector.instance(),
				collector.temporary().resolveSibling(file.getFileName() + ".tmp"), Content.NONE, buffers,
				collector.unreadable(), collector.replacesNewer());
		EventDelivery delivery = new EventDelivery(receiver, store, orderingWindow, owner,
				CheckpointSuccession.begin(file, owner), listing);
		delivery.start(inherited);
		return delivery;
	}

	private void start(List<Range> inherited) throws IOException {
		Checkpoint last = this.positions.newest();
		if (last != null) {
			this.missed = last.length();
			this.queues.inheritAll(last.ranges());
		}
		else {
			this.queues.inherit(inherited);
		}
		synchronized (this.lock) {
			update();
			save();
		}
		this.task = Supervisor.ofThisProcess()
			.start(Supervisor.LOG + "-sink-" + this.receiver.name(), TASK, Duration.ZERO, this::run,
					new Reports(this.receiver));
	}

	private long run() throws Exception {
		try {
			if (this.pending.isEmpty() && !readNext()) {
				this.lastProgress = System.nanoTime();
				return IDLE_NANOS;
			}
			deliverPending();
			return 0;
		}
		catch (TermEndedException ex) {
			this.fenced = true;
			this.closing = true;
			return PROMPT_NANOS;
		}
	}

	/** Reads events, as far as there are any. */
	private boolean readNext() throws IOException {
		synchronized (this.lock) {
			if (this.closed || this.closing) {
				return false;
			}
			try {
				update();
				merge();
				if (this.pending.isEmpty()) {
					this.queues.commitPositions();
					save();
				}
			}
			catch (TermEndedException ex) {
				throw ex;
			}
			catch (Throwable ex) {
				restart();
				throw ex;
			}
			this.busy = !this.pending.isEmpty();
			return this.busy;
		}
	}

	private void update() throws IOException {
		QueueListing listing = this.listing;
		if (listing.number() != this.read) {
			this.queues.update(listing);
			this.read = listing.number();
		}
	}

	private void merge() throws IOException {
		long now = BatchSource.now();
		// A single writer has no other to wait for.
		long until = this.queues.hasSeveralWriters() ? now - this.orderingWindow.toNanos() : Long.MAX_VALUE;
		this.batch.clear(this.limit);
		QueueReader larger = new Merge(this.queues.readers(), now, until).into(this.batch);
		if (larger != null) {
			addLarge(larger);
			return;
		}
		this.batch.forEachRecord((record) -> {
			byte[] event = new byte[record.remaining()];
			record.get(event);
			this.pending.add(event);
		});
	}

	/** Leaves an event out for which there is no memory, time and again. */
	private void addLarge(QueueReader reader) throws IOException {
		int length = reader.textLength();
		try {
			ByteBuffer event = ByteBuffer.allocate(length);
			this.outOfMemory = 0;
			if (reader.take(event) && !event.hasRemaining()) {
				this.pending.add(event.array());
			}
		}
		catch (OutOfMemoryError ex) {
			if (++this.outOfMemory < MOST_ATTEMPTS) {
				throw ex;
			}
			this.outOfMemory = 0;
			reader.skip();
			SkippedRecords.add(length);
			this.receiver.onUndeliverable(length, ex);
		}
	}

	/** Reads again from the saved positions. */
	private void restart() {
		List<Range> ranges = this.queues.committedRanges();
		this.queues.close();
		this.queues = new Queues(this.store, this.owner.buffers().files(), this.owner.unreadable());
		this.queues.inheritAll(ranges);
		this.read = 0;
		this.pending.clear();
	}

	private void deliverPending() throws Exception {
		long start = System.nanoTime();
		for (byte[] event = this.pending.peek(); event != null && !this.closing; event = this.pending.peek()) {
			try {
				this.receiver.deliver(ByteBuffer.wrap(event));
			}
			catch (Throwable ex) {
				this.attempts++;
				if (!isPassedOver(event, ex)) {
					onFailure(ex);
					throw ex;
				}
			}
			this.pending.poll();
			onDelivered();
		}
		if (this.pending.isEmpty()) {
			adaptLimit(System.nanoTime() - start);
			savePositions();
		}
	}

	private void adaptLimit(long nanos) {
		if (nanos > LONG_BATCH_NANOS) {
			this.limit = Math.max(1, this.limit / 2);
		}
		else if (nanos < SHORT_BATCH_NANOS) {
			this.limit = Math.min(LARGEST_LIMIT, 2 * this.limit);
		}
	}

	private void onDelivered() {
		this.attempts = 0;
		this.failing = false;
		this.lastProgress = System.nanoTime();
	}

	/**
	 * Returns whether to go on behind an event that has failed often. It is left out if
	 * the next one is taken, and it fails once more after that. While no event is taken,
	 * all of them wait.
	 */
	private boolean isPassedOver(byte[] event, Throwable failure) throws IOException {
		if (this.attempts < MOST_ATTEMPTS || this.receiver.isOfTarget(failure)) {
			return false;
		}
		if (this.pending.size() == 1) {
			readNext();
		}
		if (this.pending.size() < 2) {
			return false;
		}
		this.pending.poll();
		try {
			this.receiver.deliver(ByteBuffer.wrap(this.pending.element()));
		}
		catch (Throwable ex) {
			this.pending.addFirst(event);
			return false;
		}
		// In the place of the event that has been delivered, which it came before.
		this.pending.poll();
		this.pending.addFirst(event);
		try {
			this.receiver.deliver(ByteBuffer.wrap(event));
		}
		catch (Throwable ex) {
			SkippedRecords.add(event.length);
			this.receiver.onUndeliverable(event.length, ex);
		}
		return true;
	}

	private void onFailure(Throwable failure) throws IOException {
		this.failing = true;
		synchronized (this.lock) {
			if (!this.closed) {
				String text = failure.toString();
				this.failure = text.substring(0, Math.min(text.length(), MAX_TEXT));
				save();
			}
		}
	}

	private void savePositions() throws IOException {
		synchronized (this.lock) {
			if (!this.closed) {
				this.failure = "";
				this.queues.commitPositions();
				save();
				this.busy = false;
			}
		}
	}

	private void save() throws IOException {
		Checkpoint checkpoint = new Checkpoint(Phase.IDLE, this.owner.instance(), shortName(), this.failure,
				this.missed, Batch.NONE, this.queues.committedRanges());
		if (!checkpoint.equals(this.positions.newest())) {
			this.positions.write(checkpoint);
		}
	}

	private String shortName() {
		String name = this.receiver.name();
		return name.substring(0, Math.min(name.length(), MAX_TEXT));
	}

	/** Lets the task know of new queues, and of terminated writers. */
	void update(QueueListing listing) {
		this.listing = listing;
	}

	/** Returns up to where events have been delivered, or null if it is unknown. */
	@Nullable Position position(SegmentSequence queue) {
		synchronized (this.lock) {
			return this.queues.committed(queue);
		}
	}

	/** Returns whether all of a queue has been delivered, and no event will follow. */
	boolean isFinished(SegmentSequence queue) {
		synchronized (this.lock) {
			return this.queues.isFinished(queue);
		}
	}

	/**
	 * Returns whether a process that leaves should wait for events of a queue. Not if the
	 * receiver fails or hangs: they stay on disk.
	 */
	boolean isAwaited(SegmentSequence queue) {
		synchronized (this.lock) {
			return isPrompt() && (this.busy || this.queues.hasUnread(queue));
		}
	}

	/** Returns whether the receiver takes events. */
	boolean isPrompt() {
		return !this.failing && !this.closing && System.nanoTime() - this.lastProgress < PROMPT_NANOS;
	}

	/** Returns whether another process has taken over. */
	boolean isFenced() {
		return this.fenced;
	}

	/**
	 * Leaves out events of a queue that have not been read, up to the end of a segment.
	 * @param queue the queue
	 * @param index of the segment
	 * @throws IOException if the segment can't be read, or the positions can't be saved
	 */
	void skip(SegmentSequence queue, int index) throws IOException {
		long count;
		synchronized (this.lock) {
			count = this.queues.skip(queue, index);
			this.missed += count;
			save();
		}
		MissedEvents.add(this.receiver.name(), count);
		if (count > 0) {
			this.receiver.onMissed(count);
		}
	}

	/** Lets the task end after the event that is being delivered. */
	void beginToClose() {
		this.closing = true;
	}

	/**
	 * Ends the task. A receiver that hangs is interrupted, and keeps its thread until it
	 * returns.
	 * @param deadline when to interrupt it, by {@link System#nanoTime()}
	 * @throws IOException if files can't be closed
	 */
	void close(long deadline) throws IOException {
		Task task = this.task;
		if (task != null && !task.close(Math.max(0, deadline - System.nanoTime()))) {
			task.interrupt();
		}
		synchronized (this.lock) {
			this.closed = true;
			this.queues.close();
			this.positions.close();
		}
	}

	/** Reports of the task as those of the receiver. */
	private record Reports(EventReceiver receiver) implements TaskListener {

		@Override
		public void onFailure(String task, Throwable cause) {
			this.receiver.onFailure(cause);
		}

		@Override
		public void onRecovery(String task) {
			this.receiver.onRecovery();
		}

	}

}
