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
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.task.Leadership;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * This process's candidate for collecting what is in all queues.
 *
 * <p>
 * Protocol. A task tries to be elected a few times a second, see {@link Leadership}. The
 * elected process collects until it ends, or until it gets nowhere for some seconds; then
 * another process is elected. While nothing is logged it looks less often, see
 * {@link LookPauses}, and only whether there is anything: that it still leads, and which
 * writers have terminated, it finds out once a second, and before each batch. A process
 * that stops closes its queue first. Then it stays until its queue is collected: by
 * another collector, or by itself as soon as it leads. A collector that stops also drains
 * the queues of all others that have ended, so the last process to leave leaves nothing
 * behind. It gives up when nothing moves for some seconds; what is left then stays on
 * disk, for the processes that go on or the next that starts. Attached appenders that
 * fail or hang are not waited for.
 *
 * <p>
 * At times two processes believe that they lead. Their terms are fenced, see
 * {@link CheckpointSuccession}: the one whose term has ended finds that out before it
 * writes, and resigns.
 */
public final class Collector implements Closeable {

	/** Name of the task, under which its failures are counted. */
	public static final String TASK = "collecting";

	private static final long LEAVE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** After a batch of so many bytes the next one is likely to be waiting. */
	private static final int LARGE_BATCH = 128 << 10;

	/** How long to stay without progress. */
	private static final long MAX_LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** For a step that has begun to end. */
	private static final long MAX_STEP_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long LOOK_MILLIS = 100;

	private final Instance instance;

	private final LogQueue queue;

	private final Term.Factory terms;

	private final Supplier<CollectorBuffers> newBuffers;

	private final DeliveredQueues delivered;

	private final Leadership leadership;

	private final LookPauses pauses;

	private final CountDownLatch left = new CountDownLatch(1);

	private volatile boolean leaving;

	private volatile boolean givingUp;

	/** When to give up leaving, by {@link System#nanoTime()}. */
	private volatile long leaveDeadline;

	private volatile @Nullable Task task;

	private @Nullable Term term;

	/** Null until this process leads. */
	private @Nullable CollectorBuffers buffers;

	/** A checkpoint was left to processes that can read it, but they don't collect. */
	private boolean replacesUnreadable;

	/** Of the last term of this process. */
	private Content last = Content.NONE;

	private Collector(Instance instance, LogQueue queue, Duration orderingWindow, Term.Factory terms,
			Supplier<CollectorBuffers> newBuffers, DeliveredQueues delivered) {
		this.instance = instance;
		this.queue = queue;
		this.terms = terms;
		this.newBuffers = newBuffers;
		this.delivered = delivered;
		this.leadership = new Leadership(instance.store().collectorLock());
		this.pauses = new LookPauses(orderingWindow, System.nanoTime());
	}

	/**
	 * Stands for election, and writes the merged log file when elected.
	 * @param instance the membership of this process
	 * @param queue this process's queue
	 * @param target where the merged log goes
	 * @param orderingWindow how long events are held back so that those of other
	 * processes can be put in front of them
	 * @param listener reports that collecting fails, and that it works again
	 * @return the running collector
	 */
	public static Collector start(Instance instance, LogQueue queue, LogTarget target, Duration orderingWindow,
			TaskListener listener) {
		Term.Factory terms = (store, owner) -> BatchTerm.begin(store, owner, orderingWindow,
				(source) -> new FileOutput(target, source));
		return start(new Collector(instance, queue, orderingWindow, terms, CollectorBuffers::allocate, (own) -> false),
				Supervisor.LOG, listener);
	}

	/**
	 * Stands for election, and delivers events to attached appenders when elected. Has a
	 * thread of its own, because the appenders may leave no time to that of the log.
	 * @param instance the membership of this process
	 * @param queue this process's queue
	 * @param settings what the events are delivered to
	 * @param listener reports that collecting fails, and that it works again
	 * @return the running collector
	 */
	public static Collector start(Instance instance, LogQueue queue, DeliverySettings settings, TaskListener listener) {
		settings.receivers().forEach((receiver) -> MissedEvents.add(receiver.name(), 0));
		Term.Factory terms = (store, owner) -> DeliveryTerm.begin(store, owner, settings);
		return start(
				new Collector(instance, queue, settings.orderingWindow(), terms, CollectorBuffers::withoutBatch,
						DeliveredQueues.of(instance.store(), settings.receivers())),
				Supervisor.LOG + "-appenders", listener);
	}

