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

package io.observability.internal.metrics.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.metrics.read.FleetReader;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.metrics.read.SequenceReader;
import io.observability.internal.metrics.write.ArchiveTurn;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SequenceId;
import io.observability.internal.task.Leadership;
import org.jspecify.annotations.Nullable;

/**
 * The totals of terminated instances, in {@code archive/totals.seg}: a metrics file that
 * differs from others in its state and in having FOLDED records.
 *
 * <p>
 * Protocol. The process that has the {@link ArchiveTurn} folds. It finds the sequences
 * whose writers have terminated, and only then reads them and the archive. It writes a
 * new archive of the next generation to a temporary file, with a FOLDED record for each
 * sequence that it holds, renames it to the archive, and deletes the sequences' files.
 * Killed before the renaming, it leaves a temporary file that the next turn deletes.
 * Killed after it, it leaves files that readers ignore because of the FOLDED records, and
 * that the next fold deletes. If it has lost its turn, the renaming fails, and it deletes
 * nothing. A FOLDED record is kept for {@link ArchiveFile#REMEMBERED_GENERATIONS}, and as
 * long as files of its sequence exist. What can be read of a damaged sequence is folded.
 * A damaged archive also gets the name {@code archive/totals.corrupt}, and a new one
 * replaces it; files of a newer version are not touched.
 *
 * <p>
 * A series is removed from the archive when the last instance that had it terminated
 * longer ago than the retention.
 */
public final class Archive {

	private static final Duration LONGEST_EXPIRY_INTERVAL = Duration.ofHours(1);

	private final StoreDirectory store;

	private final Problems problems;

	private final Duration retention;

	private final TerminatedSequences terminated;

	private final Leadership candidate;

	private final ReadBuffer buffer = new ReadBuffer(SegmentReader.CHUNK_BYTES);

	private boolean waiting;

	private long nextExpiryMillis;

	/**
	 * Creates the access to the archive; nothing is read yet.
	 * @param store the fleet's folder
	 * @param problems where unreadable files are reported
	 * @param retention how long a series is kept that no living instance has
	 */
	public Archive(StoreDirectory store, Problems problems, Duration retention) {
		this.store = store;
		this.problems = problems;
		this.retention = retention;
		this.terminated = new TerminatedSequences(store);
		this.candidate = ArchiveTurn.candidate(store);
	}

	/**
	 * Folds the sequences of terminated instances, and removes expired series, unless
	 * another process is doing that. One thread at a time.
	 * @return the number of instances of which something was folded
	 * @throws IOException if the new archive can't be written; nothing is lost then
	 */
	public int fold() throws IOException {
		this.waiting = false;
		long now = System.currentTimeMillis();
		if (now < this.nextExpiryMillis && !this.terminated.exist()) {
			return 0;
		}
		try (ArchiveTurn turn = ArchiveTurn.take(this.candidate, this.store)) {
			this.waiting = turn == null;
			return (turn != null && turn.prepare()) ? fold(turn, now) : 0;
		}
	}

	/**
	 * Returns whether there was something to fold, but another process had its turn. Only
	 * a process that tries often notices that the other one has been stopped.
	 * @return whether the last fold found another process's turn
	 */
	public boolean isWaiting() {
		return this.waiting;
	}

	private int fold(ArchiveTurn turn, long now) throws IOException {
		try (FleetReader reader = new FleetReader(this.store, this.problems, this.buffer)) {
			reader.refresh();
			turn.onProgress();
			deleteFolded(reader);
			List<SequenceReader> ended = readEnded(reader);
			turn.onProgress();
			boolean corrupt = reader.isArchiveCorrupt();
			if (corrupt) {
				keepDamaged();
			}
			SegmentReader archive = reader.archive();
			if (archive == null && !corrupt && StoreFiles.exists(ArchiveFile.of(this.store))) {
				return 0;
			}
			Expiry expiry = (archive != null) ? expiry(archive, reader, now) : null;
			if ((!ended.isEmpty() || expiry != null || corrupt)
					&& !turn.publish(ArchiveContent.next(archive, ended, expiry, now))) {
				return 0;
			}
			for (SequenceReader sequence : ended) {
				sequence.deleteFiles();
			}
			this.nextExpiryMillis = now + Math.min(this.retention.toMillis(), LONGEST_EXPIRY_INTERVAL.toMillis());
			return (int) ended.stream().map((sequence) -> sequence.id().instanceId()).distinct().count();
		}
	}

	/**
	 * Returns the sequences whose writers had terminated before their files were listed
	 * and read: a living writer may add to what was read, and create another file.
	 */
	private static List<SequenceReader> readEnded(FleetReader reader) throws IOException {
		Set<SequenceId> ended = new HashSet<>();
		for (SequenceReader sequence : reader.sequences()) {
			if (!sequence.isLive()) {
				ended.add(sequence.id());
			}
		}
		if (ended.isEmpty()) {
			return List.of();
		}
		reader.refresh();
		return reader.sequences()
			.stream()
			.filter((sequence) -> ended.contains(sequence.id()) && !sequence.isUnreadable())
			.toList();
	}

	private static void deleteFolded(FleetReader reader) throws IOException {
		for (SequenceReader sequence : reader.foldedSequences()) {
			sequence.deleteFiles();
		}
	}

	/** Returns which series have expired, or null if none has. */
	private @Nullable Expiry expiry(SegmentReader archive, FleetReader reader, long now) {
		long endedBefore = now - this.retention.toMillis();
		if (archive.series().stream().noneMatch((entry) -> entry.endedMillis() < endedBefore)
				|| !reader.sequences().stream().allMatch(SequenceReader::isWhole)) {
			return null;
		}
		Expiry expiry = Expiry.of(reader, endedBefore);
		return archive.series().stream().anyMatch(expiry::isExpired) ? expiry : null;
	}

	/** The damaged file stays in its place, too, until a new archive replaces it. */
	private void keepDamaged() throws IOException {
		Path file = ArchiveFile.of(this.store);
		StoreFiles.keep(file, file.resolveSibling("totals.corrupt"));
	}

}
