package io.observability.store;

import java.io.IOException;

import io.observability.memory.Region;

/**
 * Makes the memory of a chain's segments.
 */
@FunctionalInterface
interface SegmentFactory {

	/**
	 * Makes a segment.
	 * @param index place in the chain
	 * @param size in bytes
	 * @return zeroed memory
	 * @throws IOException if there is no room for it
	 */
	Region create(int index, int size) throws IOException;

}
