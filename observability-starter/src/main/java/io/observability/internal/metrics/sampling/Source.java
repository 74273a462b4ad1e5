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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Code of the application that is asked for values: a meter that is a function, or a
 * collector. Safe for any thread.
 *
 * <p>
 * Protocol. One thread at a time asks it, without a lock. Another thread that needs its
 * values meanwhile waits until that thread has them.
 */
public abstract class Source {

	private final AtomicReference<@Nullable Ask> inFlight = new AtomicReference<>();

	/** Calls the application's code, then keeps what it has returned. */
	protected abstract void ask();

	/**
	 * Asks it, unless another thread does so now.
	 * @return whether it was asked
	 */
	boolean tryAsk() {
		Ask ask = new Ask(Thread.currentThread(), System.nanoTime(), new CountDownLatch(1));
		if (!this.inFlight.compareAndSet(null, ask)) {
			return false;
		}
		try {
			ask();
		}
		finally {
			this.inFlight.set(null);
			ask.done.countDown();
		}
		return true;
	}

	/**
	 * Waits for a thread that asks it now.
	 * @param limitNanos the time after its beginning when it is no longer waited for
	 * @return whether no thread asks it any more
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean awaitAsk(long limitNanos) throws InterruptedException {
		Ask ask = this.inFlight.get();
		if (ask == null) {
			return true;
		}
		if (ask.thread == Thread.currentThread()) {
			// The application's code samples, while it is asked itself.
			return false;
		}
		return ask.done.await(ask.begin + limitNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	private record Ask(Thread thread, long begin, CountDownLatch done) {
	}

}
