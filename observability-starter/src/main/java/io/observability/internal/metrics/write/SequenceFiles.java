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
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.Region;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentFile;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SegmentStage;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * Creates the files of a sequence, and reports those that can't be created. After a
 * failure the next attempt is due when some time has passed.
 */
class SequenceFiles {

	private static final String NOT_CREATED = "metrics file can't be made, "
			+ "other instances don't see the series in it until it can: ";

	private static final String NOT_REPLACED = "metrics file can't be made anew, "
			+ "the room of removed gauges is not used again until it can: ";

	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final SequenceId id;

	private final @Nullable Slot slot;

	private final Problems problems;

	private final LongSupplier nanoTime;

	private boolean failed;

	/** When the last attempt has failed, if one has. */
	private long failedAt;

	/**
	 * Creates the files of a sequence.
	 * @param id its id
	 * @param slot where they lie, or null if there are none
	 * @param problems where a file that can't be created is reported
	 * @param nanoTime tells the time, see {@link System#nanoTime()}
	 */
	SequenceFiles(SequenceId id, @Nullable Slot slot, Problems problems, LongSupplier nanoTime) {
		this.id = id;
		this.slot = slot;
		this.problems = problems;
		this.nanoTime = nanoTime;
	}

	/** Returns whether they are in this slot; true if there are none. */
	final boolean areIn(Slot slot) {
		return this.slot == null || this.slot.equals(slot);
	}

	/** Creates a segment; null if there is no file for it. */
	@Nullable SegmentWriter create(int index, int size) {
		if (this.slot == null) {
			return null;
		}
		Path path = sequence(this.slot).segmentFile(index);
		try {
			Region region = Region.create(path, size);
			SegmentWriter segment = new SegmentWriter(region, SegmentFile.of(path, size));
			this.problems.resolve(this.slot.directory(), NOT_CREATED);
			return segment;
		}
		catch (IOException ex) {
			postponeNextAttempt();
			this.problems.report(this.slot.directory(), NOT_CREATED, ex);
			return null;
		}
	}

	private SegmentSequence sequence(Slot slot) {
		return new SegmentSequence(slot, SegmentKind.METRICS, this.id);
	}

	/**
	 * Creates a segment in a temporary file, or in memory if there are no files; null if
	 * the file can't be created.
	 */
	@Nullable SegmentWriter createReplacement(int index, int size) {
		if (this.slot == null) {
			return new SegmentWriter(Region.allocate(size), null);
		}
		SegmentSequence sequence = sequence(this.slot);
		try {
			Region region = SegmentLifecycle.create(sequence, index, size);
			return new SegmentWriter(region,
					SegmentFile.of(sequence.file(index, SegmentStage.TEMPORARY), size).at(sequence.segmentFile(index)));
		}
		catch (IOException ex) {
			onFailedReplacement(index, ex);
			return null;
		}
	}

	/** Makes a replacement readable, and returns whether it is. */
	boolean publishReplacement(int index) {
		if (this.slot != null) {
			try {
				SegmentLifecycle.publish(sequence(this.slot), index);
			}
			catch (IOException ex) {
				onFailedReplacement(index, ex);
				return false;
			}
		}
		return true;
	}

	void onFailedReplacement(int index, Throwable failure) {
		postponeNextAttempt();
		if (this.slot != null) {
			try {
				StoreFiles.deleteIfExists(sequence(this.slot).file(index, SegmentStage.TEMPORARY));
			}
			catch (IOException ex) {
				// The next attempt deletes it.
			}
			this.problems.report(this.slot.directory(), NOT_REPLACED, failure);
		}
	}

	void onReplaced() {
		if (this.slot != null) {
			this.problems.resolve(this.slot.directory(), NOT_REPLACED);
		}
	}

	final boolean isAttemptDue() {
		return !this.failed || this.nanoTime.getAsLong() - this.failedAt > RETRY_NANOS;
	}

	private void postponeNextAttempt() {
		this.failedAt = this.nanoTime.getAsLong();
		this.failed = true;
	}

	/** Creates the access to a sequence's files. */
	@FunctionalInterface
	interface Factory {

		/**
		 * Creates it.
		 * @param id id of the sequence
		 * @param slot where the files lie
		 * @return the access to the files
		 */
		SequenceFiles of(SequenceId id, Slot slot);

	}

}
