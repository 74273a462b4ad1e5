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
 * What a task does each time that it runs.
 */
@FunctionalInterface
public interface Work {

	/**
	 * Does what is due now. Never runs twice at the same time.
	 * @return nanoseconds until it is to run again, unless the task is woken before. As a
	 * negative number if nothing was tried, so that an earlier failure is not over
	 * @throws Exception if it fails; it runs again after a pause
	 */
	long run() throws Exception;

}
