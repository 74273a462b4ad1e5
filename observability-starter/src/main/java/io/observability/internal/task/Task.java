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

package io.observability.internal.task;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.observability.internal.memory.Uninterruptibly;

/**
 * A named piece of background work. Safe for any thread.
 *
 * <p>
 * Protocol. The work runs on the task's thread when its time has come, or at once after
 * {@link #wake()}. A thread that needs the outcome and finds the task's thread busy with
 * another task may run it instead, by {@link #help()}: the work never runs twice at the
 * same time. When the thread is awake, tasks that are due soon run as well, so that it
 * wakes up less often. Whatever the work throws is counted, reported once for each kind,
 * and followed by a pause that becomes longer with each failure in a row; a task that
 * pauses is not woken. A task that is closed does not run any more.
 */
public final class Task {

	private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int MOST_DOUBLINGS = 10;

	/** A task that waits for its thread so long may be run by another one. */
	private static final long OVERDUE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** A pause may be shorter by this part. */
	private static final int PART_OF_PAUSE = 4;

	private final String name;

	private final Work work;

	private final TaskListener listener;

	private final TaskFailures failures;

	private final LongAdder count;

	private final TaskThread thread;

	private final ReportLimit reports = new ReportLimit();

	/** When it is to run, by {@link System#nanoTime()}. */
	private volatile long due;

	/** How much earlier it may run, if its thread is awake anyway. */
	private volatile long slack;

	/** When it was woken, if it has not run since, else 0. */
	private volatile long woken;

	private volatile int failuresInARow;

	/** The work got over a failure in this run. Touched by the work's thread alone. */
	private boolean failureReported;

	private boolean failureShown;

	private boolean running;

	private boolean closed;

	Task(String name, Work work, TaskListener listener, TaskFailures failures, TaskThread thread, long due) {
		this.name = name;
		this.work = work;
		this.listener = listener;
		this.failures = failures;
		this.count = failures.counter(name);
		this.thread = thread;
		this.due = due;
	}

	String name() {
		return this.name;
	}

	/** Lets the work run soon, unless it pauses after a failure. */
	public void wake() {
		if (this.woken == 0) {
			this.woken = System.nanoTime() | 1;
		}
		this.thread.wake();
	}

	/**
	 * Runs the work on the calling thread if the task's own thread should have run it a
	 * while ago and is busy with something else.
	 */
	public void help() {
		if (delay(System.nanoTime()) < -OVERDUE_NANOS) {
			run();
		}
	}

	/**
	 * Counts and reports a failure that the work got over: it does not pause. To be
	 * called by the work.
	 * @param failure what was thrown
	 */
	public void onFailureInWork(Throwable failure) {
		this.failureReported = true;
		report(failure);
	}

	/** Interrupts the work if it runs now. */
	public synchronized void interrupt() {
		if (this.running) {
			this.thread.interrupt();
		}
	}

	/** Nanoseconds until it is to run; not positive if it is to run now. */
	long delay(long now) {
		long untilDue = this.due - now;
		long woken = this.woken;
		return (woken != 0 && this.failuresInARow == 0) ? Math.min(untilDue, woken - now) : untilDue;
	}

	/** Returns whether it is to run if its thread is awake anyway. */
	boolean mayRun(long now) {
		return delay(now) <= this.slack;
	}

	/** Runs the work once. Throws nothing. */
	void run() {
		if (!begin()) {
			return;
		}
		long pause = LONGEST_PAUSE_NANOS;
		try {
			this.woken = 0;
			this.failureReported = false;
			long wanted = this.work.run();
			pause = Math.abs(wanted);
			if (wanted >= 0) {
				onSuccess();
			}
		}
		catch (Throwable ex) {
			pause = onFailure(ex);
		}
		finally {
			this.due = System.nanoTime() + pause;
			this.slack = pause / PART_OF_PAUSE;
			end();
		}
	}

	private void onSuccess() {
		this.failuresInARow = 0;
		if (this.failureShown && !this.failureReported) {
			this.failureShown = false;
			this.failures.clear(this);
			try {
				this.listener.onRecovery(this.name);
			}
			catch (Throwable ex) {
				// The work is done all the same.
			}
		}
	}

	/** Returns how long to pause. */
	private long onFailure(Throwable failure) {
		int doublings = Math.min(this.failuresInARow, MOST_DOUBLINGS);
		this.failuresInARow = doublings + 1;
		report(failure);
		return Math.min(FIRST_PAUSE_NANOS << doublings, LONGEST_PAUSE_NANOS);
	}

	/** Counts first, because the rest needs memory, and code of others. */
	private void report(Throwable failure) {
		this.count.increment();
		this.failureShown = true;
		try {
			this.failures.show(this, failure);
			if (this.reports.admit(failure.getClass()) > 0) {
				notifyListener(failure);
			}
		}
		catch (Throwable ex) {
			// It is counted, and the task goes on.
		}
	}

	private void notifyListener(Throwable failure) {
		boolean reported = false;
		try {
			this.listener.onFailure(this.name, failure);
			reported = true;
		}
		finally {
			if (!reported) {
				this.reports.retract(failure.getClass());
			}
		}
	}

	private synchronized boolean begin() {
		if (this.running || this.closed) {
			return false;
		}
		this.running = true;
		return true;
	}

	private synchronized void end() {
		this.running = false;
		notifyAll();
	}

	/**
	 * Ends the task, and its thread if this was the last task on it. Waits for work that
	 * runs now on another thread.
	 * @param timeoutNanos the longest time to wait
	 * @return whether the work has ended
	 */
	public boolean close(long timeoutNanos) {
		long deadline = System.nanoTime() + timeoutNanos;
		Thread ending = this.thread.remove(this);
		boolean ended = Uninterruptibly.await((nanos) -> awaitEnd(nanos), deadline);
		if (ended && ending != null && ending != Thread.currentThread()) {
			Uninterruptibly.await((nanos) -> awaitEnd(ending, nanos), deadline);
		}
		this.failures.clear(this);
		return ended;
	}

	private synchronized boolean awaitEnd(long nanos) throws InterruptedException {
		this.closed = true;
		if (this.running) {
			TimeUnit.NANOSECONDS.timedWait(this, nanos);
		}
		return !this.running;
	}

	private static boolean awaitEnd(Thread thread, long nanos) throws InterruptedException {
		TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
		return !thread.isAlive();
	}

}
