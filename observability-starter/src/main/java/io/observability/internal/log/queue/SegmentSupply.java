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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.observability.FullPolicy;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * Makes the segments of one queue, a task.
 *
 * <p>
 * Protocol. The task does all work on files, so that a writer makes no system call and
 * may be interrupted. It keeps one empty segment ready in the {@link SegmentHandOver},
 * takes back what the collector has acknowledged, to use it again, and looks whether the
 * current segment's file is still there. What becomes of the files is said by
 * {@link SegmentFiles}. The work runs on one thread at a time.
 */
final class SegmentSupply implements Closeable {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "segment-supply";

	private static final int FIRST_SEGMENT_SIZE = 256 << 10;

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/**
	 * While no segment waits to be acknowledged: a writer that needs one wakes the task.
	 */
	private static final long QUIET_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** While a writer waits for room. */
	private static final long HURRIED_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** How long unused segments are kept for the next burst. */
	private static final long SURPLUS_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long CLOSE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final SegmentHandOver handOver;

	private final SegmentFiles files;

	private final CollectorProgress progress;

	private final DroppedEvents dropped;

	private final Claims claims;

	private final Deque<Segment> acknowledged = new ArrayDeque<>();

	private int nextIndex;

	/** Another program has deleted or replaced a segment's file: no reader finds it. */
	private volatile boolean lost;

	private volatile @Nullable Task task;

	private SegmentSupply(SegmentHandOver handOver, SegmentFiles files, CollectorProgress progress,
			DroppedEvents dropped, Claims claims) {
		this.handOver = handOver;
		this.files = files;
		this.progress = progress;
		this.dropped = dropped;
		this.claims = claims;
		this.nextIndex = handOver.current().index() + 1;
	}

	static SegmentSupply start(SegmentSequence sequence, CollectorProgress progress, long maxBacklog,
			FullPolicy whenFull, DroppedEvents dropped, Claims claims, int segmentSize, TaskListener listener)
			throws IOException {
		SegmentFiles files = new SegmentFiles(sequence);
		Segment first = files.create(0, Math.min(segmentSize, FIRST_SEGMENT_SIZE));
		Backlog backlog = new Backlog(maxBacklog, segmentSize, whenFull);
		backlog.add(first);
		SegmentHandOver handOver = new SegmentHandOver(first, segmentSize, backlog, whenFull, dropped,
				WaitLimits.DEFAULT);
		SegmentSupply supply = new SegmentSupply(handOver, files, progress, dropped, claims);
		Task task = Supervisor.ofThisProcess().start(Supervisor.LOG, TASK, Duration.ZERO, supply::run, listener);
		supply.task = task;
		handOver.suppliedBy(task);
		return supply;
	}

	SegmentHandOver handOver() {
		return this.handOver;
	}

	boolean isLost() {
		return this.lost;
	}

	/** Returns how long to rest. */
	private long run() throws IOException {
		try {
			this.claims.finishAbandoned();
			takeBackAcknowledged();
			if (this.handOver.isProgressAwaited() && this.progress.isMade()) {
				this.handOver.onProgress();
			}
			prepareNext();
			this.handOver.current().writeDropped(this.dropped.counts());
			deleteSurplus();
			checkFile();
		}
		catch (Throwable ex) {
			this.handOver.onFailure();
			checkFile();
			throw ex;
		}
		if (this.handOver.missingSize() > 0) {
			return 0;
		}
		if (this.handOver.hasWaitingWriters()) {
			return HURRIED_TICK_NANOS;
		}
		return (this.acknowledged.isEmpty() && this.handOver.oldestFinished() == null) ? QUIET_TICK_NANOS : TICK_NANOS;
	}

	private void takeBackAcknowledged() throws IOException {
		Segment oldest = this.handOver.oldestFinished();
		while (oldest != null && !this.files.isPublished(oldest)) {
			if (!this.files.isReusable(oldest)) {
				// Not acknowledged: its records may not be in the log.
				this.lost = true;
				return;
			}
			this.handOver.removeOldest();
			if (oldest.size() == this.handOver.usualSize()) {
				this.acknowledged.add(oldest);
			}
			else {
				this.files.deleteAcknowledged(oldest);
			}
			oldest = this.handOver.oldestFinished();
		}
	}

	private void prepareNext() throws IOException {
		int size = this.handOver.missingSize();
		if (size == 0) {
			return;
		}
		Segment tooSmall = this.handOver.takeBackReady();
		if (tooSmall != null) {
			this.files.deletePublished(tooSmall);
			this.nextIndex = tooSmall.index();
		}
		deleteAcknowledged((each) -> each.size() != this.handOver.usualSize());
		Segment acknowledged = this.acknowledged.peek();
		Segment segment = (acknowledged != null && acknowledged.size() == size) ? reuse(this.acknowledged.remove())
				: this.files.create(this.nextIndex, size);
		this.nextIndex++;
		this.handOver.offer(segment);
	}

	private Segment reuse(Segment acknowledged) throws IOException {
		this.claims.removeFrom(acknowledged);
		return this.files.reuse(acknowledged, this.nextIndex);
	}

	private void deleteSurplus() throws IOException {
		deleteAcknowledged((each) -> this.handOver.isUnusedFor(SURPLUS_NANOS));
	}

	private void deleteAcknowledged(Predicate<Segment> surplus) throws IOException {
		Segment oldest = this.acknowledged.peek();
		while (oldest != null && surplus.test(oldest)) {
			this.files.deleteAcknowledged(this.acknowledged.remove());
			oldest = this.acknowledged.peek();
		}
	}

	private void checkFile() {
		Segment segment = this.handOver.current();
		if (!this.files.isPublished(segment) && segment == this.handOver.current()) {
			this.lost = true;
		}
	}

	/**
	 * Ends the queue, and waits a little for events that other threads have begun to
	 * append.
	 */
	@Override
	public void close() throws IOException {
		if (!this.handOver.close()) {
			return;
		}
		long deadline = System.nanoTime() + CLOSE_WAIT_NANOS;
		Task task = this.task;
		if (task != null) {
			task.close(CLOSE_WAIT_NANOS);
		}
		// The last look at it: behind the end mark the collector deletes it.
		checkFile();
		this.handOver.current().end(LogRecordLayout.CLOSED);
		this.handOver.current().writeDropped(this.dropped.counts());
		while (!this.handOver.isSettled() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		Segment ready = this.handOver.takeBackReady();
		if (ready != null) {
			this.files.deletePublished(ready);
		}
		for (Segment segment : this.acknowledged) {
			this.files.deleteAcknowledged(segment);
		}
	}

}
