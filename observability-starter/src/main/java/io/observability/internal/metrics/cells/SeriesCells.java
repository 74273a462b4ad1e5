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

package io.observability.internal.metrics.cells;

import java.util.Map;
import java.util.function.Supplier;

import io.observability.internal.memory.Region;

/**
 * What records into the cells of one series, and can be given other cells when its
 * segment is lost.
 */
public interface SeriesCells {

	/**
	 * Moves what lies in a lost segment, with its numbers as far as they are there. What
	 * other threads record in this very moment may stay behind.
	 * @param lost lost segments, and how many bytes of each are still there
	 * @param fresh makes cells in another segment
	 */
	void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh);

}
