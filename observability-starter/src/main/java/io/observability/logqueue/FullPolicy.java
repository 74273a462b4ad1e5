package io.observability.logqueue;

/** What a log call does when the backlog on disk has reached its limit. */
public enum FullPolicy {

	/**
	 * Wait until the collector has made room, the thread is interrupted or too much time
	 * has passed; then drop the event.
	 */
	BLOCK,

	/** Drop events up to INFO when little room is left, and all when there is none. */
	DROP

}
