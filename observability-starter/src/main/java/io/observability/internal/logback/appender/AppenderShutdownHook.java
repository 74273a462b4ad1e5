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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops an appender when the JVM shuts down, if neither Boot nor the application does.
 *
 * <p>
 * Protocol. The JVM starts all shutdown hooks at once. Boot's closes the application
 * contexts, which log, and then usually stops the logger context. So this one looks for a
 * moment whether Boot's runs, waits for its end, and stops the appender only if that is
 * still started. What is logged later opens the appender again, see
 * {@link FleetAppender}.
 */
final class AppenderShutdownHook {

	private static final String SPRING_HOOK = "SpringApplicationShutdownHook";

	/** For the JVM to start Boot's hook too. */
	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long MAX_STOP_MILLIS = TimeUnit.SECONDS.toMillis(30);

	private final FleetAppender appender;

	private final Thread thread;

	private AppenderShutdownHook(FleetAppender appender) {
		this.appender = appender;
		this.thread = new Thread(this::run, "observability-shutdown-" + appender.getName());
	}

	static AppenderShutdownHook register(FleetAppender appender) {
		AppenderShutdownHook hook = new AppenderShutdownHook(appender);
		try {
			Runtime.getRuntime().addShutdownHook(hook.thread);
		}
		catch (IllegalStateException ex) {
			// The JVM is shutting down: the next start writes what is left.
		}
		return hook;
	}

	void remove() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.thread);
		}
		catch (IllegalStateException ex) {
			// The JVM is shutting down.
		}
	}

	private void run() {
		try {
			long deadline = System.nanoTime() + LOOK_NANOS;
			while (this.appender.isStarted() && System.nanoTime() < deadline) {
				awaitSpring();
				LockSupport.parkNanos(TICK_NANOS);
			}
			Thread stopping = new Thread(this.appender::stopAtShutdown, this.thread.getName() + "-stop");
			stopping.setDaemon(true);
			stopping.start();
			stopping.join(MAX_STOP_MILLIS);
		}
		catch (InterruptedException ex) {
			// The next start writes what is left.
		}
	}

	private static void awaitSpring() throws InterruptedException {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().equals(SPRING_HOOK)) {
				thread.join();
			}
		}
	}

}
