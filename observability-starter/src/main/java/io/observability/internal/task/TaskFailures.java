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

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Failures of this process's tasks: how many there were by name of the task, and which
 * tasks fail now. Safe for any thread.
 */
public final class TaskFailures {

	private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

	private final Map<Task, Throwable> current = new ConcurrentHashMap<>();

	TaskFailures() {
	}

	/** The counter of all tasks with this name. */
	LongAdder counter(String task) {
		return this.counts.computeIfAbsent(task, (name) -> new LongAdder());
	}

	void show(Task task, Throwable failure) {
		this.current.put(task, failure);
	}

	void clear(Task task) {
		this.current.remove(task);
	}

	/**
	 * Returns how often a task has failed since this process was started.
	 * @param task name of the task
	 * @return the number of failures, 0 for a task that never ran
	 */
	public long count(String task) {
		LongAdder count = this.counts.get(task);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Returns the tasks whose last run failed.
	 * @return what they have thrown, by name
	 */
	public Map<String, Throwable> current() {
		Map<String, Throwable> byName = new HashMap<>();
		this.current.forEach((task, failure) -> byName.put(task.name(), failure));
		return byName;
	}

}
