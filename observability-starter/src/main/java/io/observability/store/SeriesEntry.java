package io.observability.store;

import java.util.List;

/**
 * A series as one segment tells of it.
 *
 * @param family what it has in common with others
 * @param labelValues in the order of the family's label names; in an archive, with the
 * instance's name behind them where the family keeps instances apart
 * @param createdMillis when it began, since the epoch
 * @param endedMillis in an archive, when the last instance that had it was found ended,
 * since the epoch; else 0
 * @param cells offset of its numbers in the segment
 */
record SeriesEntry(Family family, List<String> labelValues, long createdMillis, long endedMillis, int cells) {
}
