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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches into the merged log file.
 *
 * <p>
 * Protocol. A batch is merged first. Before its first byte is written, a checkpoint notes
 * the file, its length, and which records of which queues the batch holds; merging these
 * again gives the same bytes. After a crash at any point the successor makes the bytes
 * again, sees by the file's length how many of them stand in the file, compares, and
 * writes the rest. The file is completed rather than cut because programs that follow a
 * log take one that shrinks for a new one. What has been read is acknowledged to its
 * writers only when the next checkpoint is on disk, so the records of an unfinished batch
 * are always there. When anything fails (a full disk), the term is over, and the same
 * process begins another one as a successor would.
 *
 * <p>
 * A predecessor that was stopped may go on at any point, see
 * {@link CheckpointSuccession}. So a batch is written at the place that its checkpoint
 * names rather than at the end of the file: a predecessor that writes it once more
 * changes nothing.
 *
 * <p>
 * A process that works alone for want of a store may write the file as well, and so may
 * the collector of a store that was deleted and of the one in its place at the same time.
 * The file's lock, see {@link LogFileLock}, is held from before its length is noted until
 * the batch is written and marked in the queues, and while the file is rolled. A writer
 * whose queue was deleted takes the lock before it reads the marks and puts what is
 * behind them into its next queue. So under the lock a batch is given up if files of its
 * queues are missing.
 *
 * <p>
 * The file is rolled between two batches, under a checkpoint that says so. A crash in the
 * middle of it therefore finds no batch outstanding, and the successor appends to
 * whatever is the active file then.
 *
 * <p>
 * A file begins with a header, if the log's format has one, and ends with a footer:
 * before it is rolled, and when the last writer has left. The header is a batch of its
 * own, which takes nothing of any queue. Each footer is written under a checkpoint that
 * notes the file, its length and the footer. When the log goes on in that file, because
 * it could not be rolled, or because a process starts again, the footer is cut off,
 * provided that nothing else follows the noted length. Only this shortens a file, and
 * only if the term goes on.
 */
final class FileOutput implements TermOutput {

	private static final byte[] NO_FOOTER = {};

	private final LogTarget target;

	private final BatchSource source;

	private final MergedFile file = new MergedFile();

	private boolean started;

	FileOutput(LogTarget target, BatchSource source) {
		this.target = target;
		this.source = source;
	}

	@Override
	public void takeOver(@Nullable Checkpoint last) throws IOException {
		this.target.start(last != null && last.phase() == Phase.ROLLING
				&& !MergedFile.isAnother(this.target.activeFile(), last.fileKey()));
		this.started = true;
		if (last != null && last.phase() == Phase.WRITING) {
			try {
				complete(last, remake(last));
			}
			finally {
				this.file.unlock();
			}
		}
		if (last != null && (last.phase() == Phase.ROLLING || last.phase() == Phase.ENDING)) {
			removeFooter(last);
		}
	}

	/**
	 * Makes a predecessor's last batch again: a header if it took nothing of any queue.
	 */
	private BatchContent remake(Checkpoint last) {
		boolean header = last.ranges().stream().allMatch(Range::isEmpty);
		return header ? MergedBatch.of(this.target.header()) : this.source.remerge(last);
	}

	@Override
	public void write(BatchContent batch) throws IOException {
		if (this.target.isRollDue()) {
			roll();
		}
		this.file.openLocked(this.target.activeFile());
		try {
			this.source.requireFiles();
			if (this.file.length() == 0) {
				writeHeader();
			}
			Checkpoint checkpoint = checkpoint(Phase.WRITING, batchOf(batch), this.source.queues().ranges());
			this.source.saveCheckpoint(checkpoint);
			complete(checkpoint, batch);
		}
		finally {
			this.file.unlock();
		}
	}

	private void roll() throws IOException {
		this.file.openLocked(this.target.activeFile());
		Checkpoint checkpoint;
		try {
			checkpoint = writeFooter(Phase.ROLLING);
			this.target.roll();
		}
		finally {
			this.file.close();
		}
		removeFooter(checkpoint);
	}

	private Checkpoint writeFooter(Phase phase) throws IOException {
		BatchContent footer = MergedBatch.of((this.file.length() > 0) ? this.target.footer() : NO_FOOTER);
		Checkpoint checkpoint = checkpoint(phase, batchOf(footer), this.source.queues().committedRanges());
		this.source.saveCheckpoint(checkpoint);
		this.file.write(footer, 0, checkpoint.length());
		return checkpoint;
	}

