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
import io.observability.internal.metrics.format.ExemplarsLayout;

/**
 * The exemplars of a series, one for each of its buckets.
 *
 * <p>
 * Protocol. One thread at a time overwrites a slot. Readers check the checksum: if it
 * does not match, because the slot is being written or its writer was killed, the slot
 * holds no exemplar until the next one is written.
 */
public final class ExemplarSlots implements SeriesCells {

	private volatile Cells cells;

	public ExemplarSlots(Cells cells) {
		this.cells = cells;
	}

	/**
	 * Replaces an exemplar, unless the ids of the new one are too long.
	 * @param slot index of the bucket, 0 if there are no buckets
	 * @param exemplar the new exemplar
	 */
	public void set(int slot, Exemplar exemplar) {
		byte[] bytes = exemplar.encode();
		if (bytes != null) {
			Cells cells = this.cells;
			cells.region().putBytes(ExemplarsLayout.slotOffset(cells.offset(), slot), bytes);
		}
	}

	@Override
	public void relocate(Map<Region, Integer> lost, Supplier<Cells> fresh) {
		this.cells = this.cells.relocated(lost, fresh);
	}

}
