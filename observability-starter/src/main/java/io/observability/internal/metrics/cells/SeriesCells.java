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
 * Records into the cells of one series, which can be replaced when their segment is lost.
 */
public interface SeriesCells {

	/**
	 * Replaces cells in a lost segment by copies with the numbers that are still in
	 * memory. What other threads add to totals at this moment is there after
	 * {@link #settle}.
	 * @param lost lost segments, and how many bytes of each are still there
	 * @param fresh allocates cells in another segment
	 */
	void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh);

	/**
	 * Takes over what threads have added to cells while, and after, these were replaced.
	 * @return whether threads may add to the former ones even now
	 */
	default boolean settle() {
		return false;
	}

}
