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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Exemplar;
import io.observability.internal.metrics.cells.ExemplarSlots;
import io.observability.internal.metrics.format.ExemplarsFamily;
import io.observability.internal.metrics.format.ExemplarsLayout;
import org.jspecify.annotations.Nullable;

/**
 * The newest exemplar of each bucket, of all instances, living or terminated.
 */
public final class MergedExemplars extends MergedSeries {

	private final @Nullable Exemplar[] newest;

	MergedExemplars(ExemplarsFamily family, List<String> labelValues, @Nullable String instance) {
		super(labelValues, instance);
		this.newest = new Exemplar[family.slots()];
	}

	@Override
	public void clear() {
		Arrays.fill(this.newest, null);
	}

	@Override
	public void add(ByteBuffer cells, int position, boolean live) {
		for (int slot = 0; slot < this.newest.length; slot++) {
			int at = ExemplarsLayout.slotOffset(position, slot);
			Exemplar newest = this.newest[slot];
			if (Exemplar.timeOf(cells, at) > ((newest != null) ? newest.timeMillis() : 0)) {
				Exemplar exemplar = Exemplar.decode(cells, at);
				this.newest[slot] = (exemplar != null) ? exemplar : newest;
			}
		}
	}

	@Override
	public void write(int block, Region region, int offset) {
		ExemplarSlots slots = new ExemplarSlots(
				new Cells(region, offset, ExemplarsLayout.slotOffset(0, this.newest.length)));
		for (int slot = 0; slot < this.newest.length; slot++) {
			Exemplar exemplar = this.newest[slot];
			if (exemplar != null) {
				slots.set(slot, exemplar);
			}
		}
	}

	@Override
	public boolean isPresent() {
		return !exemplars().isEmpty();
	}

	/**
	 * Returns the exemplars.
	 * @return a new list, in the order of the buckets; empty if there are none
	 */
	public List<Exemplar> exemplars() {
		List<Exemplar> exemplars = new ArrayList<>(this.newest.length);
		for (Exemplar exemplar : this.newest) {
			if (exemplar != null) {
				exemplars.add(exemplar);
			}
		}
		return exemplars;
	}

}
