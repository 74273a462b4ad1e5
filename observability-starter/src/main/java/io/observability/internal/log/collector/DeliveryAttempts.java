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

import java.util.concurrent.TimeUnit;

/**
 * How often an event that a receiver does not take is delivered again before others are
 * tried, and how many of them. For one thread.
 *
 * <p>
 * An event that fails a few times within milliseconds may be the reason itself, or the
 * target may be down. The next event tells: if it is taken, the first one fails alone.
 * Several events in a row may fail alone, so each round tries more of them. A receiver
 * that takes an event which it has refused before is down at times: for a while its
 * events get longer to be taken.
 */
final class DeliveryAttempts {

	/** At once, with short pauses. */
	private static final int QUICK_ATTEMPTS = 3;

	/** In the time that the task's pauses take. */
	private static final int SLOW_ATTEMPTS = 5;

	private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** An attempt that takes longer is not repeated at once. */
	private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long UNSTEADY_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** How many other events the first round tries. */
	private static final int FIRST_OTHERS = 8;

	private static final int OTHERS_GROWTH = 8;

	private static final int MOST_OTHERS = 4096;

	/** How long a round may take. */
	private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private int failures;

	private int others = FIRST_OTHERS;

	private boolean unsteady;

	private long lastRecovery;

	/** Notes that the first event has failed. */
	void onFailure() {
		this.failures++;
	}

	/**
	 * Notes that the first event was taken.
	 * @param now when, by {@link System#nanoTime()}, as for the other methods
	 */
	void onTaken(long now) {
		if (this.failures > 0) {
			this.unsteady = true;
			this.lastRecovery = now;
			onLeftOut();
		}
	}

	/** Notes that the first event was left out. */
	void onLeftOut() {
		this.failures = 0;
		this.others = FIRST_OTHERS;
	}

	private boolean isUnsteady(long now) {
		this.unsteady &= now - this.lastRecovery < UNSTEADY_NANOS;
		return this.unsteady;
	}

	/**
	 * Returns the pause before the first event is tried again.
	 * @param start when it was tried first in this run
	 * @param now the time
	 * @return the pause; 0 if it is not to be tried again now
	 */
	long quickPause(long start, long now) {
		return (this.failures < QUICK_ATTEMPTS && now - start < QUICK_NANOS && !isUnsteady(now))
				? FIRST_PAUSE_NANOS * this.failures : 0;
	}

	/** Returns whether other events are to be tried. */
	boolean mayFailAlone(long now) {
		return this.failures >= (isUnsteady(now) ? SLOW_ATTEMPTS : QUICK_ATTEMPTS);
	}

	/** Returns how many other events are to be tried in this round. */
	int others() {
		return this.others;
	}

	/** Returns whether a round takes too long. */
	boolean isRoundOver(long start, long now) {
		return now - start > ROUND_NANOS;
	}

	/** Notes that none of the other events was taken. */
	void onNoneTaken() {
		this.others = Math.min(this.others * OTHERS_GROWTH, MOST_OTHERS);
	}

}
