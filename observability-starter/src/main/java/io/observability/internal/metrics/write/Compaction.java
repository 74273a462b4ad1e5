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

import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.format.MetricsSegmentLayout;

/**
 * Frees the room of released series: moves the series in use of a sequence of current
 * values into one new segment, and deletes all others.
 *
 * <p>
 * Protocol. The holder of the lock of the {@link WriterSegments} compacts. The segment is
 * created as a temporary file, which no reader opens, with a REPLACES record and copies
 * of all series in use. One renaming makes it readable. Then the series are moved one by
 * one: their numbers are copied once more, and from then on new ones are written there
 * only. Then the former files are deleted. Until the renaming, readers see the former
 * numbers; after it, those that find both ignore the former segments because of the
 * REPLACES record; those that listed the former files and find them gone list again. So
 * no reader misses a series in use, or counts one twice.
 *
 * <p>
 * Whatever is thrown before the renaming, or if that fails, nothing has changed: it is
 * tried again later. The sequence counts as half replaced from just before the renaming
 * until its former files are deleted. So what is thrown meanwhile, an
 * {@code OutOfMemoryError} say, leaves some series in the former segments, perhaps
 * without readers, until the next repair: it compacts a half replaced sequence once more,
 * which moves them with all others. Between the renaming and the end of the moves nothing
 * is allocated. A process that is killed before the renaming leaves a temporary file
 * beside the former segments, one that is killed after it leaves the former segments
 * beside the new one; the process that folds the sequence deletes them.
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

	/**
	 * Returns whether at least half of the series have been released, or the last
	 * compaction was not completed.
	 */
	static boolean isDue(SequenceWriter sequence) {
		int released = sequence.releasedCount();
		return sequence.isHalfReplaced() || (released >= MIN_RELEASED && released >= sequence.seriesCount());
	}

	/** Returns whether at least a third of the series have been released. */
	static boolean isDueWhenFull(SequenceWriter sequence) {
		int released = sequence.releasedCount();
		return released >= MIN_RELEASED_WHEN_FULL && 2 * released >= sequence.seriesCount();
	}

	/**
	 * Compacts the sequence, or leaves it as it is if that fails, or has failed a moment
	 * ago. Throws nothing, because the caller may be the application that registers a
	 * meter.
	 */
	static void compact(SequenceWriter sequence, SeriesTable table) {
		if (sequence.isAttemptDue()) {
			complete(sequence, table);
		}
	}

	/** Does the same, even if it has just failed. */
	static void complete(SequenceWriter sequence, SeriesTable table) {
		try {
			replace(sequence, table);
		}
		catch (Throwable ex) {
			report(sequence, ex);
		}
	}

	private static void report(SequenceWriter sequence, Throwable failure) {
		try {
			sequence.onFailedReplacement(failure);
		}
		catch (Throwable ex) {
			// There is no memory for the report either.
		}
	}

	private static void replace(SequenceWriter sequence, SeriesTable table) {
		Map<Region, Integer> former = sequence.readable();
		SegmentWriter replacement = sequence.createReplacement(table.bytesOfCurrent(former.keySet()));
		if (replacement == null) {
			return;
		}
		List<MovedSample> samples = table.current(former.keySet(),
				(family, labelValues) -> replacement.append(family, labelValues, MetricsSegmentLayout.ALIGNMENT));
		copyAll(samples, former, false);
		if (sequence.publishReplacement(replacement)) {
			copyAll(samples, former, true);
			sequence.deleteReplaced();
		}
	}

	private static void copyAll(List<MovedSample> samples, Map<Region, Integer> former, boolean move) {
		for (int i = 0; i < samples.size(); i++) {
			MovedSample sample = samples.get(i);
			try {
				sample.copy(former, move);
			}
			catch (InternalError ex) {
				// A former file was cut off just now: its series go on without their
				// numbers until the next sampling.
				former.remove(sample.from);
				sample.copy(former, move);
			}
		}
	}

	/**
	 * A sample, and the cells that are to replace its own.
	 *
	 * @param sample the sample
	 * @param from its segment
	 * @param to the other cells
	 */
	record MovedSample(Sample sample, Region from, Cells to) {

		private void copy(Map<Region, Integer> readable, boolean move) {
			int intactBytes = readable.getOrDefault(this.from, 0);
			if (move) {
				this.sample.moveTo(this.to, intactBytes);
			}
			else {
				this.sample.copyTo(this.to, intactBytes);
			}
		}

	}

}
