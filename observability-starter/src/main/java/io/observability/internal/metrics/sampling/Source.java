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

import org.jspecify.annotations.Nullable;

/**
 * Code of the application that is asked for values: a meter that is a function, or a
 * collector. Safe for any thread.
 *
 * <p>
 * Protocol. One thread at a time asks it, and holds no lock meanwhile: the monitor guards
 * the fields alone. Another thread that needs the values waits until that thread has
 * them.
 */
public abstract class Source {

	/** The thread that asks it now, if any. */
	private @Nullable Thread asking;

	private long begin;

	/** How often it was asked. */
	private long asked;

	/** Calls the application's code, then keeps what it has returned. */
	protected abstract void ask();

	/**
	 * Asks it, unless another thread does so now.
	 * @return whether it was asked
	 */
	boolean tryAsk() {
		if (!begin()) {
			return false;
		}
		try {
			ask();
		}
		finally {
			end();
		}
		return true;
	}

	private synchronized boolean begin() {
		if (this.asking != null) {
			return false;
		}
		this.asking = Thread.currentThread();
		this.begin = System.nanoTime();
		return true;
	}

	private synchronized void end() {
		this.asking = null;
		this.asked++;
		notifyAll();
	}

	/**
	 * Waits for a thread that asks it now.
	 * @param limitNanos the time after its beginning when it is no longer waited for
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void awaitAsk(long limitNanos) throws InterruptedException {
		long before = this.asked;
		// Not if the application's code samples while it is asked itself.
		while (this.asking != null && this.asked == before && this.asking != Thread.currentThread()) {
			long left = this.begin + limitNanos - System.nanoTime();
			if (left <= 0) {
				return;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
	}

}
