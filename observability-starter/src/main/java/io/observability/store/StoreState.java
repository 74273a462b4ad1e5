package io.observability.store;

import java.util.Map;

/**
 * What the metrics files of a fleet hold.
 *
 * @param seriesBySlot number of series of the living instance in each slot
 * @param archiveGeneration how often the archive was written, 0 if there is none
 * @param archivedSeries number of series in the archive
 */
public record StoreState(Map<Integer, Integer> seriesBySlot, int archiveGeneration, int archivedSeries) {

	public StoreState {
		seriesBySlot = Map.copyOf(seriesBySlot);
	}

}
