package io.observability.store;

import java.util.Map;
import java.util.function.Supplier;

import io.observability.memory.Region;

/**
 * What records into the cells of one series, and can be given other cells when its
 * segment is lost.
 */
interface SeriesCells {

	/**
	 * Moves what lies in a lost segment, with its numbers as far as they are there. What
	 * other threads record in this very moment may stay behind.
	 * @param lost lost segments, and how many bytes of each are still there
	 * @param fresh makes cells in another segment
	 */
	void move(Map<Region, Integer> lost, Supplier<Cells> fresh);

}
