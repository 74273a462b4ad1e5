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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.observability.FullPolicy;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives the writers of one sequence the segment to append to, and limits the backlog.
 *
 * <p>
 * Protocol. A thread of its own does all work on files, so that a writer makes no system
 * call and may be interrupted. It keeps one empty segment ready; a writer that finds the
 * current one full marks its end and makes the ready one current, under the lock. A file
 * gets the name under which readers look for it only after its header and free words have
 * been written. When all of a segment has been collected, the collector renames it from
 * {@code seg} to {@code free}: that is the acknowledgement, and the thread may format the
 * memory again for a later index. Mapped memory is used again rather than unmapped
 * because a file that is deleted while mapped keeps its disk space until some garbage
 * collection.
 *
 * <p>
 * The backlog is the size of the segments that have been in use and are not yet
 * acknowledged. It grows only when a segment is made current, so that is where the limit
 * is checked. A crash leaves the files as they are; the collector drains and deletes
 * them.
 */
final class SegmentSupply implements Runnable, Closeable {

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** While a writer waits for room. */
	private static final long HURRIED_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** How long unused segments are kept for the next burst. */
	private static final long SURPLUS_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** How long writers wait for room while no collector comes any farther. */
	private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final SegmentSequence sequence;

	private final Path checkpoint;

	private final int segmentSize;

	private final long maxBacklog;

	private final FullPolicy whenFull;

	private final DroppedEvents dropped;

	private final Thread thread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition wanted = this.lock.newCondition();

	private final Condition given = this.lock.newCondition();

	/** In use and not acknowledged, oldest first; the current one is the last. */
	private final Deque<Segment> backlog = new ArrayDeque<>();

	private long backlogSize;

	private @Nullable Segment ready;

	private int wantedSize;

	private int waiting;

	private boolean failing;

	/** A writer has waited in vain: nobody else waits until there is room. */
	private boolean stalled;

	private long lastUse;

	private boolean closed;

	/** When the collector was last seen to get on, be it with other queues. */
	private long lastProgress = System.nanoTime();

	/** Touched by the thread alone. */
	private FileTime lastCheckpoint = FileTime.fromMillis(0);

	/** Somebody has deleted the current segment's file: no reader will ever find it. */
	private volatile boolean lost;

	private volatile Segment current;

	/** Little room is left: only warnings and errors may use it. */
	private volatile boolean scarce;

	/** Touched by the thread alone, as is the index. */
	private final Deque<Segment> acknowledged = new ArrayDeque<>();

	private int nextIndex;

	private SegmentSupply(SegmentSequence sequence, Path checkpoint, long maxBacklog, FullPolicy whenFull,
			DroppedEvents dropped, int segmentSize, Segment first) {
		this.sequence = sequence;
		this.checkpoint = checkpoint;
		this.segmentSize = segmentSize;
		this.maxBacklog = maxBacklog;
		this.whenFull = whenFull;
		this.dropped = dropped;
		this.current = first;
		this.backlog.add(first);
		this.backlogSize = first.size();
		this.nextIndex = first.index() + 1;
		this.thread = new Thread(this, "observability-log-queue");
		this.thread.setDaemon(true);
	}

	static SegmentSupply start(SegmentSequence sequence, Path checkpoint, long maxBacklog, FullPolicy whenFull,
			DroppedEvents dropped, int segmentSize) throws IOException {
		Segment first = create(sequence, 0, segmentSize);
		SegmentSupply supply = new SegmentSupply(sequence, checkpoint, maxBacklog, whenFull, dropped, segmentSize,
				first);
		supply.thread.start();
		return supply;
	}

	private static Segment create(SegmentSequence sequence, int index, int size) throws IOException {
		Segment segment = Segment.format(SegmentLifecycle.create(sequence, index, size), sequence, index);
		SegmentLifecycle.publish(sequence, index);
		return segment;
	}

	Segment current() {
		return this.current;
	}

	boolean isLost() {
		return this.lost;
	}

	/** Tells whether an event of this level is to be dropped without trying. */
	boolean isScarceFor(Level level) {
		return this.scarce && level.compareTo(Level.WARNING) < 0;
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
				boolean room = hasRoom(size, level) && !this.failing;
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
		this.wanted.signal();
		try {
			this.given.awaitNanos(nanos);
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.waiting--;
		}
	}

	private boolean hasRoom(int size, Level level) {
		boolean spareForWarnings = this.whenFull == FullPolicy.DROP && level.compareTo(Level.WARNING) < 0;
		long limit = spareForWarnings ? scarceFrom() : this.maxBacklog;
		// One event may be larger than the limit: it gets through when nothing else
		// waits.
		return this.backlogSize + Math.max(size, this.segmentSize) <= limit || this.backlog.size() == 1;
	}

	private long scarceFrom() {
		return this.maxBacklog / 10 * 8;
	}

	private void makeCurrent(Segment next) {
		end(this.current, LogRecordLayout.CONTINUED);
		this.current = next;
		this.ready = null;
		this.wantedSize = 0;
		this.lastUse = System.nanoTime();
		this.backlog.add(next);
		this.backlogSize += next.size();
		updateScarcity();
		this.wanted.signal();
		this.given.signalAll();
	}

