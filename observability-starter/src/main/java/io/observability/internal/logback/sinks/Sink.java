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

package io.observability.internal.logback.sinks;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import org.jspecify.annotations.Nullable;

/**
 * An attached appender that receives the events of the whole fleet. It has a thread of
 * its own, so that a failure or a hang affects no other appender.
 *
 * <p>
 * Protocol. The collector's thread adds events and waits until they have been appended,
 * because events count as collected only then. The wait is limited. A sink that needs
 * longer is late: the collector stops waiting for it until it has caught up. Meanwhile a
 * limited number of events is buffered in memory; further events are dropped and counted.
 * Buffered events are lost if this process dies.
 */
public final class Sink implements Runnable {

	private static final int MAX_WAITING = 1024;

	private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final Appender<ILoggingEvent> appender;

	private final Thread thread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition added = this.lock.newCondition();

	private final Condition appended = this.lock.newCondition();

	private final Queue<ILoggingEvent> waiting = new ArrayDeque<>();

	private boolean busy;

	private boolean late;

	private boolean stopping;

	private long dropped;

	private @Nullable Throwable failure;

	Sink(Appender<ILoggingEvent> appender) {
		this.appender = appender;
		this.thread = new SinkThread(this, "observability-log-sink-" + appender.getName());
		this.thread.setDaemon(true);
	}

	/** Returns whether the caller is an attached appender, whose events would loop. */
	public static boolean isCurrentThread() {
		return Thread.currentThread() instanceof SinkThread;
	}

	void start() {
		this.thread.start();
	}

	String name() {
		return this.appender.getName();
	}

	/** Adds an event. Waits for room until the deadline, then drops the event. */
	void add(ILoggingEvent event, long deadline) {
		this.lock.lock();
		try {
			this.late &= !isIdle();
			while (this.waiting.size() >= MAX_WAITING && !this.late) {
				awaitAppended(deadline);
			}
			if (this.waiting.size() < MAX_WAITING) {
				this.waiting.add(event);
				this.added.signal();
			}
			else {
				this.dropped++;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits until everything has been appended, or the deadline. */
	void awaitIdle(long deadline) {
		this.lock.lock();
		try {
			while (!isIdle() && !this.late) {
				awaitAppended(deadline);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isIdle() {
		return this.waiting.isEmpty() && !this.busy;
	}

	@SuppressWarnings("WaitNotInLoop") // the callers loop
	private void awaitAppended(long deadline) {
		try {
			this.late = this.appended.awaitNanos(deadline - System.nanoTime()) <= 0;
		}
		catch (InterruptedException ex) {
			// Only the collector's owner interrupts its thread, to end it.
			this.late = true;
		}
	}

	/** Returns and resets the number of dropped events, once the sink has caught up. */
	long takeDropped() {
		this.lock.lock();
		try {
			long dropped = isIdle() ? this.dropped : 0;
			this.dropped -= dropped;
			return dropped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns and clears the last failure of the appender. */
	@Nullable Throwable takeFailure() {
		this.lock.lock();
		try {
			Throwable failure = this.failure;
			this.failure = null;
			return failure;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void run() {
		ILoggingEvent event = next();
		while (event != null) {
			append(event);
			event = next();
		}
	}

	private @Nullable ILoggingEvent next() {
		this.lock.lock();
		try {
			this.busy = false;
			this.appended.signalAll();
			while (this.waiting.isEmpty()) {
				if (this.stopping) {
					return null;
				}
				this.added.awaitUninterruptibly();
			}
			this.busy = true;
			return this.waiting.remove();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void append(ILoggingEvent event) {
		try {
			this.appender.doAppend(event);
		}
		catch (Throwable ex) {
			// No failure of the appender may end the thread.
			this.lock.lock();
			try {
				this.failure = ex;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/** Ends the thread once the buffered events are appended, or after a time limit. */
	void stop() {
		this.lock.lock();
		try {
			this.stopping = true;
			this.added.signal();
		}
		finally {
			this.lock.unlock();
		}
		awaitIdle(System.nanoTime() + STOP_NANOS);
		this.thread.interrupt();
	}

	private static final class SinkThread extends Thread {

		SinkThread(Runnable work, String name) {
			super(work, name);
		}

	}

}
