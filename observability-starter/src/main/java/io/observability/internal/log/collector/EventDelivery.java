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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.Position;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the events of all queues to one receiver, during one term.
 *
 * <p>
 * Protocol. The receiver's task reads events from its {@link DeliverySource}, and
 * delivers them while it holds no lock. An event that the receiver does not take stays
 * the first one: the task fails, pauses and delivers it again, so that the order is kept.
 * When all events that were read have been delivered, their positions are saved.
 *
 * <p>
 * The collector's thread never waits for the receiver. Events that the task has read are
 * delivered although they have been skipped on disk meanwhile.
 */
final class EventDelivery {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "sink";

	/** A receiver that takes nothing for so long is not waited for. */
	private static final long PROMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** Positions are to be saved about so often while events are delivered. */
	private static final long LONG_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long SHORT_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int FIRST_LIMIT = 16;

	private static final int LARGEST_LIMIT = 4096;

	/** After so many failures an event may be the reason itself. */
	private static final int MOST_ATTEMPTS = 5;

	private final EventReceiver receiver;

	private final DeliverySource source;

	/** Touched by the task alone. */
	private final LookPauses pauses;

	/** Events that were read and are not delivered yet. Touched by the task alone. */
	private final Deque<byte[]> pending = new ArrayDeque<>();

	/** How many events to read at a time. Touched by the task alone. */
	private int limit = FIRST_LIMIT;

	/** How often the first event has failed. Touched by the task alone. */
	private int attempts;

	private volatile long lastProgress = System.nanoTime();

	private volatile boolean failing;

	private volatile boolean closing;

	private volatile boolean fenced;

	private volatile @Nullable Task task;

	private EventDelivery(EventReceiver receiver, DeliverySource source, LookPauses pauses) {
		this.receiver = receiver;
		this.source = source;
		this.pauses = pauses;
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
		DeliverySource source = DeliverySource.open(receiver, store, orderingWindow, collector, inherited, listing);
		EventDelivery delivery = new EventDelivery(receiver, source, new LookPauses(orderingWindow, System.nanoTime()));
		delivery.task = Supervisor.ofThisProcess()
			.start(Supervisor.LOG + "-sink-" + receiver.name(), TASK, Duration.ZERO, delivery::run,
					new Reports(receiver));
		return delivery;
	}

	private long run() throws Exception {
		try {
			if (this.pending.isEmpty() && !readNext()) {
				long now = System.nanoTime();
				this.lastProgress = now;
				return this.source.holdsBack() ? this.pauses.afterSomething(now) : this.pauses.afterNothing(now);
			}
			this.pauses.afterSomething(System.nanoTime());
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
		if (this.closing || (this.pending.isEmpty() && this.source.isQuiet())) {
			return false;
		}
		try {
			this.pending.addAll(this.source.read(this.limit));
		}
		catch (TermEndedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			// They are read again.
			this.pending.clear();
			throw ex;
		}
		return !this.pending.isEmpty();
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
			this.source.saveDelivered();
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
		this.source.saveFailure(failure);
	}

	/** Has the task look now whether there are events. */
	void wake() {
		Task task = this.task;
		if (task != null) {
			task.wake();
		}
	}

	/** Returns a number that grows with each change of the saved positions. */
	long saves() {
		return this.source.saves();
	}

	/** Lets the task know of new queues, and of terminated writers. */
	void update(QueueListing listing) {
		this.source.update(listing);
	}

	/** Returns up to where events have been delivered, or null if it is unknown. */
	@Nullable Position position(SegmentSequence queue) {
		return this.source.position(queue);
	}

	/** Returns whether all of a queue has been delivered, and no event will follow. */
	boolean isFinished(SegmentSequence queue) {
		return this.source.isFinished(queue);
	}

	/**
	 * Returns whether a process that leaves should wait for events of a queue. Not if the
	 * receiver fails or hangs: they stay on disk.
	 */
	boolean isAwaited(SegmentSequence queue) {
		return isPrompt() && this.source.hasUndelivered(queue);
	}

	/** Returns whether the receiver takes events. */
	boolean isPrompt() {
		return !this.failing && !this.closing && System.nanoTime() - this.lastProgress < PROMPT_NANOS;
	}

	/** Returns whether the receiver has taken nothing for some time, but should have. */
	boolean isStuckFor(Duration time) {
		return System.nanoTime() - this.lastProgress >= time.toNanos();
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
		long count = this.source.skip(queue, index);
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
		this.source.close();
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
