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

import io.observability.internal.instance.Instance;
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
 * series begin at zero in a new sequence, beside what the archive holds. A process that
 * is killed in the middle leaves new files without some of the series; what those had
 * recorded is lost with the old files.
 */
final class SegmentRepair {

	private static final String NOT_REPAIRED = "store can't be repaired, what is recorded may be missing until it can: ";

	private final Instance instance;

	private final WriterSegments segments;

	private final SeriesTable series;

	private final Problems problems;

	private final Leadership candidate;

	SegmentRepair(Instance instance, WriterSegments segments, SeriesTable series, Problems problems) {
		this.instance = instance;
		this.segments = segments;
		this.series = series;
		this.problems = problems;
		this.candidate = ArchiveTurn.candidate(instance.store());
	}

	/** Repairs what needs it, and publishes how many series are in no file. */
	void run() {
		try {
			if (!this.instance.isIntact() || !this.segments.sequence().isIntact()) {
				repair();
			}
			this.problems.resolve(this.instance.store().path(), NOT_REPAIRED);
		}
		catch (IOException | InternalError ex) {
			this.problems.report(this.instance.store().path(), NOT_REPAIRED, ex);
		}
		this.segments.publishMissingSeries();
	}

	/** Repairs without waiting until the next attempt to create a file is due. */
	void retry() {
		this.segments.sequence().retryNow();
		run();
	}

	private void repair() throws IOException {
		boolean sameSlot = this.instance.repair();
		try (ArchiveTurn turn = ArchiveTurn.take(this.candidate, this.instance.store())) {
			if (turn == null) {
				return;
			}
			SequenceWriter sequence = this.segments.sequence();
			boolean folded = !sameSlot || ArchiveFile.holds(this.instance.store(), sequence.id());
			this.series.relocate(folded ? this.segments.beginNewSequence(this.instance) : sequence.takeLost());
		}
	}

}
