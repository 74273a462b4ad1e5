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
 * The segments that a writer of this process has in its memory: its own metrics can be
 * read from them without files, also those that are in no file.
 */
public interface OwnSegments {

	/**
	 * Returns all segments.
	 * @return their memory, in order
	 */
	List<Region> segments();

	/**
	 * Returns the segments that no file holds.
	 * @return their memory, in order
	 */
	List<Region> unsharedSegments();

	/**
	 * Adds how many series are in no file, if any.
	 * @param bySlot number of series by slot
	 */
	void addMissing(Map<Integer, Integer> bySlot);

}
