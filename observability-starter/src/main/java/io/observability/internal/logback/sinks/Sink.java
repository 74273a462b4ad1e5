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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * An attached appender that receives the events of the whole fleet: a task on a thread of
 * its own, so that a failure or a hang affects no other appender.
 *
 * <p>
 * Protocol. The collector's thread adds events and waits until they have been appended,
 * because events count as collected only then. The wait is limited. A sink that needs
 * longer is late: the collector stops waiting for it until it has caught up. Meanwhile a
 * limited number of events is buffered in memory; further events are dropped and counted.
 * Buffered events are lost if this process dies.
 */
public final class Sink {

	/** Name of the task, under which its failures are counted. */
	static final String TASK = "sink";

	private static final int MAX_WAITING = 1024;

	private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

	/** It is woken for each event. */
	private static final long REST_NANOS = TimeUnit.DAYS.toNanos(1);

	private static final ThreadLocal<Boolean> APPENDING = ThreadLocal.withInitial(() -> false);

	private final Appender<ILoggingEvent> appender;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition appended = this.lock.newCondition();

	private final Queue<ILoggingEvent> waiting = new ArrayDeque<>();

	private boolean busy;

	private boolean late;

	/** How long the collector will still wait for this sink. */
	private long patienceNanos;

	private long dropped;

	private volatile @Nullable Task task;

	Sink(Appender<ILoggingEvent> appender) {
		this.appender = appender;
	}

	/**
	 * Returns whether an event that is logged now comes from a sink, which would get it
	 * again.
	 * @return whether a sink's appender is at work on this thread
	 */
	public static boolean isCurrentThread() {
		return APPENDING.get();
	}

	void start(TaskListener listener) {
		this.task = Supervisor.ofThisProcess()
			.start("observability-log-sink-" + this.appender.getName(), TASK, Duration.ZERO, this::run, listener);
	}

	String name() {
		return this.appender.getName();
	}

	/**
	 * Begins a batch.
	 * @param nanos how long to wait for this sink during the batch. Another sink's delay
	 * does not count.
	 */
	void beginBatch(long nanos) {
		this.lock.lock();
		try {
			this.patienceNanos = nanos;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Adds an event. Waits for room while there is patience, then drops the event. */
	void add(ILoggingEvent event) {
		this.lock.lock();
		try {
			this.late &= !isIdle();
			while (this.waiting.size() >= MAX_WAITING && !this.late) {
				awaitAppended();
			}
			if (this.waiting.size() < MAX_WAITING) {
				this.waiting.add(event);
			}
			else {
				this.dropped++;
			}
		}
		finally {
			this.lock.unlock();
		}
		task().wake();
	}

	/** Waits until everything has been appended, while there is patience. */
	void awaitIdle() {
		this.lock.lock();
		try {
			while (!isIdle() && !this.late) {
				awaitAppended();
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
	private void awaitAppended() {
		try {
			this.patienceNanos = this.appended.awaitNanos(this.patienceNanos);
			this.late = this.patienceNanos <= 0;
		}
		catch (InterruptedException ex) {
			// Only the collector's owner interrupts its thread, to end it.
			this.late = true;
		}
	}

	/** Returns whether events have been dropped, once the sink has caught up. */
	boolean hasDropped() {
		this.lock.lock();
		try {
			return this.dropped > 0 && isIdle();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns and resets the number of dropped events. */
	long takeDropped() {
		this.lock.lock();
		try {
			long dropped = this.dropped;
			this.dropped = 0;
			return dropped;
		}
		finally {
			this.lock.unlock();
		}
	}

	private long run() {
		ILoggingEvent event = next();
		while (event != null) {
			append(event);
			event = next();
		}
		return REST_NANOS;
	}

	private @Nullable ILoggingEvent next() {
		this.lock.lock();
		try {
			ILoggingEvent next = this.waiting.poll();
			this.busy = next != null;
			this.appended.signalAll();
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void append(ILoggingEvent event) {
		APPENDING.set(true);
		try {
			this.appender.doAppend(event);
		}
		catch (Throwable ex) {
			// It is this appender's, and costs this event alone.
			task().onFailureInWork(ex);
		}
		finally {
			APPENDING.set(false);
		}
	}

	/** Ends the task when it has appended what waits, or some seconds later. */
	void stop() {
		beginBatch(STOP_NANOS);
		awaitIdle();
		Task task = task();
		task.interrupt();
		task.close(0);
	}

	private Task task() {
		return Objects.requireNonNull(this.task, "not started");
	}

}
