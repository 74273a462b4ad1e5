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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * Events that were read from the queues and are not delivered yet, in their order. For
 * one thread.
 */
final class PendingEvents {

	/** Positions are to be saved about so often while events are delivered. */
	private static final long LONG_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long SHORT_BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int FIRST_LIMIT = 16;

	private static final int LARGEST_LIMIT = 4096;

	private final DeliverySource source;

	private final Deque<byte[]> events = new ArrayDeque<>();

	/** How many events to read at a time. */
	private int limit = FIRST_LIMIT;

	PendingEvents(DeliverySource source) {
		this.source = source;
	}

	/** Reads more events, and returns whether there were any. */
	boolean readNext() throws IOException {
		if (this.events.isEmpty() && this.source.isQuiet()) {
			return false;
		}
		try {
			return this.events.addAll(this.source.read(this.limit));
		}
		catch (TermEndedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			// They are read again.
			this.events.clear();
			throw ex;
		}
	}

	/** Notes how long the delivery of all that were read has taken. */
	void adaptLimit(long nanos) {
		if (nanos > LONG_BATCH_NANOS) {
			this.limit = Math.max(1, this.limit / 2);
		}
		else if (nanos < SHORT_BATCH_NANOS) {
			this.limit = Math.min(LARGEST_LIMIT, 2 * this.limit);
		}
	}

	boolean isEmpty() {
		return this.events.isEmpty();
	}

	int size() {
		return this.events.size();
	}

	long bytes() {
		return this.events.stream().mapToLong((event) -> event.length).sum();
	}

	byte[] first() {
		return this.events.element();
	}

	void removeFirst() {
		this.events.remove();
	}

	Iterator<byte[]> iterator() {
		return this.events.iterator();
	}

}
