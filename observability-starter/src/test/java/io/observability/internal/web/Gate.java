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

package io.observability.internal.web;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a request in its handler until the test lets it go on.
 */
class Gate {

	private final CountDownLatch arrived = new CountDownLatch(1);

	private final CountDownLatch dispatched = new CountDownLatch(1);

	private final CountDownLatch open = new CountDownLatch(1);

	/** The handler has been reached. */
	void arrive() {
		this.arrived.countDown();
	}

	/** The container thread has left the request, which may go on without it. */
	void dispatched() {
		this.dispatched.countDown();
	}

	void open() {
		this.open.countDown();
	}

	/** Arrive, and wait until open. */
	void pass() {
		arrive();
		await(this.open);
	}

	/** Arrive, and let another thread wait until open. */
	void whenOpen(Runnable action) {
		arrive();
		new Thread(() -> {
			await(this.open);
			action.run();
		}).start();
	}

	void awaitArrival() {
		await(this.arrived);
	}

	void awaitDispatched() {
		await(this.dispatched);
	}

	private static void await(CountDownLatch latch) {
		try {
			if (!latch.await(20, TimeUnit.SECONDS)) {
				throw new IllegalStateException("nothing happened for 20 s");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
