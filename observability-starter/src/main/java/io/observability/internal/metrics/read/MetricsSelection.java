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
 * Some metrics, and which of the series in the files are theirs, which is worked out once
 * per file. Used with one source only, which takes care that one thread at a time does.
 */
public final class MetricsSelection {

	private final Set<String> names;

	private final Merger all;

	private final Map<Integer, Merger> bySlot = new HashMap<>();

	/**
	 * Selects metrics by name.
	 * @param names of the families, see {@link Family#name()}
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

	/** Merges the selected metrics, and does not look at the numbers of others. */
	SelectedMetrics merge(List<MetricsPart> parts, StoreState state) {
		Map<Integer, List<MetricsPart>> living = new HashMap<>();
		for (MetricsPart part : parts) {
			Integer slot = part.slot();
			if (part.live() && slot != null) {
				living.computeIfAbsent(slot, (key) -> new ArrayList<>()).add(part);
			}
		}
		this.bySlot.keySet().retainAll(living.keySet());
		Map<Integer, Collection<MergedFamily>> bySlot = new HashMap<>();
		living
			.forEach((slot, own) -> bySlot.put(slot, this.bySlot.computeIfAbsent(slot, (key) -> merger()).merge(own)));
		return new SelectedMetrics(this.all.merge(parts), bySlot, state);
	}

	/** Takes the selected metrics from what has been merged already. */
	SelectedMetrics from(Collection<MergedFamily> all) {
		return new SelectedMetrics(all.stream().filter((family) -> isSelected(family.family())).toList(), Map.of(),
				StoreState.NONE);
	}

}
