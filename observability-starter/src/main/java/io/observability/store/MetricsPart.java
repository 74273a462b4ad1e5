package io.observability.store;

import org.jspecify.annotations.Nullable;

/**
 * A segment as read for a collection.
 *
 * @param segment its series and numbers
 * @param live whether its instance is alive
 * @param slot the instance's slot, or null if it is in no slot's files
 */
record MetricsPart(SegmentReader segment, boolean live, @Nullable Integer slot) {
}