	private void updateScarcity() {
		this.scarce = this.whenFull == FullPolicy.DROP && this.backlogSize > scarceFrom() && this.backlog.size() > 1;
		if (!this.scarce) {
			this.dropped.roomAgain();
		}
	}

	private static void end(Segment segment, int mark) {
		try {
			segment.end(mark);
		}
		catch (InternalError ex) {
			// Readers go on with the next one anyway.
			segment.giveUp();
		}
	}

	private static boolean isSettled(Segment segment) {
		try {
			return segment.isSettled();
		}
		catch (InternalError ex) {
			segment.giveUp();
			return true;
		}
	}

	private void writeDropped() {
		Segment segment = this.current;
		try {
			segment.writeDropped(this.dropped.counts());
		}
		catch (InternalError ex) {
			segment.giveUp();
		}
	}

	@Override
	public void run() {
		while (awaitWork()) {
			try {
				takeBackAcknowledged();
				noteProgress();
				prepareNext();
				writeDropped();
				deleteSurplus();
				checkFile();
			}
			catch (IOException | InternalError ex) {
				fail();
			}
		}
	}

	private void checkFile() {
		Segment segment = this.current;
		if (!Files.exists(this.sequence.segmentFile(segment.index())) && segment == this.current) {
			this.lost = true;
		}
	}

	/** Returns whether the queue is still open. */
	@SuppressWarnings("WaitNotInLoop") // waking up early only makes the next round early
	private boolean awaitWork() {
		this.lock.lock();
		try {
			if (!this.closed && (this.failing || !needsSegment())) {
				this.wanted.awaitNanos((this.waiting > 0) ? HURRIED_TICK_NANOS : TICK_NANOS);
			}
			return !this.closed;
		}
		catch (InterruptedException ex) {
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean needsSegment() {
		return this.ready == null || this.ready.size() < this.wantedSize;
	}

	private void takeBackAcknowledged() throws IOException {
		Segment oldest = oldestFinished();
		while (oldest != null && !Files.exists(this.sequence.segmentFile(oldest.index()))) {
			this.lock.lock();
			try {
				this.backlog.remove();
				this.backlogSize -= oldest.size();
				this.stalled = false;
				updateScarcity();
				this.given.signalAll();
			}
			finally {
				this.lock.unlock();
			}
			Path free = this.sequence.file(oldest.index(), SegmentStage.FREE);
			if (oldest.size() == this.segmentSize && Files.exists(free)) {
				this.acknowledged.add(oldest);
			}
			else {
				Files.deleteIfExists(free);
			}
			oldest = oldestFinished();
		}
	}

	/**
	 * The collector goes by time, so it may have much to do before it gets to this queue.
	 */
	private void noteProgress() {
		FileTime checkpoint;
		try {
			checkpoint = Files.getLastModifiedTime(this.checkpoint);
		}
		catch (IOException ex) {
			// There has been no collector yet.
			return;
		}
		if (!checkpoint.equals(this.lastCheckpoint)) {
			this.lastCheckpoint = checkpoint;
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

	private @Nullable Segment oldestFinished() {
		this.lock.lock();
		try {
			return (this.backlog.size() > 1) ? this.backlog.peek() : null;
		}
		finally {
			this.lock.unlock();
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
				// Too small for the event that is waiting. No reader has looked into it.
				Files.deleteIfExists(this.sequence.segmentFile(this.ready.index()));
				this.nextIndex = this.ready.index();
				this.ready = null;
			}
		}
		finally {
			this.lock.unlock();
		}
		Segment segment = (size == this.segmentSize && !this.acknowledged.isEmpty()) ? reuse()
				: create(this.sequence, this.nextIndex, size);
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

	private Segment reuse() throws IOException {
		Segment old = this.acknowledged.remove();
		Segment segment = Segment.format(old.region(), this.sequence, this.nextIndex);
		SegmentLifecycle.republish(this.sequence, old.index(), this.nextIndex);
		return segment;
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
			Files.deleteIfExists(this.sequence.file(this.acknowledged.remove().index(), SegmentStage.FREE));
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
	 * Ends the sequence, and waits a little for events that other threads have begun to
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
			this.wanted.signal();
			this.given.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		long deadline = System.nanoTime() + CLOSE_WAIT_NANOS;
		awaitThread();
		end(this.current, LogRecordLayout.CLOSED);
		writeDropped();
		while (!this.backlog.stream().allMatch(SegmentSupply::isSettled) && System.nanoTime() < deadline) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		if (this.ready != null) {
			Files.deleteIfExists(this.sequence.segmentFile(this.ready.index()));
		}
		for (Segment segment : this.acknowledged) {
			Files.deleteIfExists(this.sequence.file(segment.index(), SegmentStage.FREE));
		}
	}

	private void awaitThread() {
		boolean interrupted = false;
		while (true) {
			try {
				this.thread.join(TimeUnit.NANOSECONDS.toMillis(CLOSE_WAIT_NANOS));
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
