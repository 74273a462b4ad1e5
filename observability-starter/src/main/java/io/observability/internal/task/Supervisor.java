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

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs all background work of this process. There are two threads, so that repairing and
 * folding metrics files never holds up the log; each is there while it has tasks. An
 * appender that is attached to the merged log gets a thread of its own, because it may
 * hang. Safe for any thread.
 */
public final class Supervisor {

	/** Name of the thread that serves the log. */
	public static final String LOG = "observability-log";

	/** Name of the thread that serves the metrics. */
	public static final String METRICS = "observability-metrics";

	private static final Supervisor OF_THIS_PROCESS = new Supervisor();

	private final Map<String, TaskThread> threads = new ConcurrentHashMap<>();

	private final TaskFailures failures = new TaskFailures();

	private Supervisor() {
	}

	/**
	 * Returns the only supervisor.
	 * @return the supervisor
	 */
	public static Supervisor ofThisProcess() {
		return OF_THIS_PROCESS;
	}

	/**
	 * Starts a task.
	 * @param thread name of the thread that runs it
	 * @param name of the task, under which its failures are counted
	 * @param delay until it runs first
	 * @param work what it does
	 * @param listener reports its failures
	 * @return the task, to be closed
	 */
	public Task start(String thread, String name, Duration delay, Work work, TaskListener listener) {
		TaskThread runner = this.threads.computeIfAbsent(thread, TaskThread::new);
		Task task = new Task(name, work, listener, this.failures, runner, System.nanoTime() + delay.toNanos());
		runner.add(task);
		return task;
	}

	/**
	 * Returns the failures of all tasks.
	 * @return the failures, live
	 */
	public TaskFailures failures() {
		return this.failures;
	}

}
