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

/**
 * Reports how a task is doing. Called on the task's thread; what it throws is ignored.
 */
public interface TaskListener {

	/**
	 * The task has failed, and will run again after a pause. Called once for each kind of
	 * failure, not for each failure.
	 * @param task name of the task
	 * @param cause what it has thrown
	 */
	void onFailure(String task, Throwable cause);

	/**
	 * The task works again after a failure.
	 * @param task name of the task
	 */
	default void onRecovery(String task) {
	}

}
