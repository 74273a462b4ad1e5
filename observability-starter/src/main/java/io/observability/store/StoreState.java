package io.observability.store;

import java.util.Map;

/**
 * What the metrics files of a fleet hold.
 *
 * @param seriesBySlot number of series of the living instance in each slot
 * @param missingBySlot number of series of that instance that are in no file, because
 * there are too many, or no room; only where there are any
 * @param archiveGeneration how often the archive was written, 0 if there is none
 * @param archivedSeries number of series in the archive
 */
public record StoreState(Map<Integer, Integer> seriesBySlot, Map<Integer, Integer> missingBySlot, int archiveGeneration,
		int archivedSeries) {

	/** Of no files. */
	public static final StoreState NONE = new StoreState(Map.of(), Map.of(), 0, 0);

	public StoreState {
		seriesBySlot = Map.copyOf(seriesBySlot);
		missingBySlot = Map.copyOf(missingBySlot);
	}

}
