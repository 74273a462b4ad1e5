package io.observability.store;

import java.util.Collection;
import java.util.Map;

/**
 * The numbers of some metrics.
 *
 * @param all of the whole fleet, ended instances included
 * @param bySlot of each living instance for itself, by its slot's number
 * @param state of the files that they were read from
 */
public record SelectedMetrics(Collection<MergedFamily> all, Map<Integer, Collection<MergedFamily>> bySlot,
		StoreState state) {
}
