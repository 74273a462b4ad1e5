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
 * The memory that holds the numbers of a series.
 *
 * @param region the memory of the segment
 * @param offset offset of the first cell
 * @param length length of all cells in bytes, a multiple of 8
 */
public record Cells(Region region, int offset, int length) {

	/**
	 * Instead of the number of bytes that are there in a lost segment: readers go on
	 * seeing its numbers, those of a terminated instance, and new ones begin at zero.
	 */
	public static final int SHOWN_ELSEWHERE = -1;

	/**
	 * Returns these cells, or a copy in another segment if their segment is lost.
	 * @param lost lost segments, and how many bytes of each are still there
	 * @param fresh allocates cells in another segment
	 * @return these cells or the copy
	 */
	Cells relocated(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		Integer intactBytes = lost.get(this.region);
		if (intactBytes == null) {
			return this;
		}
		Cells copy = fresh.get();
		copyTo(copy, intactBytes);
		return copy;
	}

	/** Returns whether all of them are in the first bytes of their segment. */
	boolean isWithin(int bytes) {
		return this.offset + this.length <= bytes;
	}

	/**
	 * Copies the numbers, unless they are lost. Backwards, because the first one tells
	 * readers of a sample that there are others.
	 * @param copy cells of the same length
	 * @param intactBytes how many bytes of the segment are still there
	 */
	void copyTo(Cells copy, int intactBytes) {
		if (isWithin(intactBytes)) {
			for (int at = this.length - Long.BYTES; at >= 0; at -= Long.BYTES) {
				copy.region.putLongRelease(copy.offset + at, this.region.getLongAcquire(this.offset + at));
			}
		}
	}

}
