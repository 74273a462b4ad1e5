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

package io.observability.internal.metrics.write;

import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.format.MetricsSegmentLayout;

/**
 * Frees the room of released series: moves the series in use of a sequence of current
 * values into one new segment, and deletes all others.
 *
 * <p>
 * Protocol. The holder of the lock of the {@link WriterSegments} compacts. The segment is
 * created as a temporary file, which no reader opens, with a REPLACES record. One by one
 * the series are moved: their numbers are copied, and from then on new ones are written
 * there only. Then one renaming makes the segment readable, and the former files are
 * deleted. Until the renaming, readers see the former numbers; after it, those that find
 * both ignore the former segments because of the REPLACES record; those that listed the
 * former files and find them gone list again. So no reader misses a series in use, or
 * counts one twice. A process that is killed before the renaming leaves a temporary file
 * beside the former segments, one that is killed after it leaves the former segments
 * beside the new one; whoever folds the sequence deletes them.
 *
 * <p>
 * Totals are never moved like this, because threads add to them at any moment. They have
 * a sequence of their own.
 */
final class Compaction {

	/** Fewer released series do no harm. */
	private static final int MIN_RELEASED = 1000;

	/** Fewer are not worth a new file instead of a further one. */
	private static final int MIN_RELEASED_WHEN_FULL = 128;

	private Compaction() {
	}

	/** Returns whether at least half of the series have been released. */
	static boolean isDue(SequenceWriter sequence) {
		int released = sequence.releasedCount();
		return released >= MIN_RELEASED && released >= sequence.seriesCount();
	}

	/** Returns whether at least a third of the series have been released. */
	static boolean isDueWhenFull(SequenceWriter sequence) {
		int released = sequence.releasedCount();
		return released >= MIN_RELEASED_WHEN_FULL && 2 * released >= sequence.seriesCount();
	}

	/** Compacts the sequence, or leaves it as it is if no file can be created. */
	static void compact(SequenceWriter sequence, SeriesTable table) {
		Map<Region, Integer> former = sequence.readable();
		SegmentWriter replacement = sequence.createReplacement(table.bytesOfCurrent(former.keySet()));
		if (replacement != null) {
			try {
				move(table, former, replacement);
			}
			catch (InternalError ex) {
				// A former file was cut off just now: what is left goes on without its
				// numbers until the next sampling.
				former.replaceAll((region, readable) -> 0);
				move(table, former, replacement);
			}
			sequence.replaceAll(replacement);
		}
	}

	private static void move(SeriesTable table, Map<Region, Integer> former, SegmentWriter replacement) {
		table.relocateCurrent(former,
				(family, labelValues) -> replacement.append(family, labelValues, MetricsSegmentLayout.ALIGNMENT));
	}

}
