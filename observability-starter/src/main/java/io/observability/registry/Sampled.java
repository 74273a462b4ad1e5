package io.observability.registry;

/**
 * What has to be asked for its value, now and then.
 */
interface Sampled {

	/**
	 * Asks, and writes the answer into the store.
	 * @param nowMillis the time, since the epoch
	 */
	void sample(long nowMillis);

	/** The meter was removed: what is live goes, totals stay. */
	void remove();

}
