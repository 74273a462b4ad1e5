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
import java.time.Duration;
import java.util.function.Function;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;

/**
 * One process's time as the collector: from its election to its resignation. For one
 * thread.
 *
 * <p>
 * Protocol. A term begins by fencing its predecessor, see {@link CheckpointSuccession},
 * and by completing what that has left. Then batches go to the output one after the
 * other. When anything fails, the term is over, and this process or another one begins
 * the next as the successor of a crashed one would.
 */
final class Term implements Closeable {

	private final BatchSource source;

	private final TermOutput output;

	private boolean started;

	/** The last batch was empty, and the checkpoint says so. */
	private boolean settled;

	private Term(BatchSource source, TermOutput output) {
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
	static Term begin(StoreDirectory store, TermOwner owner, Duration orderingWindow,
			Function<BatchSource, TermOutput> output) throws IOException {
		BatchSource source = BatchSource.open(store, owner, orderingWindow);
		return new Term(source, output.apply(source));
	}

	/**
	 * Passes on the next batch.
	 * @return how many bytes it had
	 * @throws IOException if it can't be passed on now; nothing is lost, but this term is
	 * over
	 */
	int collect() throws IOException {
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

	/**
	 * Returns whether there is nothing to collect, as far as a cheap look shows. It shows
	 * neither that another term has begun nor that writers have terminated, so it is
	 * followed by {@link #collect()} at least once a second.
	 */
	boolean isQuiet() throws IOException {
		return this.settled && this.source.isQuiet();
	}

	/** Returns whether all that was read has been passed on. */
	boolean isSettled() {
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

	/** Returns whether there are queues of terminated writers that aren't collected. */
	boolean hasEndedQueues() throws IOException {
		return this.source.hasEndedQueues();
	}

	/** What the checkpoint file of this term holds. */
	Content content() {
		return this.source.content();
	}

	@Override
	public void close() throws IOException {
		try (this.source) {
			this.output.close();
		}
	}

}
