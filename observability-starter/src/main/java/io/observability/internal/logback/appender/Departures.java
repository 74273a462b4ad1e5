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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * Appenders that were stopped by a reset of their logger context, and leave the fleet in
 * the background.
 *
 * <p>
 * Protocol. An appender that a reset stops keeps its queues open. What is logged while
 * the context is configured again can be put into them, see {@link HandOver}, and an
 * appender that is started then for the same destination goes on with the queue, so that
 * it neither opens files nor waits. When the context has been configured, after some
 * seconds at the latest, the former appender closes the queues that no other has taken,
 * and waits until they are collected. The end of the logger context waits for that. A
 * process that is killed meanwhile leaves queues as any other. An asynchronous appender
 * that was replaced is stopped after a while; if a reset or the end of the context comes
 * before that, it is stopped first, so that the events that it holds find the appender.
 */
public final class Departures {

	private static final long MAX_CONFIGURATION_MILLIS = TimeUnit.SECONDS.toMillis(5);

	/** For threads that have found an appender before it was replaced. */
	private static final long STRAGGLERS_MILLIS = 1000;

	private static final Map<Context, List<Departure>> RUNNING = new WeakHashMap<>();

	private Departures() {
	}

	/**
	 * Lets an appender leave once the logger context has been configured.
	 * @param context the logger context
	 * @param appender name of the appender
	 * @param outputs of the appender, which others may resume until then
	 * @param leave closes them
	 */
	static void start(Context context, String appender, List<FleetOutput> outputs, Runnable leave) {
		start(context, new Departure("observability-leave-" + appender, outputs, MAX_CONFIGURATION_MILLIS, leave));
	}

	/**
	 * Stops an appender that was replaced, once threads that still append to it have done
	 * so.
	 * @param context the logger context
	 * @param replaced the appender
	 */
	public static void stopLater(Context context, Appender<ILoggingEvent> replaced) {
		start(context, new Departure("observability-stop-" + replaced.getName(), List.of(), STRAGGLERS_MILLIS,
				replaced::stop));
	}

	private static void start(Context context, Departure departure) {
		synchronized (RUNNING) {
			List<Departure> departures = RUNNING.computeIfAbsent(context, (key) -> new ArrayList<>());
			departures.removeIf((other) -> !other.isAlive());
			departures.add(departure);
			departure.start();
		}
	}

	/**
	 * Goes on with an output.
	 * @param context the logger context
	 * @param settings of the appender
	 * @param destination of the output
	 * @param dropWarning reports dropped events
	 * @return the output that takes the place of the former, or null if there is none
	 */
	static @Nullable FleetOutput resume(Context context, AppenderSettings settings, Destination destination,
			DropWarning dropWarning) {
		String name = destination.name();
		synchronized (RUNNING) {
			for (FleetOutput output : waiting(context)) {
				if (output.isResumable(settings, name)) {
					return output.resume(settings, destination, dropWarning);
				}
			}
			return null;
		}
	}

	/**
	 * Finds the output that a destination had until the logger context was reset.
	 * @param context the logger context
	 * @param destination name of the destination
	 * @return the output, or null if there is none
	 */
	static @Nullable FleetOutput former(Context context, String destination) {
		synchronized (RUNNING) {
			return waiting(context).stream().filter((output) -> output.isFor(destination)).findFirst().orElse(null);
		}
	}

	private static List<FleetOutput> waiting(Context context) {
		return RUNNING.getOrDefault(context, List.of())
			.stream()
			.filter(Departure::isWaiting)
			.flatMap((departure) -> departure.outputs.stream())
			.toList();
	}

	/**
	 * Lets the appenders of a logger context leave: it has been configured.
	 * @param context the logger context
	 */
	public static void release(@Nullable Context context) {
		for (Departure departure : running(context)) {
			if (!departure.outputs.isEmpty()) {
				departure.released.countDown();
			}
		}
	}

	/**
	 * Lets the appenders of a logger context leave, and waits until they have, which
	 * takes a bounded time.
	 * @param context the logger context
	 */
	public static void await(@Nullable Context context) {
		await(running(context));
	}

	/**
	 * Stops the appenders that were replaced, before the appender is stopped that they
	 * pass their events to.
	 * @param context the logger context
	 */
	static void awaitReplaced(@Nullable Context context) {
		await(running(context).stream().filter((departure) -> departure.outputs.isEmpty()).toList());
	}

	private static void await(List<Departure> departures) {
		try {
			for (Departure departure : departures) {
				departure.released.countDown();
				if (departure != Thread.currentThread()) {
					departure.join();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static List<Departure> running(@Nullable Context context) {
		synchronized (RUNNING) {
			List<Departure> departures = RUNNING.get(context);
			return (departures != null) ? List.copyOf(departures) : List.of();
		}
	}

	/** Waits, then leaves. */
	private static final class Departure extends Thread {

		private final List<FleetOutput> outputs;

		private final Runnable leave;

		private final long waitMillis;

		private final CountDownLatch released = new CountDownLatch(1);

		private boolean leaving;

		Departure(String name, List<FleetOutput> outputs, long waitMillis, Runnable leave) {
			super(name);
			setDaemon(true);
			this.outputs = outputs;
			this.waitMillis = waitMillis;
			this.leave = leave;
		}

		/** Under the lock. */
		private boolean isWaiting() {
			return !this.leaving;
		}

		@Override
		public void run() {
			try {
				awaitRelease();
			}
			catch (InterruptedException ex) {
				// Leaves now.
			}
			synchronized (RUNNING) {
				this.leaving = true;
			}
			this.leave.run();
		}

		/** The application may configure the context in its own way: no release then. */
		private void awaitRelease() throws InterruptedException {
			long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.waitMillis);
			while (this.released.getCount() > 0 && System.nanoTime() < deadline) {
				this.released.await(this.waitMillis, TimeUnit.MILLISECONDS);
			}
		}

	}

}
