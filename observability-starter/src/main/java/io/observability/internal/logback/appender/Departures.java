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

package io.observability.internal.logback.appender;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

import ch.qos.logback.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * Appenders that leave the fleet in the background, because their logger context is being
 * reset: what is logged until it is configured again is lost, so the reset does not wait
 * until their queues have been collected. The end of the logger context waits for them.
 */
public final class Departures {

	private static final Map<Context, List<Thread>> RUNNING = new WeakHashMap<>();

	private Departures() {
	}

	static void start(Context context, String appender, Runnable departure) {
		Thread thread = new Thread(departure, "observability-leave-" + appender);
		thread.setDaemon(true);
		synchronized (RUNNING) {
			List<Thread> threads = RUNNING.computeIfAbsent(context, (key) -> new ArrayList<>());
			threads.removeIf((other) -> !other.isAlive());
			threads.add(thread);
			thread.start();
		}
	}

	/**
	 * Waits until the appenders of a logger context have left the fleet, which takes a
	 * bounded time.
	 * @param context the logger context
	 */
	public static void await(@Nullable Context context) {
		for (Thread thread : running(context)) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	private static List<Thread> running(@Nullable Context context) {
		synchronized (RUNNING) {
			List<Thread> threads = RUNNING.get(context);
			return (threads != null) ? List.copyOf(threads) : List.of();
		}
	}

}