	private static Collector start(Collector collector, String thread, TaskListener listener) {
		collector.task = Supervisor.ofThisProcess().start(thread, TASK, Duration.ZERO, collector::run, listener);
		return collector;
	}

	private long run() throws IOException {
		try {
			return this.leaving ? leave() : collect();
		}
		catch (TermEndedException | NoProgressException | DeletedQueueException ex) {
			endTerm();
			this.leadership.resign();
			return this.leaving ? LEAVE_TICK_NANOS : Leadership.LOOK_NANOS;
		}
		catch (UnreadableCheckpointException ex) {
			// A process that can read it gets the chance to go on. If none does, this one
			// is elected again, and puts the checkpoint aside.
			this.leadership.resign();
			this.replacesUnreadable = true;
			throw ex;
		}
		catch (Throwable ex) {
			try {
				endTerm();
			}
			finally {
				this.leadership.onFailure();
			}
			throw ex;
		}
	}

	private long collect() throws IOException {
		Term running = this.term;
		if (running != null && running.isQuiet()) {
			this.leadership.onSuccess();
			return this.pauses.afterNothing(System.nanoTime());
		}
		Term term = elected();
		if (term == null) {
			return this.leadership.isStandingBack() ? -Leadership.LOOK_NANOS : this.leadership.untilNextLook();
		}
		int written = term.collect();
		this.leadership.onSuccess();
		if (written > LARGE_BATCH) {
			return 0;
		}
		long now = System.nanoTime();
		return (written > 0 || !term.isSettled()) ? this.pauses.afterSomething(now) : this.pauses.afterNothing(now);
	}

	private long leave() throws IOException {
		if (!this.givingUp) {
			Term term = elected();
			int written = (term != null) ? term.collect() : 0;
			if (written > 0) {
				this.leadership.onSuccess();
				this.leaveDeadline = System.nanoTime() + MAX_LEAVE_NANOS;
				return 0;
			}
			if (isAwaited(term) || (term != null && term.hasEndedQueues())) {
				return LEAVE_TICK_NANOS;
			}
		}
		endTerm();
		this.leadership.close();
		this.left.countDown();
		return Leadership.LOOK_NANOS;
	}

	/** Returns whether this process's queue is a reason to stay. */
	private boolean isAwaited(@Nullable Term term) throws IOException {
		if (this.queue.isCollected()) {
			return false;
		}
		SegmentSequence own = this.queue.sequence();
		return (term != null) ? !term.isTaken(own) : !this.delivered.contain(own);
	}

	/**
	 * Returns the running term, a new one if this process has been elected, else null.
	 */
	private @Nullable Term elected() throws IOException {
		if (!this.leadership.isLeader()) {
			endTerm();
		}
		else if (this.term == null) {
			Path temporary = this.instance.slot().directory().resolve("checkpoint.tmp");
			StoreDirectory store = this.instance.store();
			CollectorBuffers buffers = (this.buffers != null) ? this.buffers : this.newBuffers.get();
			this.buffers = buffers;
			TermOwner owner = new TermOwner(this.instance.info().id(), temporary, this.last, buffers,
					new SkippedRecords(this::report), this.replacesUnreadable);
			this.term = this.terms.begin(store, owner);
			this.replacesUnreadable = false;
		}
		return this.term;
	}

	private void report(IOException unreadable) {
		Task task = this.task;
		if (task != null) {
			task.onFailureInWork(unreadable);
		}
	}

	private void endTerm() {
		Term term = this.term;
		this.term = null;
		if (term != null) {
			this.last = term.content();
			try {
				term.close();
			}
			catch (IOException | RuntimeException ex) {
				// Nothing of it is used again: the next term opens everything anew.
			}
		}
	}

	/**
	 * Leaves the election, once the queue is closed. Returns when the queue is collected,
	 * or when that takes too long.
	 */
	@Override
	public void close() {
		leaveWithin(MAX_LEAVE_NANOS);
	}

	/** Leaves the election at once: the queue's files were deleted. */
	public void abandon() {
		leaveWithin(0);
	}

	private void leaveWithin(long patienceNanos) {
		Task task = this.task;
		if (task == null) {
			return;
		}
		this.leaveDeadline = System.nanoTime() + patienceNanos;
		this.leaving = true;
		Uninterruptibly.await((nanos) -> {
			this.givingUp = System.nanoTime() >= this.leaveDeadline;
			task.wake();
			return this.left.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)
					|| System.nanoTime() >= this.leaveDeadline + MAX_STEP_NANOS;
		}, System.nanoTime() + Long.MAX_VALUE / 2);
		task.close(MAX_STEP_NANOS);
	}

}
