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

import java.nio.ByteBuffer;

/**
 * Receives the events of the whole fleet, instead of the merged log file or beside it.
 * Only the collecting process uses it, each receiver on a thread of its own.
 */
public interface EventReceiver {

	/**
	 * Returns the name under which its position is kept: the same in all processes, and
	 * another one than that of any other receiver of the queues.
	 * @return the name
	 */
	String name();

	/**
	 * Passes an event on.
	 * @param event what a writer has put into its queue, from the position to the limit;
	 * valid until this returns
	 * @throws Exception if the event was not taken: it is passed on again
	 */
	void deliver(ByteBuffer event) throws Exception;

	/**
	 * Returns whether a failure is surely not the event's: that the receiver's target
	 * can't be reached.
	 * @param failure what {@link #deliver} has thrown
	 * @return whether no event could have been taken
	 */
	boolean isOfTarget(Throwable failure);

	/**
	 * Called when an event is left out, because only this one can't be delivered.
	 * @param length of the event
	 * @param failure what {@link #deliver} has thrown last
	 */
	void onUndeliverable(int length, Throwable failure);

	/**
	 * Called when events were left out, because too many were waiting.
	 * @param count of events
	 */
	void onMissed(long count);

	/** Called when deliveries fail: once, until {@link #onRecovery}. */
	void onFailure(Throwable failure);

	/** Called when an event was delivered after a failure. */
	void onRecovery();

}
