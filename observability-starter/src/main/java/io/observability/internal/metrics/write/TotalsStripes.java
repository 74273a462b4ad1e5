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
import java.util.function.Supplier;

import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.format.TotalsFamily;

/**
 * Creates the stripes of a contended series: further blocks, so that {@link Totals} has a
 * few for each processor. Each stripe is a series record with the same labels, and has
 * cache lines of its own.
 */
final class TotalsStripes implements Supplier<TotalsBlock[]> {

	// Two lines: processors fetch them in pairs.
	private static final int CACHE_LINE_BYTES = 128;

	private static final int MAX_BLOCKS = 32;

	private final TotalsFamily family;

	private final List<String> labelValues;

	private final CellAppender appender;

	/**
	 * Creates the supplier of a series' stripes.
	 * @param family the family of the series
	 * @param labelValues in the order of the family's label names
	 * @param appender appends to where the series is
	 */
	TotalsStripes(TotalsFamily family, List<String> labelValues, CellAppender appender) {
		this.family = family;
		this.labelValues = labelValues;
		this.appender = appender;
	}

	/** Number of blocks of a contended series, a power of two. */
	static int blocks(int processors) {
		return Math.min(MAX_BLOCKS, Integer.highestOneBit(2 * processors - 1) << 2);
	}

	/** Creates all blocks but the first one, which the series has already. */
	@Override
	public TotalsBlock[] get() {
		TotalsBlock[] stripes = new TotalsBlock[blocks(Runtime.getRuntime().availableProcessors()) - 1];
		for (int i = 0; i < stripes.length; i++) {
			stripes[i] = new TotalsBlock(this.appender.append(this.family, this.labelValues, CACHE_LINE_BYTES),
					this.family.buckets());
		}
		return stripes;
	}

}
