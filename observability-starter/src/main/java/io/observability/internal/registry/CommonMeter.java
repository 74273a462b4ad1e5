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

package io.observability.internal.registry;

/**
 * A meter of which other registries of this process may have the source as well. One of
 * them exposes it.
 */
interface CommonMeter {

	/**
	 * Exposes the meter from now on.
	 * @param reported what the source has reported to the registry that exposed it before
	 * @param former has that registry's meter {@linkplain #leave() leave}, if there is
	 * one; to be run so that nothing is counted twice or missing
	 */
	void expose(double[][] reported, Runnable former);

	/**
	 * Stops reporting totals that are asked for: another meter counts on.
	 * @return what the source has reported for each series; empty if it is no such total
	 */
	double[][] handOver();

	/** Another meter has taken over what this one exposed apart from such totals. */
	void leave();

}
