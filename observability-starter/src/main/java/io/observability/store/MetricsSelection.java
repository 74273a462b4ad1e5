package io.observability.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
