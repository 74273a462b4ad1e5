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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.log.queue.QueueReader;
import org.jspecify.annotations.Nullable;

/**
 * The queues of all instances, merged into batches, and the checkpoints that say how far
 * the batches have been passed on. For one thread.
 */
final class BatchSource implements Closeable {

	private static final long SCAN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long QUIET_SCAN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Path store;

	private final String instance;

	private final Duration orderingWindow;

	private final CheckpointFile checkpoints;

	private final QueueScanner scanner;

	private final Queues queues;

	private final CollectorBuffers buffers;

	private final MergedBatch batch;

	private long batchTime;

	private long lastScan;

	private BatchSource(Path store, String instance, Duration orderingWindow, CheckpointFile checkpoints,
			QueueScanner scanner, Queues queues, CollectorBuffers buffers) {
		this.store = store;
		this.instance = instance;
		this.orderingWindow = orderingWindow;
		this.checkpoints = checkpoints;
		this.scanner = scanner;
		this.queues = queues;
		this.buffers = buffers;
		this.batch = new MergedBatch(buffers.batch());
	}

	static BatchSource open(StoreDirectory store, TermOwner owner, Duration orderingWindow) throws IOException {
		CheckpointFile checkpoints = CheckpointSuccession.begin(store.collectorCheckpoint(), owner);
		Queues queues = new Queues(store, owner.buffers().files(), owner.unreadable());
		return new BatchSource(store.path(), owner.instance(), orderingWindow, checkpoints, new QueueScanner(store),
				queues, owner.buffers());
	}

	String instance() {
		return this.instance;
	}

	Queues queues() {
		return this.queues;
	}

	@Nullable Checkpoint newest() {
		return this.checkpoints.newest();
	}

	/** What the checkpoint file holds. */
	Content content() {
		return this.checkpoints.content();
	}

	/** Makes sure that no other process has begun a term. */
	void requireCurrentTerm() throws IOException {
		this.checkpoints.requireCurrent();
	}

	/** Makes sure that no writer takes back what was read. */
	void requireFiles() throws IOException {
		if (!this.queues.haveFiles()) {
			throw new DeletedQueueException(this.store);
		}
	}

	/** Saves a checkpoint, and lets writers have back what lies before it. */
	void saveCheckpoint(Checkpoint checkpoint) throws IOException {
		this.checkpoints.write(checkpoint);
		this.queues.acknowledge(checkpoint.ranges());
	}

	/** When the last batch was merged, in nanoseconds since 1970. */
	long batchTime() {
		return this.batchTime;
	}

	/** Looks for new queues and dead writers, now and then. */
	void scanIfDue() throws IOException {
		if (System.nanoTime() - this.lastScan >= SCAN_INTERVAL_NANOS) {
			scan();
		}
	}

	/**
	 * Returns whether a look shows that there is nothing to pass on. It costs little, so
	 * it does not show whether writers have terminated: that is found out once a second.
	 */
	boolean isQuiet() throws IOException {
		return System.nanoTime() - this.lastScan < QUIET_SCAN_INTERVAL_NANOS && !this.scanner.mayHaveNews()
				&& !this.queues.mayHaveRecord();
	}

	void scan() throws IOException {
		this.queues.update(this.scanner.scan());
		this.lastScan = System.nanoTime();
	}

	/**
	 * Merges what has come since the last time, as far as it fits.
	 * @return the batch, good until the next call
	 */
	BatchContent merge() throws IOException {
		this.batchTime = now();
		// A single writer has no other to wait for.
		long until = this.queues.hasSeveralWriters() ? this.batchTime - this.orderingWindow.toNanos() : Long.MAX_VALUE;
		this.batch.clear();
		QueueReader larger = new Merge(this.queues.readers(), this.batchTime, until).into(this.batch);
		if (larger == null) {
			return this.batch;
		}
		int length = larger.textLength();
		larger.skip();
		return new RemergedBatch(this.queues, this.queues.ranges(), this.batchTime, length, this.buffers);
	}

	/** Returns a predecessor's last batch. */
	BatchContent remerge(Checkpoint last) {
		return new RemergedBatch(this.queues, last.ranges(), last.batch().time(), last.batch().length(), this.buffers);
	}

	/** Returns the time in nanoseconds since 1970. */
	static long now() {
		Instant now = Instant.now();
		return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
	}

	/**
	 * Saves that everything that was read has been passed on, unless it has been saved.
	 */
	void saveIdleCheckpoint() throws IOException {
		Checkpoint last = this.checkpoints.newest();
		if (last == null || last.phase() != Phase.IDLE || !last.collector().equals(this.instance)
				|| !last.ranges().equals(this.queues.ranges())) {
			this.queues.commit();
			List<Range> ranges = this.queues.committedRanges();
			saveCheckpoint(new Checkpoint(Phase.IDLE, this.instance, "", "", 0, Batch.NONE, ranges));
		}
		else {
			this.queues.acknowledge(last.ranges());
		}
	}

	/** Returns whether there are queues of terminated writers that aren't collected. */
	boolean hasEndedQueues() throws IOException {
		scan();
		return this.queues.hasEnded();
	}

	/** Returns whether no writer is left, and the newest checkpoint has all events. */
	boolean isFinished() throws IOException {
		scan();
		Checkpoint last = this.checkpoints.newest();
		return this.queues.haveAllEnded() && last != null && last.phase() == Phase.IDLE
				&& last.ranges().containsAll(this.queues.ranges());
	}

	@Override
	public void close() throws IOException {
		this.queues.close();
		this.checkpoints.close();
	}

}