	/** Removes a footer if it is the end of the file that goes on. */
	private void removeFooter(Checkpoint written) throws IOException {
		if (written.batch().length() > 0
				&& this.file.reopenInPlace(this.target.activeFile(), written.fileKey(), written.length())
				&& (endsWith(written) || endsWithFooter(written.length()))) {
			this.source.requireCurrentTerm();
			this.file.truncate(written.length());
		}
	}

	/** Returns whether the file ends with what was written last, and has all of it. */
	private boolean endsWith(Checkpoint written) throws IOException {
		Batch batch = written.batch();
		if (this.file.length() - written.length() != batch.length()) {
			return false;
		}
		Checksum checksum = new Checksum();
		this.file.forEachPart(written.length(), checksum::add);
		return checksum.value() == batch.checksum();
	}

	/** Returns whether the file ends with a footer, or with the beginning of one. */
	private boolean endsWithFooter(long start) throws IOException {
		long length = this.file.length() - start;
		byte[] footer = this.target.footer();
		return length > 0 && length <= footer.length && this.file.countPresent(start, MergedBatch.of(footer)) == length;
	}

	private void writeHeader() throws IOException {
		BatchContent header = MergedBatch.of(this.target.header());
		if (header.length() > 0) {
			this.source
				.saveCheckpoint(checkpoint(Phase.WRITING, batchOf(header), this.source.queues().committedRanges()));
			this.file.write(header, 0, 0);
			this.target.written(header.length());
		}
	}

	private Checkpoint checkpoint(Phase phase, Batch batch, List<Range> ranges) throws IOException {
		return new Checkpoint(phase, this.source.instance(), this.file.path(), this.file.key(), this.file.length(),
				batch, ranges);
	}

	private Batch batchOf(BatchContent content) throws IOException {
		Checksum checksum = Checksum.of(content);
		return new Batch(this.source.batchTime(), checksum.length, checksum.value());
	}

	/**
	 * Writes those bytes of the batch that aren't in its file yet. The file is one that
	 * the configuration names: the checkpoint only says which it is of these.
	 */
	private void complete(Checkpoint checkpoint, BatchContent batch) throws IOException {
		int written;
		if (this.file.reopen(this.target, checkpoint.fileKey(), checkpoint.length())) {
			long present = present(checkpoint, batch);
			written = (present > 0) ? this.file.write(batch, present, checkpoint.length() + present)
					: this.file.append(batch);
		}
		else {
			// Deleted or cut off by another program, with what it held of the batch.
			this.source.requireCurrentTerm();
			this.file.open(this.target.activeFile());
			written = this.file.append(batch);
		}
		this.source.queues().commit();
		this.target.written(written);
	}

	/** Returns how many of the batch's bytes are in its file. */
	private long present(Checkpoint checkpoint, BatchContent batch) throws IOException {
		if (this.file.length() <= checkpoint.length()) {
			return 0;
		}
		Batch expected = checkpoint.batch();
		boolean whole = this.file.length() >= checkpoint.length() + expected.length();
		if (whole && Checksum.of(batch).value() != expected.checksum()) {
			// Some queue was damaged meanwhile, but the batch is there.
			return Long.MAX_VALUE;
		}
		return this.file.countPresent(checkpoint.length(), batch);
	}

	@Override
	public void close() throws IOException {
		try (this.file) {
			if (this.started) {
				try {
					endFile();
				}
				finally {
					this.target.stop();
				}
			}
		}
	}

	/** Writes the footer if the last writer has left, and all of its events are there. */
	private void endFile() throws IOException {
		Path active = this.target.activeFile();
		if (this.target.footer().length > 0 && Files.exists(active) && this.source.isFinished()) {
			this.file.open(active);
			writeFooter(Phase.ENDING);
		}
	}

	/** Of a batch as it was read. */
	private static final class Checksum {

		private final CRC32C crc = new CRC32C();

		private int length;

		static Checksum of(BatchContent batch) throws IOException {
			Checksum checksum = new Checksum();
			batch.forEachPart(checksum::add);
			return checksum;
		}

		private void add(ByteBuffer part) {
			this.length += part.remaining();
			this.crc.update(part);
		}

		private int value() {
			return (int) this.crc.getValue();
		}

	}

}
