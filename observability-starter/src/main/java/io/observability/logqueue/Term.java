package io.observability.logqueue;

import java.io.Closeable;
import java.io.IOException;

import io.observability.instance.StoreDirectory;

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

	/** Begins the term of the holder of the collector lock. */
	@FunctionalInterface
	interface Start {

		/**
		 * Begins a term.
		 * @param store the fleet's folder
		 * @param instance id of this process's instance
		 * @return the term
		 * @throws IOException if the store can't be used now
		 */
		Term begin(StoreDirectory store, String instance) throws IOException;

	}

}
