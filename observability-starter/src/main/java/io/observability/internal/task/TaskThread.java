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
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A thread that runs tasks, one at a time, the one that has waited longest first. It is
 * started for the first task and ends after the last.
 *
 * <p>
 * No throwable ends it: a task catches what its work throws, and the thread catches what
 * is left. The loop allocates nothing, so that it goes on without memory.
 */
final class TaskThread implements Runnable {

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final Task[] NONE = {};

	private final String name;

	private volatile Task[] tasks = NONE;

	private volatile @Nullable Thread thread;

	/** Whether a task has run since the thread slept. Touched by the thread alone. */
	private boolean awake;

	TaskThread(String name) {
		this.name = name;
	}

	synchronized void add(Task task) {
		Task[] more = new Task[this.tasks.length + 1];
		System.arraycopy(this.tasks, 0, more, 0, this.tasks.length);
		more[this.tasks.length] = task;
		this.tasks = more;
		wake();
	}

	/**
	 * Removes a task.
	 * @return the thread, if it ends now because this was the last task
	 */
	synchronized @Nullable Thread remove(Task task) {
		Task[] fewer = new Task[this.tasks.length];
		int count = 0;
		for (Task each : this.tasks) {
			if (each != task) {
				fewer[count++] = each;
			}
		}
		Task[] left = new Task[count];
		System.arraycopy(fewer, 0, left, 0, count);
		this.tasks = left;
		wake();
		return (count == 0) ? this.thread : null;
	}

	/** Starts the thread if there is none. */
	void wake() {
		Thread thread = this.thread;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
		else {
			start();
		}
	}

	private synchronized void start() {
		if (this.thread == null && this.tasks.length > 0) {
			try {
				Thread thread = new Thread(this, this.name);
				thread.setDaemon(true);
				thread.start();
				this.thread = thread;
			}
			catch (OutOfMemoryError ex) {
				// No thread can be had now: the next task that is added or woken tries.
			}
		}
	}

	void interrupt() {
		Thread thread = this.thread;
		if (thread != null) {
			thread.interrupt();
		}
	}

	@Override
	public void run() {
		boolean more = true;
		while (more) {
			try {
				more = runNext() || !end();
			}
			catch (Throwable ex) {
				LockSupport.parkNanos(this, PAUSE_NANOS);
			}
		}
	}

	/** Returns whether there are tasks. */
	private boolean runNext() {
		Task next = null;
		long shortest = Long.MAX_VALUE;
		long now = System.nanoTime();
		for (Task task : this.tasks) {
			long delay = task.delay(now);
			if (delay < shortest) {
				shortest = delay;
				next = task;
			}
		}
		if (next == null) {
			return false;
		}
		Task runnable = next;
		if (shortest > 0) {
			runnable = this.awake ? firstThatMayRun(now) : null;
		}
		this.awake = runnable != null;
		if (runnable != null) {
			runnable.run();
		}
		else {
			LockSupport.parkNanos(this, shortest);
			Thread.interrupted();
		}
		return true;
	}

	private @Nullable Task firstThatMayRun(long now) {
		for (Task task : this.tasks) {
			if (task.mayRun(now)) {
				return task;
			}
		}
		return null;
	}

	private synchronized boolean end() {
		if (this.tasks.length > 0) {
			return false;
		}
		this.thread = null;
		return true;
	}

}
