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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * This process's queue of log records, to be written into the merged log by the
 * collector. Safe for any thread; a record that {@link #append} has taken survives the
 * death of the process.
 *
 * <p>
 * See {@link Segment} for what appending does, and {@link SegmentSupply} for files and
 * limits.
 */
public final class LogQueue implements Closeable {

	private static final AtomicInteger NEXT_NUMBER = new AtomicInteger();

	private static final int MAX_SEGMENT_SIZE = 4 << 20;

	/** A backlog is at least this many segments, so that its limit is kept closely. */
	private static final int SEGMENTS_PER_BACKLOG = 16;

	/** The smallest limit of a backlog. */
	public static final long MIN_BACKLOG = 1 << 20;

	private final SegmentSequence sequence;

	private final SegmentSupply segments;

	private final SegmentHandOver handOver;

	private final DroppedEvents dropped;

	private final Claims claims;

	private LogQueue(SegmentSequence sequence, SegmentSupply segments, DroppedEvents dropped, Claims claims) {
		this.sequence = sequence;
		this.segments = segments;
		this.handOver = segments.handOver();
		this.dropped = dropped;
		this.claims = claims;
	}

	/**
	 * Opens a new queue in the instance's slot.
	 * @param instance the membership of this process, to be left after closing the queue
	 * @param maxBacklog bytes on disk from which on {@code whenFull} applies, at least
	 * {@link #MIN_BACKLOG}
	 * @param whenFull what to do then
	 * @param progress looks at the collector's progress with a queue
	 * @param listener reports that no further segment can be made
	 * @return the queue
	 * @throws IOException if its first file can't be made
	 */
	public static LogQueue open(Instance instance, long maxBacklog, FullPolicy whenFull,
			Function<SequenceId, CollectorProgress> progress, TaskListener listener) throws IOException {
		SequenceId id = new SequenceId(instance.info().id(), NEXT_NUMBER.getAndIncrement());
		SegmentSequence sequence = new SegmentSequence(instance.slot(), SegmentKind.LOG, id);
		DroppedEvents dropped = new DroppedEvents(id.instanceId());
		Claims claims = new Claims(dropped);
		int segmentSize = (int) Math.min(MAX_SEGMENT_SIZE, maxBacklog / SEGMENTS_PER_BACKLOG) & -Long.BYTES;
		SegmentSupply segments = SegmentSupply.start(sequence, progress.apply(id), maxBacklog, whenFull, dropped,
				claims, segmentSize, listener);
		LogQueue queue = new LogQueue(sequence, segments, dropped, claims);
		queue.initialiseClasses();
		return queue;
	}

	/**
	 * Counts the events that an instance of this process has dropped, in all of its
	 * queues. Reads no files.
	 * @param instance id of the instance
	 * @param level of the events
	 * @return the number of dropped events
	 */
	public static long droppedBy(String instance, Level level) {
		return DroppedEvents.by(instance, level);
	}

	/**
	 * Calls what appending calls, with a record that does not fit: a class that is first
	 * used where the stack ends can't be used any more.
	 */
	private void initialiseClasses() {
		Claim claim = this.claims.ofThisThread();
		if (claim != null && StackRoom.isEnoughForAFile()) {
			claim.finishLeftOver(this.dropped);
			LevelCode.of(Level.INFO);
			this.handOver.current().append(claim, Level.INFO, 0, new byte[0], LogRecordLayout.MAX_PAYLOAD);
		}
	}

	/**
	 * Appends a record. Neither locks nor makes a system call unless a segment is full
	 * and the next one isn't there yet, and never throws.
	 * @param level of the event, from trace to error
	 * @param time of the event in nanoseconds since 1970
	 * @param text holds the encoded event, from the first byte on
	 * @param length of the encoded event
	 * @return whether the record was taken; if not, it has been counted as dropped
	 */
	public boolean append(Level level, long time, byte[] text, int length) {
		try {
			Claim claim = this.claims.ofThisThread();
			if (claim != null) {
				return append(claim, level, time, text, length);
			}
			this.dropped.add(level);
		}
		catch (Throwable ex) {
			// There is no stack or memory to count it.
		}
		return false;
	}

	/** Begins and ends without calls, which might fail. */
	private boolean append(Claim claim, Level level, long time, byte[] text, int length) {
		int code = LevelCode.of(level);
		if (claim.depth++ == 0) {
			claim.begun++;
		}
		try {
			claim.finishLeftOver(this.dropped);
			boolean taken = appendFrom(claim, this.handOver.current(), level, time, text, length);
			if (!taken) {
				this.dropped.add(level);
			}
			return taken;
		}
		catch (Throwable ex) {
			// An event is better lost than a call of the application. There may be too
			// little stack or memory even for this: the claim is finished later then.
			claim.onLost(code);
			claim.finishLeftOver(this.dropped);
			return false;
		}
		finally {
			if (--claim.depth == 0) {
				claim.ended = claim.begun;
			}
		}
	}

	private boolean appendFrom(Claim claim, Segment first, Level level, long time, byte[] text, int length) {
		if (length > LogRecordLayout.MAX_PAYLOAD || this.handOver.isScarceFor(level) || this.segments.isLost()) {
			return false;
		}
		Segment segment = first;
		long start = 0;
		try {
			while (segment != null && !segment.append(claim, level, time, text, length)) {
				start = (start != 0) ? start : System.nanoTime();
				segment = this.handOver.successor(segment, Segment.sizeFor(length), level, start);
			}
			return segment != null;
		}
		catch (InternalError ex) {
			// Another program has cut off the mapped file. The JVM may report that late,
			// so it is not known what became of the event, nor whether it is this file:
			// if it is not, readers need the record and the end.
			claim.finishLeftOver(this.dropped);
			segment.end(LogRecordLayout.CONTINUED);
			segment.giveUp();
			this.handOver.successor(segment, Segment.sizeFor(length), level, System.nanoTime());
			return false;
		}
	}

	/**
	 * Counts an event as dropped that could not be encoded, which the caller reports.
	 * @param level of the event, from trace to error
	 */
	public void drop(Level level) {
		this.dropped.addReported(level);
	}

	/**
	 * Returns what has been dropped since this was last asked, when there is room again.
	 * @return the report, or null if there is nothing to report
	 */
	public @Nullable DropReport takeDropReport() {
		return this.dropped.take();
	}

	/**
	 * Returns whether another program has deleted the queue's files, so that it takes no
	 * more records.
	 * @return whether another queue is needed
	 */
	public boolean isLost() {
		return this.segments.isLost();
	}

	/**
	 * Returns what the collector has not written of this queue, whose files were deleted,
	 * and which is closed.
	 * @param undisturbed no collector writes at present; else this waits a little for it,
	 * because it may be writing what it had read before
	 * @return the records
	 */
	public UncollectedRecords uncollected(boolean undisturbed) {
		return UncollectedRecords.of(this.handOver.segments(), undisturbed);
	}

	/**
	 * Deletes what is left of the files of this queue, which is lost and closed, so that
	 * the collector does not write records that are put into another queue.
	 */
	public void deleteFiles() {
		try {
			SegmentLifecycle.delete(this.sequence);
		}
		catch (IOException ex) {
			// The folder has gone, or can't be written: they may be written twice.
		}
	}

	/**
	 * Returns whether everything in this queue has been collected, once the queue is
	 * closed.
	 * @return whether none of its files is left
	 * @throws IOException if the slot's folder can't be read
	 */
	public boolean isCollected() throws IOException {
		return this.sequence.files().isEmpty();
	}

	/**
	 * Returns which sequence of segments this queue fills.
	 * @return the sequence
	 */
	public SegmentSequence sequence() {
		return this.sequence;
	}

	@Override
	public void close() throws IOException {
		this.segments.close();
	}

}
