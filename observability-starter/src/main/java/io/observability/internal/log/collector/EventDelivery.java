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
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
 * One that fails alone, while one behind it is taken, is left out. When all events that
 * were read have been delivered, their positions are saved.
 *
 * <p>
 * The collector's thread never waits for the receiver. Events that the task has read are
 * delivered although they have been skipped on disk meanwhile.
 */
final class EventDelivery {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "sink";

	/** A receiver that has not returned for so long is not waited for. */
	private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(3);

	private static final long FENCED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** While an event fails, no more are read than this and one batch. */
	private static final long MOST_PENDING_BYTES = 4 << 20;

	private final EventReceiver receiver;

	private final DeliverySource source;

	/** Touched by the task alone. */
	private final LookPauses pauses;

	/** Touched by the task alone. */
	private final PendingEvents pending;

	/** Of the first event. Touched by the task alone. */
	private final DeliveryAttempts attempts = new DeliveryAttempts();

	private volatile long lastProgress = System.nanoTime();

	/** When the receiver was called, or 0 if it has returned. */
	private volatile long calledAt;

	private volatile boolean failing;

	private volatile boolean closing;

	private volatile boolean fenced;

	private volatile @Nullable Task task;

	private EventDelivery(EventReceiver receiver, DeliverySource source, LookPauses pauses) {
		this.receiver = receiver;
		this.source = source;
		this.pauses = pauses;
		this.pending = new PendingEvents(source);
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
			return FENCED_PAUSE_NANOS;
		}
	}

	private boolean readNext() throws IOException {
		return !this.closing && this.pending.readNext();
	}

	private void deliverPending() throws Exception {
		long start = System.nanoTime();
		while (!this.pending.isEmpty() && !this.closing) {
			byte[] event = this.pending.first();
			Throwable failure = attempt(event);
			if (failure == null) {
				takeFirst();
			}
			else if (!passOver(event, failure)) {
				onFailure(failure);
				rethrow(failure);
			}
		}
		if (this.pending.isEmpty()) {
			this.pending.adaptLimit(System.nanoTime() - start);
			this.source.saveDelivered();
		}
	}

	/** Returns what has failed, or null if the event was taken. */
	private @Nullable Throwable attempt(byte[] event) {
		this.calledAt = System.nanoTime() | 1;
		try {
			this.receiver.deliver(ByteBuffer.wrap(event));
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
		finally {
			this.calledAt = 0;
		}
	}

	private static void rethrow(Throwable failure) throws Exception {
		if (failure instanceof Error error) {
			throw error;
		}
		throw (Exception) failure;
	}

	private void takeFirst() {
		this.pending.removeFirst();
		this.lastProgress = System.nanoTime();
		this.attempts.onTaken(this.lastProgress);
		this.failing = false;
	}

	/**
	 * Gets over a failure of the first event, if that is possible now: the event is taken
	 * after all, or it fails alone and is left out.
	 * @return whether to go on with what is pending then
	 */
	private boolean passOver(byte[] first, Throwable failure) throws IOException {
		if (this.receiver.isOfTarget(failure)) {
			return false;
		}
		this.attempts.onFailure();
		long start = System.nanoTime();
		for (long pause = this.attempts.quickPause(start, start); pause > 0; pause = this.attempts.quickPause(start,
				System.nanoTime())) {
			LockSupport.parkNanos(pause);
			Throwable again = attempt(first);
			if (again == null) {
				takeFirst();
				return true;
			}
			if (this.closing || this.receiver.isOfTarget(again)) {
				return false;
			}
			this.attempts.onFailure();
		}
		return this.attempts.mayFailAlone(System.nanoTime()) && leaveOutBefore(tryOthers());
	}

	/**
	 * Delivers events behind the first one until one is taken.
	 * @return how many are in front of that one; 0 if none is taken
	 */
	private int tryOthers() throws IOException {
		int count = this.attempts.others();
		while (this.pending.size() <= count && this.pending.bytes() < MOST_PENDING_BYTES && readNext()) {
			// Reads as many as there are.
		}
		long start = System.nanoTime();
		Iterator<byte[]> others = this.pending.iterator();
		others.next();
		for (int i = 1; i <= count && others.hasNext() && !this.closing
				&& !this.attempts.isRoundOver(start, System.nanoTime()); i++) {
			Throwable failure = attempt(others.next());
			if (failure == null) {
				return i;
			}
			if (this.receiver.isOfTarget(failure)) {
				return 0;
			}
		}
		this.attempts.onNoneTaken();
		return 0;
	}

	/**
	 * Leaves out events in front of one that was taken, each of which has to fail once
	 * more. If one of them is taken, the target was down: then all that follow are
	 * delivered in their order, that one again.
	 */
	private boolean leaveOutBefore(int taken) {
		for (int i = 0; i < taken; i++) {
			byte[] event = this.pending.first();
			Throwable failure = attempt(event);
			if (failure == null) {
				takeFirst();
				return true;
			}
			if (this.receiver.isOfTarget(failure)) {
				return false;
			}
			this.pending.removeFirst();
			SkippedRecords.add(event.length);
			this.receiver.onUndeliverable(event.length, failure);
		}
		if (taken > 0) {
			this.attempts.onLeftOut();
			takeFirst();
		}
		return taken > 0;
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

	/**
	 * Returns whether the receiver takes events, as far as is known: a task that gets no
	 * processor time says nothing about its receiver.
	 */
	boolean isPrompt() {
		return !this.failing && !this.closing && !isHanging();
	}

	private boolean isHanging() {
		long calledAt = this.calledAt;
		return calledAt != 0 && System.nanoTime() - calledAt >= HANGING_NANOS;
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
