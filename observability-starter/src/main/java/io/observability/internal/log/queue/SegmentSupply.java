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

package io.observability.internal.log.queue;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.observability.FullPolicy;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Gives the writers of one queue the segment to append to.
 *
 * <p>
 * Protocol. A task does all work on files, so that a writer makes no system call and may
 * be interrupted. It keeps one empty segment ready; a writer that finds the current one
 * full marks its end and makes the ready one current, under the lock. A writer that has
 * to wait because the task's thread is busy with something else does the task's work
 * itself. How large the backlog may become, and what happens then, is said by
 * {@link Backlog}; what becomes of the files, by {@link SegmentFiles}.
 */
final class SegmentSupply implements Closeable {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "segment-supply";

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** While a writer waits for room. */
	private static final long HURRIED_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** After so long a wait, a writer does the task's work itself. */
	private static final long HELP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** How long unused segments are kept for the next burst. */
	private static final long SURPLUS_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** How long writers wait for room while no collector comes any farther. */
	private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final SegmentFiles files;

	private final CollectorProgress progress;

	private final int segmentSize;

	private final FullPolicy whenFull;

	private final DroppedEvents dropped;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition given = this.lock.newCondition();

	private final Backlog backlog;

	private @Nullable Segment ready;

	private int wantedSize;

	private int waiting;

	/** No segment could be made the last time. */
	private boolean failing;

	/** A writer has waited in vain: no other waits until there is room. */
	private boolean stalled;

	private long lastUse;

	private boolean closed;

	/** When the collector was last seen to get on. */
	private long lastProgress = System.nanoTime();

	/** Another program has deleted the current segment's file: no reader finds it. */
	private volatile boolean lost;

	private volatile Segment current;

	/** Touched by the task alone, as is the index. */
	private final Deque<Segment> acknowledged = new ArrayDeque<>();

	private int nextIndex;

	private volatile @Nullable Task task;

	private SegmentSupply(SegmentFiles files, CollectorProgress progress, Backlog backlog, FullPolicy whenFull,
			DroppedEvents dropped, int segmentSize, Segment first) {
		this.files = files;
		this.progress = progress;
		this.backlog = backlog;
		this.whenFull = whenFull;
		this.dropped = dropped;
		this.segmentSize = segmentSize;
		this.current = first;
		this.nextIndex = first.index() + 1;
	}

	static SegmentSupply start(SegmentSequence sequence, Path checkpoint, long maxBacklog, FullPolicy whenFull,
			DroppedEvents dropped, int segmentSize, TaskListener listener) throws IOException {
		SegmentFiles files = new SegmentFiles(sequence);
		Segment first = files.create(0, segmentSize);
		Backlog backlog = new Backlog(maxBacklog, segmentSize, whenFull);
		backlog.add(first);
		SegmentSupply supply = new SegmentSupply(files, new CollectorProgress(checkpoint), backlog, whenFull, dropped,
				segmentSize, first);
		supply.task = Supervisor.ofThisProcess().start(Supervisor.LOG, TASK, Duration.ZERO, supply::run, listener);
		return supply;
	}

	Segment current() {
		return this.current;
	}

	boolean isLost() {
		return this.lost;
	}

	/** Whether an event of this level is to be dropped without trying. */
	boolean isScarceFor(Level level) {
		return this.backlog.isScarceFor(level);
	}

