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

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long the collector pauses between two looks at the queues: longer, the longer
 * nothing is logged. For one thread.
 *
 * <p>
 * A lone event of a writer is held back for the ordering window anyway, if there are
 * other writers. It is in time if the first look that finds it comes when that is over.
 * So the longest pause is the ordering window and a little more, and a writer need not
 * wake the collector, which would take a system call.
 */
final class LookPauses {

	private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

	/** What the longest pause exceeds the ordering window by. */
	private static final long EXCESS_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

	private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(230);

	/** A pause is this part of the time in which nothing was logged. */
	private static final int PART_OF_QUIET = 4;

	private final long longestNanos;

	private long lastSomething;

	/**
	 * Creates the pauses of a collector that begins now.
	 * @param orderingWindow how long events are held back
	 * @param now the time by {@link System#nanoTime()}, as for the other methods
	 */
	LookPauses(Duration orderingWindow, long now) {
		this.lastSomething = now;
		long longest = Math.min(orderingWindow.toNanos() + EXCESS_NANOS, LONGEST_NANOS);
		this.longestNanos = Math.max(longest, SHORTEST_NANOS);
	}

	/** Returns the pause after a look that has found something. */
	long afterSomething(long now) {
		this.lastSomething = now;
		return SHORTEST_NANOS;
	}

	/** Returns the pause after a look that has found nothing. */
	long afterNothing(long now) {
		long quiet = now - this.lastSomething;
		return Math.max(SHORTEST_NANOS, Math.min(quiet / PART_OF_QUIET, this.longestNanos));
	}

}
