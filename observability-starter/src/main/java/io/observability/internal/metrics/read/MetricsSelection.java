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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observability.internal.metrics.format.Family;

/**
 * A selection of metrics by name. It remembers which series of each file belong to them,
 * so it must be used with one source only, which lets in one thread at a time.
 */
public final class MetricsSelection {

	private final Set<String> names;

	private final Merger all;

	private final Map<Integer, Merger> bySlot = new HashMap<>();

	/**
	 * Selects metrics by name.
	 * @param names names of the families, see {@link Family#name()}
	 */
	public MetricsSelection(Set<String> names) {
		this.names = Set.copyOf(names);
		this.all = merger();
	}

	private Merger merger() {
		return new Merger(this::isSelected);
	}

	private boolean isSelected(Family family) {
		return this.names.contains(family.name());
	}

	/** Merges the selected metrics, without reading the numbers of others. */
	SelectedMetrics merge(List<CollectedSegment> segments, StoreState state) {
		Map<Integer, List<CollectedSegment>> living = new HashMap<>();
		for (CollectedSegment segment : segments) {
			Integer slot = segment.slot();
			if (segment.live() && slot != null) {
				living.computeIfAbsent(slot, (key) -> new ArrayList<>()).add(segment);
			}
		}
		this.bySlot.keySet().retainAll(living.keySet());
		Map<Integer, Collection<MergedFamily>> bySlot = new HashMap<>();
		living
			.forEach((slot, own) -> bySlot.put(slot, this.bySlot.computeIfAbsent(slot, (key) -> merger()).merge(own)));
		return new SelectedMetrics(this.all.merge(segments), bySlot, state);
	}

	/** Returns the selected ones of families that are merged already. */
	SelectedMetrics from(Collection<MergedFamily> all) {
		return new SelectedMetrics(all.stream().filter((family) -> isSelected(family.family())).toList(), Map.of(),
				StoreState.NONE);
	}

}