	/**
	 * Returns the segment that follows a full one.
	 * @param full the segment that had no room
	 * @param size of the smallest segment that can take the event
	 * @param level of the event
	 * @return the segment, or null if the event is to be dropped
	 */
	@Nullable Segment successor(Segment full, int size, Level level) {
		boolean interrupted = false;
		long start = System.nanoTime();
		this.lock.lock();
		try {
			while (this.current == full && !this.closed) {
				boolean room = this.backlog.hasRoom(size, level) && !this.failing;
				if (room && this.ready != null && this.ready.size() >= size) {
					makeCurrent(this.ready);
					break;
				}
				if (!room && (this.whenFull == FullPolicy.DROP || this.stalled || interrupted)) {
					return null;
				}
				long left = Math.max(start, this.lastProgress) + MAX_WAIT_NANOS - System.nanoTime();
				if (left <= 0) {
					this.stalled = true;
					return null;
				}
				interrupted |= awaitSegment(size, left);
			}
			return this.closed ? null : this.current;
		}
		finally {
			this.lock.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Returns whether the thread was interrupted. */
	@SuppressWarnings("WaitNotInLoop") // the caller looks again
	private boolean awaitSegment(int size, long nanos) {
		this.wantedSize = Math.max(this.wantedSize, size);
		this.waiting++;
		Task task = this.task;
		try {
			if (task != null) {
				task.wake();
			}
			if (this.given.awaitNanos(Math.min(nanos, HELP_NANOS)) <= 0 && task != null) {
				help(task);
			}
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.waiting--;
		}
	}

	/** Without the lock, which the work takes itself for as long as it needs it. */
	private void help(Task task) {
		this.lock.unlock();
		try {
			task.help();
		}
		finally {
			this.lock.lock();
		}
	}

	private void makeCurrent(Segment next) {
		this.current.end(LogRecordLayout.CONTINUED);
		this.current = next;
		this.ready = null;
		this.wantedSize = 0;
		this.lastUse = System.nanoTime();
		this.backlog.add(next);
		reportDropsIfThereIsRoom();
		wake();
		this.given.signalAll();
	}

	private void wake() {
		Task task = this.task;
		if (task != null) {
			task.wake();
		}
	}

	private void reportDropsIfThereIsRoom() {
		if (!this.backlog.isScarce()) {
			this.dropped.roomAgain();
		}
	}

	/** Returns how long to rest. */
	private long run() throws IOException {
		try {
			takeBackAcknowledged();
			noteProgress();
			prepareNext();
			this.current.writeDropped(this.dropped.counts());
			deleteSurplus();
			checkFile();
		}
		catch (Throwable ex) {
			fail();
			throw ex;
		}
		return rest();
	}

	private long rest() {
		this.lock.lock();
		try {
			return needsSegment() ? 0 : (this.waiting > 0) ? HURRIED_TICK_NANOS : TICK_NANOS;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void checkFile() {
		Segment segment = this.current;
		if (!this.files.isPublished(segment) && segment == this.current) {
			this.lost = true;
		}
	}

	private boolean needsSegment() {
		return this.ready == null || this.ready.size() < this.wantedSize;
	}

	private void takeBackAcknowledged() throws IOException {
		Segment oldest = oldestFinished();
		while (oldest != null && !this.files.isPublished(oldest)) {
			this.lock.lock();
			try {
				this.backlog.removeOldest();
				this.stalled = false;
				reportDropsIfThereIsRoom();
				this.given.signalAll();
			}
			finally {
				this.lock.unlock();
			}
			if (oldest.size() == this.segmentSize && this.files.isReusable(oldest)) {
				this.acknowledged.add(oldest);
			}
			else {
				this.files.deleteAcknowledged(oldest);
			}
			oldest = oldestFinished();
		}
	}

	private @Nullable Segment oldestFinished() {
		this.lock.lock();
		try {
			return this.backlog.oldestFinished();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void noteProgress() {
		if (this.progress.isMade()) {
			this.lock.lock();
			try {
				this.lastProgress = System.nanoTime();
				this.stalled = false;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private void prepareNext() throws IOException {
		int size;
		this.lock.lock();
		try {
			if (!needsSegment()) {
				this.failing = false;
				return;
			}
			size = Math.max(this.wantedSize, this.segmentSize);
			if (this.ready != null) {
				// Too small for the event that is waiting.
				this.files.deletePublished(this.ready);
				this.nextIndex = this.ready.index();
				this.ready = null;
			}
		}
		finally {
			this.lock.unlock();
		}
		Segment segment = (size == this.segmentSize && !this.acknowledged.isEmpty())
				? this.files.reuse(this.acknowledged.remove(), this.nextIndex)
				: this.files.create(this.nextIndex, size);
		this.nextIndex++;
		this.lock.lock();
		try {
			this.ready = segment;
			this.failing = false;
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void deleteSurplus() throws IOException {
		this.lock.lock();
		try {
			if (System.nanoTime() - this.lastUse < SURPLUS_NANOS) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		while (!this.acknowledged.isEmpty()) {
			this.files.deleteAcknowledged(this.acknowledged.remove());
		}
	}

	private void fail() {
		this.lock.lock();
		try {
			this.failing = true;
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the queue, and waits a little for events that other threads have begun to
	 * append.
	 */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		long deadline = System.nanoTime() + CLOSE_WAIT_NANOS;
		Task task = this.task;
		if (task != null) {
			task.close(CLOSE_WAIT_NANOS);
		}
		this.current.end(LogRecordLayout.CLOSED);
		this.current.writeDropped(this.dropped.counts());
		while (!this.backlog.isSettled() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		if (this.ready != null) {
			this.files.deletePublished(this.ready);
		}
		for (Segment segment : this.acknowledged) {
			this.files.deleteAcknowledged(segment);
		}
	}

}
