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

package io.observability.internal.prometheus;

/**
 * Is notified of metrics that can't be exposed as they should be. Called at each scrape
 * for as long as it is so, by any thread.
 */
@FunctionalInterface
public interface ConflictListener {

	/** Does nothing. */
	ConflictListener NONE = (metric, what, detail) -> {
	};

	/**
	 * A metric can't be exposed as it should be.
	 * @param metric its name
	 * @param what what is wrong, a constant
	 * @param detail names and values
	 */
	void onConflict(String metric, String what, String detail);

}
