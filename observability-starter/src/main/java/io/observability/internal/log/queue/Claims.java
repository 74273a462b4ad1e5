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

package io.observability.internal.log.queue;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The claims of all threads that have appended to a queue. Safe for any thread.
 *
 * <p>
 * Not thread locals: some pools erase these, and a thread that outlives the queue would
 * keep its classes.
 */
final class Claims {

	private final DroppedEvents dropped;

	private final Map<Thread, Claim> byThread = new ConcurrentHashMap<>();

	Claims(DroppedEvents dropped) {
		this.dropped = dropped;
	}

	/**
	 * Returns the claim of the current thread.
	 * @return the claim, or null if it can't be created for lack of stack
	 */
	@Nullable Claim ofThisThread() {
		Thread thread = Thread.currentThread();
		Claim claim = this.byThread.get(thread);
		if (claim == null && StackRoom.isEnoughForALock()) {
			claim = new Claim(thread);
			this.byThread.put(thread, claim);
		}
		return claim;
	}

	/**
	 * Finishes claims that their threads have left, and forgets terminated threads. To be
	 * called by the work that uses memory again.
	 */
	void finishAbandoned() {
		for (Iterator<Claim> each = this.byThread.values().iterator(); each.hasNext();) {
			Claim claim = each.next();
			claim.finishIfAbandoned(this.dropped);
			if (claim.isObsolete()) {
				each.remove();
			}
		}
	}

	/** Removes claims in a segment whose memory is to be used again. */
	void removeFrom(Segment collected) {
		this.byThread.values().forEach((claim) -> claim.removeFrom(collected));
	}

}
