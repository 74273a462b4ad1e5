package io.observability.store;

import io.observability.memory.Region;

/**
 * Where the numbers of a series lie.
 *
 * @param region the memory of its segment
 * @param offset of the first of them
 */
record Cells(Region region, int offset) {
}
