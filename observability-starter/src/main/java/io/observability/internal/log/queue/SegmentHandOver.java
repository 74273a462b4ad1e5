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

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.observability.FullPolicy;
import io.observability.internal.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * Where the writers of a queue get the segments that the supply has made. Safe for any
 * thread.
 *
 * <p>
 * Protocol. The supply keeps one empty segment ready here. A writer that finds the
 * current one full marks its end and makes the ready one current, under the lock. A
 * writer that has to wait wakes the supply's task, and does the task's work itself if the
 * task's thread is busy with something else. Segments are small at first, and larger
 * while the queue is in heavy use, so that an application that logs little needs little
 * disk and memory. How large the backlog may become, and what happens then, is said by
 * {@link Backlog}.
 */
final class SegmentHandOver {

	/** After so long a wait, a writer does the task's work itself. */
	private static final long HELP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** A queue that was opened, or got a segment, longer ago is not in heavy use. */
	private static final long LIGHT_USE_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** How much larger than the one before a segment is made while in heavy use. */
	private static final int GROWTH = 4;

	private final int smallestSize;

	private final int largestSize;

	/** Of the next segment, unless an event needs a larger one. */
	private int usualSize;

	private final FullPolicy whenFull;

	private final DroppedEvents dropped;

	private final Backlog backlog;

	private final WaitLimits limits;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition given = this.lock.newCondition();

	private volatile @Nullable Task supply;

	private volatile Segment current;

	private @Nullable Segment ready;

	private int wantedSize;

	private int waiting;

	/** No segment could be made the last time. */
	private boolean failing;

	/** A writer has waited in vain: no other waits until there is room or a segment. */
	private boolean stalled;

	private boolean closed;

	private long lastUse = System.nanoTime();

	/** When the collector was last seen to take something of this queue. */
	private long lastProgress = System.nanoTime();

	SegmentHandOver(Segment first, int segmentSize, Backlog backlog, FullPolicy whenFull, DroppedEvents dropped,
			WaitLimits limits) {
		this.current = first;
		this.smallestSize = first.size();
		this.largestSize = segmentSize;
		this.usualSize = first.size();
		this.backlog = backlog;
		this.whenFull = whenFull;
		this.dropped = dropped;
		this.limits = limits;
	}

	/** Names the task that makes the segments. */
	void suppliedBy(Task supply) {
		this.supply = supply;
	}

	Segment current() {
		return this.current;
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
	 * @param start when the event was found to need it, by {@link System#nanoTime()}
	 * @return the segment, or null if the event is to be dropped
	 */
	@Nullable Segment successor(Segment full, int size, Level level, long start) {
		if (!StackRoom.isEnoughForALock()) {
			return null;
		}
		boolean interrupted = false;
		this.lock.lock();
		try {
			while (this.current == full && !this.closed) {
				boolean room = this.backlog.hasRoom(size, level) && !this.failing;
				if (room && this.ready != null && this.ready.size() >= size) {
					makeCurrent(this.ready);
					break;
				}
				if (this.stalled || (!room && (this.whenFull == FullPolicy.DROP || interrupted))) {
					return null;
				}
				long left = endOfWait(start) - System.nanoTime();
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

	private long endOfWait(long start) {
		if (this.whenFull == FullPolicy.DROP) {
			return start + this.limits.segmentNanos();
		}
		long served = Math.max(this.lastProgress - start, 0);
		return start + Math.min(served + this.limits.unservedNanos(), this.limits.wholeNanos());
	}

	/** Returns whether the thread was interrupted. */
	@SuppressWarnings("WaitNotInLoop") // the caller looks again
	private boolean awaitSegment(int size, long nanos) {
		this.wantedSize = Math.max(this.wantedSize, size);
		this.waiting++;
		Task supply = this.supply;
		try {
			if (supply != null) {
				supply.wake();
			}
			if (this.given.awaitNanos(Math.min(nanos, HELP_NANOS)) <= 0 && supply != null) {
				help(supply);
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
	private void help(Task supply) {
		if (!StackRoom.isEnoughForAFile()) {
			return;
		}
		this.lock.unlock();
		try {
			supply.help();
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
		long now = System.nanoTime();
		boolean heavyUse = now - this.lastUse < LIGHT_USE_NANOS;
		this.usualSize = heavyUse ? Math.min(GROWTH * this.usualSize & -Long.BYTES, this.largestSize)
				: this.smallestSize;
		this.lastUse = now;
		this.backlog.add(next);
		reportDropsIfThereIsRoom();
		Task supply = this.supply;
		if (supply != null) {
			supply.wake();
		}
		this.given.signalAll();
	}

	private void reportDropsIfThereIsRoom() {
		if (!this.backlog.isScarce()) {
			this.dropped.onRoom();
		}
	}

	/** Size of the segment that is to be made now, or 0 if there is one ready. */
	int missingSize() {
		this.lock.lock();
		try {
			boolean missing = this.ready == null || this.ready.size() < this.wantedSize;
			this.failing &= missing;
			return missing ? Math.max(this.wantedSize, this.usualSize) : 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Size of the next segment, unless an event needs a larger one. */
	int usualSize() {
		this.lock.lock();
		try {
			return this.usualSize;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes back the ready segment, or null if there is none. */
	@Nullable Segment takeBackReady() {
		this.lock.lock();
		try {
			Segment ready = this.ready;
			this.ready = null;
			return ready;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Makes a segment ready. */
	void offer(Segment segment) {
		this.lock.lock();
		try {
			this.ready = segment;
			this.failing = false;
			this.stalled = false;
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** No segment can be made: writers decide what to do. */
	void onFailure() {
		this.lock.lock();
		try {
			this.failing = true;
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether it matters to a writer that the collector gets on. */
	boolean isProgressAwaited() {
		this.lock.lock();
		try {
			return this.waiting > 0 || this.stalled;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The collector takes records of this queue: writers may go on waiting. */
	void onProgress() {
		this.lock.lock();
		try {
			this.lastProgress = System.nanoTime();
			this.stalled = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The oldest segment that is not current, or null if there is none. */
	@Nullable Segment oldestFinished() {
		this.lock.lock();
		try {
			return this.backlog.oldestFinished();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The oldest segment has been acknowledged, so there is more room. */
	void removeOldest() {
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
	}

	boolean hasWaitingWriters() {
		this.lock.lock();
		try {
			return this.waiting > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether no segment has been handed over for this time. */
	boolean isUnusedFor(long nanos) {
		this.lock.lock();
		try {
			return System.nanoTime() - this.lastUse >= nanos;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the segments that are in use or not acknowledged, oldest first. */
	List<Segment> segments() {
		this.lock.lock();
		try {
			return this.backlog.segments();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether every record that was claimed has been published. */
	boolean isSettled() {
		this.lock.lock();
		try {
			return this.backlog.isSettled();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Hands over no more segments. Returns whether it was open until now. */
	boolean close() {
		this.lock.lock();
		try {
			boolean wasOpen = !this.closed;
			this.closed = true;
			this.given.signalAll();
			return wasOpen;
		}
		finally {
			this.lock.unlock();
		}
	}

}
