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
import io.observability.internal.segment.SegmentSequence;
import java.time.Duration;
import java.util.function.Function;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;

/**
 * A term whose batches go to one output.
 *
 * <p>
 * Protocol. A term begins by fencing its predecessor, see {@link CheckpointSuccession},
 * and by completing what that has left. Then batches go to the output one after the
 * other. When anything fails, the term is over, and this process or another one begins
 * the next as the successor of a crashed one would.
 */
final class BatchTerm implements Term {

	private final BatchSource source;

	private final TermOutput output;

	private boolean started;

	/** The last batch was empty, and the checkpoint says so. */
	private boolean settled;

	private BatchTerm(BatchSource source, TermOutput output) {
		this.source = source;
		this.output = output;
	}

	/**
	 * Begins the term of an elected process.
	 * @param store the fleet's folder
	 * @param owner this process
	 * @param orderingWindow how long records are held back
	 * @param output makes the output of the batches
	 * @return the term
	 * @throws IOException if the store can't be used now
	 */
	static BatchTerm begin(StoreDirectory store, TermOwner owner, Duration orderingWindow,
			Function<BatchSource, TermOutput> output) throws IOException {
		BatchSource source = BatchSource.open(store, owner, orderingWindow);
		return new BatchTerm(source, output.apply(source));
	}

	@Override
	public int collect() throws IOException {
		this.settled = false;
		this.source.requireCurrentTerm();
		if (!this.started) {
			takeOver();
		}
		this.source.scanIfDue();
		BatchContent batch = this.source.merge();
		int length = batch.length();
		if (length > 0) {
			this.output.write(batch);
		}
		else {
			this.source.saveIdleCheckpoint();
			this.settled = !this.source.queues().holdBack();
		}
		return length;
	}

	@Override
	public boolean isQuiet() throws IOException {
		return this.settled && this.source.isQuiet();
	}

	@Override
	public boolean isSettled() {
		return this.settled;
	}

	private void takeOver() throws IOException {
		Checkpoint last = this.source.newest();
		this.output.takeOver(last);
		this.started = true;
		if (last != null) {
			this.source.queues().inherit(last.ranges());
		}
		this.source.scan();
		this.source.saveIdleCheckpoint();
	}

	@Override
	public boolean hasEndedQueues() throws IOException {
		return this.source.hasEndedQueues();
	}

	/** Only its files say when the queue is collected. */
	@Override
	public boolean isTaken(SegmentSequence queue) {
		return false;
	}

	@Override
	public Content content() {
		return this.source.content();
	}

	@Override
	public void close() throws IOException {
		try (this.source) {
			this.output.close();
		}
	}

}
