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

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;
import io.observability.internal.segment.SegmentSequence;

/**
 * One process's time as the collector: from its election to its resignation. For one
 * thread.
 */
interface Term extends Closeable {

	/**
	 * Passes on what has come.
	 * @return how many bytes this call has passed on
	 * @throws IOException if that is not possible now; nothing is lost, but this term is
	 * over
	 */
	int collect() throws IOException;

	/**
	 * Returns whether there is nothing to pass on, as far as a cheap look shows. It shows
	 * neither that another term has begun nor that writers have terminated, so it is
	 * followed by {@link #collect()} at least once a second.
	 * @return whether {@link #collect()} can wait
	 * @throws IOException if the store can't be read
	 */
	boolean isQuiet() throws IOException;

	/** Returns whether all that was read has been passed on. */
	boolean isSettled();

	/**
	 * Returns whether there are queues of terminated writers that aren't collected, and
	 * are worth staying for, or files that are to be deleted.
	 * @return whether the last process must not leave yet
	 * @throws IOException if the store can't be read
	 */
	boolean hasEndedQueues() throws IOException;

	/**
	 * Returns whether nothing in a closed queue is worth staying for.
	 * @param queue the queue
	 * @return whether its writer may leave although files of it are left
	 */
	boolean isTaken(SegmentSequence queue);

	/** What the checkpoint file of this term holds. */
	Content content();

	/** Begins the terms of a collector. */
	@FunctionalInterface
	interface Factory {

		/**
		 * Begins the term of an elected process.
		 * @param store the store of the queues
		 * @param owner this process
		 * @return the term
		 * @throws IOException if the store can't be used now
		 */
		Term begin(StoreDirectory store, TermOwner owner) throws IOException;

	}

}
