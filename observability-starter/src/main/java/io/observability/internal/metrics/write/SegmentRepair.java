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

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.SlotFolder;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.segment.Problems;
import io.observability.internal.task.Leadership;

/**
 * Replaces a writer's files that were deleted or truncated.
 *
 * <p>
 * Protocol. The holder of the lock of the {@link WriterSegments} repairs. It also takes
 * the {@link ArchiveTurn}, so that no instance folds the files meanwhile: series in lost
 * files get cells in new files, with the numbers that are still in memory. If the files
 * have been folded already, because the instance's lock file was deleted as well, the
 * series begin at zero in a new sequence, beside what the archive holds. So they do if
 * the instance has moved to another slot: the files in the former one are those of a
 * terminated instance, whose totals count on. Its current values move with it. Each
 * sequence shows by its slot whether it has moved, because several writers share the
 * instance, and only the first one sees it move. A process that is killed in the middle
 * leaves new files without some of the series; what those had recorded is lost with the
 * old files.
 *
 * <p>
 * The log looks for its own deleted files: a queue is replaced as a whole, its unread
 * records are copied, and threads that log wait for it, which no turn of the archive may
 * hold up. The slot's lock and description are repaired by the {@link Instance}, once,
 * for both.
 */
final class SegmentRepair {

	private static final String NOT_REPAIRED = "store can't be repaired, what is recorded may be missing until it can: ";

	private final Instance instance;

	private final WriterSegments segments;

	private final SeriesTable series;

	private final Problems problems;

	private final Leadership candidate;

	private final SlotFolder folder;

	private boolean failing;

	/** Whether threads may add to the former cells of series that were moved. */
	private boolean settling;

	/** Segments whose series have not all been moved, because something was thrown. */
	private final Map<Region, Integer> unfinished = new HashMap<>();

	/**
	 * Creates the repair of a writer.
	 * @param instance the instance
	 * @param segments the writer's segments
	 * @param series the writer's series
	 * @param problems where failures are reported
	 * @param former segments whose series have to be moved into files, and how many bytes
	 * of each are readable
	 */
	SegmentRepair(Instance instance, WriterSegments segments, SeriesTable series, Problems problems,
			Map<Region, Integer> former) {
		this.instance = instance;
		this.segments = segments;
		this.series = series;
		this.problems = problems;
		this.candidate = ArchiveTurn.candidate(instance.store());
		this.folder = new SlotFolder(instance);
		this.unfinished.putAll(former);
	}

	/**
	 * Repairs what needs it, moves series that are within the limit now, and publishes
	 * how many series are in no file.
	 */
	void run() {
		this.folder.beginCheck();
		runIfDue();
	}

	/**
	 * Does the same, but looks at the files only if their folder has changed since they
	 * were found to be intact, or that was a while ago.
	 */
	void runIfDue() {
		try {
			this.series.completeCompaction();
			if (isCheckDue()) {
				check();
			}
			this.series.admitLater();
			this.settling = this.settling && this.series.settle();
			if (this.failing) {
				this.failing = false;
				this.problems.resolve(this.instance.store().path(), NOT_REPAIRED);
			}
		}
		catch (IOException | InternalError ex) {
			this.failing = true;
			this.problems.report(this.instance.store().path(), NOT_REPAIRED, ex);
		}
		this.segments.publishMissingSeries();
	}

	private boolean isCheckDue() {
		return this.folder.mayHaveChanged() || !this.segments.areAllShared();
	}

	private void check() throws IOException {
		this.folder.beginCheck();
		boolean intact = this.unfinished.isEmpty() && this.instance.isIntact() && areIntact();
		if (!intact) {
			repair();
		}
		this.instance.refreshFileTimes();
		if (intact) {
			this.folder.endCheck();
		}
	}

	private boolean areIntact() {
		for (SequenceWriter sequence : this.segments.sequences()) {
			if (!isIntact(sequence)) {
				return false;
			}
		}
		return true;
	}

	private boolean isIntact(SequenceWriter sequence) {
		return sequence.isIn(this.instance.slot()) && sequence.isIntact();
	}

	private void repair() throws IOException {
		this.instance.repair();
		try (ArchiveTurn turn = ArchiveTurn.take(this.candidate, this.instance.store())) {
			if (turn == null) {
				return;
			}
			for (SequenceWriter sequence : this.segments.sequences()) {
				removeLost(sequence);
			}
			moveSeries();
		}
	}

	/**
	 * Moves the series whose segments are no longer used. If it throws, it goes on later.
	 */
	void moveSeries() {
		if (!this.unfinished.isEmpty()) {
			this.settling = true;
			this.series.relocate(this.unfinished);
			this.unfinished.clear();
		}
	}

	/**
	 * Removes the segments whose series have to be moved. They are among the unfinished
	 * ones before, so that whatever is thrown they are not forgotten.
	 */
	private void removeLost(SequenceWriter sequence) throws IOException {
		if (isIntact(sequence)) {
			return;
		}
		boolean folded = ArchiveFile.holds(this.instance.store(), sequence.id());
		if (!folded && sequence.isIn(this.instance.slot())) {
			sequence.removeLost(this.unfinished);
			return;
		}
		boolean taken = !folded && this.segments.current().contains(sequence);
		this.unfinished.putAll(taken ? sequence.readable() : sequence.abandoned());
		this.segments.beginAnew(sequence, this.instance);
		if (taken) {
			sequence.deleteAll();
		}
	}

}
