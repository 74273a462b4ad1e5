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

package io.observability.internal.metrics.sampling;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Code of the application that is asked for values: a meter that is a function, or a
 * collector. Safe for any thread.
 *
 * <p>
 * Protocol. One thread at a time asks it: the one that has raised {@link #asking}. It
 * holds no lock meanwhile. Another thread that needs the values counts itself among those
 * waiting, then looks whether the source is still being asked, and waits. The asking
 * thread looks whether others wait after it has lowered {@link #asking}.
 */
public abstract class Source {

	private static final AtomicIntegerFieldUpdater<Source> ASKING = AtomicIntegerFieldUpdater.newUpdater(Source.class,
			"asking");

	/** 1 while a thread asks it. A number, because storing a reference costs more. */
	private volatile int asking;

	/** How often it was asked. Ordered by {@link #asking}, which is read before it. */
	private long asked;

	private volatile int waiting;

	/** When a thread began to wait for the ask of this number. Guarded by the monitor. */
	private long waitingSince;

	private long waitingFor = -1;

	/** Calls the application's code, then keeps what it has returned. */
	protected abstract void ask();

	/**
	 * Asks it, unless another thread does so now.
	 * @return whether it was asked
	 */
	boolean tryAsk() {
		if (!ASKING.compareAndSet(this, 0, 1)) {
			return false;
		}
		try {
			ask();
		}
		finally {
			this.asked++;
			this.asking = 0;
			if (this.waiting > 0) {
				wakeUp();
			}
		}
		return true;
	}

	private synchronized void wakeUp() {
		notifyAll();
	}

	/**
	 * Waits for a thread that asks it now.
	 * @param limitNanos how long a thread may be waited for, by all other threads
	 * together
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void awaitAsk(long limitNanos) throws InterruptedException {
		if (this.asking == 0) {
			return;
		}
		long current = this.asked;
		if (this.waitingFor != current) {
			this.waitingFor = current;
			this.waitingSince = System.nanoTime();
		}
		long deadline = this.waitingSince + limitNanos;
		this.waiting++;
		try {
			long left = deadline - System.nanoTime();
			while (left > 0 && this.asking != 0 && this.asked == current) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
				left = deadline - System.nanoTime();
			}
		}
		finally {
			this.waiting--;
		}
	}

}
