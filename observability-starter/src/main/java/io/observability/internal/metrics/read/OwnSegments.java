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

package io.observability.internal.metrics.read;

import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;

/**
 * The segments of a writer of this process. They are read from its memory, including
 * those that could not be put into files. Safe for any thread.
 */
public interface OwnSegments {

	/**
	 * Returns all segments.
	 * @return their memory, in order
	 */
	List<Region> all();

	/**
	 * Returns the segments that are in no file.
	 * @return their memory, in order
	 */
	List<Region> unshared();

	/**
	 * Adds the number of series that other instances can't see because they are in no
	 * file, if there are any.
	 * @param bySlot number of series by slot
	 */
	void addMissingSeries(Map<Integer, Integer> bySlot);

}
