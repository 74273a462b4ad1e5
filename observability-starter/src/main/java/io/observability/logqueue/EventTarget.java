package io.observability.logqueue;

import java.nio.ByteBuffer;

/**
 * Where events go that aren't written into the merged log file. Only the collecting
 * process uses it, on one thread.
 */
public interface EventTarget {

	/** Called when this process has become the collector. */
	void start();

	/**
	 * Passes events on. They count as collected when this returns.
	 * @param events what the writers have put into their queues, one behind the other
	 */
	void deliver(ByteBuffer events);

	/** Called when this process ceases to be the collector. */
	void stop();

}
