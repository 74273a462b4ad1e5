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

/**
 * One process's time as the collector: from taking the collector lock to giving it up.
 * For one thread.
 */
interface Term extends Closeable {

	/**
	 * Passes on the next batch.
	 * @return how many bytes it had
	 * @throws IOException if it can't be passed on now; nothing is lost, but this term is
	 * over
	 */
	int collect() throws IOException;

	/** Tells whether there are queues of ended writers that aren't collected yet. */
	boolean hasEndedQueues() throws IOException;

	/** What the checkpoint file of this term holds. */
	Content content();

	/** Begins the term of the holder of the collector lock. */
	@FunctionalInterface
	interface Start {

		/**
		 * Begins a term.
		 * @param store the fleet's folder
		 * @param owner this process
		 * @return the term
		 * @throws IOException if the store can't be used now
		 */
		Term begin(StoreDirectory store, TermOwner owner) throws IOException;

	}

}
