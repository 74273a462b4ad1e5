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

package io.observability.internal.metrics.write;

import java.util.List;

import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;

/**
 * Appends a series and allocates its cells.
 */
@FunctionalInterface
interface CellAppender {

	/**
	 * Appends a series.
	 * @param family the family of the series
	 * @param labelValues in the order of the family's label names
	 * @param alignment a power of two that the offset of the cells is a multiple of
	 * @return the cells, all zeros
	 */
	Cells append(Family family, List<String> labelValues, int alignment);

}
