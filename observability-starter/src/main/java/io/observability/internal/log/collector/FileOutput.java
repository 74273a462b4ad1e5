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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.observability.internal.log.collector.Checkpoint.Batch;
import io.observability.internal.log.collector.Checkpoint.Phase;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.QueueReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches into the merged log file.
 *
 * <p>
 * Protocol. A batch is merged in memory first. Before its first byte is written, a
 * checkpoint notes the file, its length, and which records of which queues the batch
 * holds; merging these again gives the same bytes. After a crash at any point the
 * successor makes the bytes again, sees by the file's length how many of them stand in
 * the file, compares, and writes the rest. The file is completed rather than cut because
 * programs that follow a log take one that shrinks for a new one. What has been read is
 * acknowledged to its writers only when the next checkpoint is on disk, so the records of
 * an unfinished batch are always there. When anything fails (a full disk), the term is
 * over, and the same process begins another one as a successor would.
 *
 * <p>
 * A predecessor that was stopped may go on at any point, see
 * {@link CheckpointSuccession}. So a batch is written at the place that its checkpoint
 * names rather than at the end of the file: a predecessor that writes it once more
 * changes nothing.
 *
 * <p>
 * The file is rolled between two batches, under a checkpoint that says so. A crash in the
 * middle of it therefore finds no batch outstanding, and the successor appends to
 * whatever is the active file then.
 */
final class FileOutput implements TermOutput {

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
		if (last != null && last.phase() == Phase.WRITING) {
			complete(last, remake(last));
		}
		this.target.start(last != null && last.phase() == Phase.ROLLING);
		this.started = true;
	}

	/** Makes a predecessor's last batch again. */
	private ByteBuffer remake(Checkpoint last) throws IOException {
		List<QueueReader> readers = new ArrayList<>();
		for (Range range : last.ranges()) {
			QueueReader reader = new QueueReader(this.source.queues().sequence(range), range.from(), range.to());
			reader.writerIsDead();
			readers.add(reader);
		}
		try {
			ByteBuffer batch = this.source.emptyBatch(last.batch().length()).limit(last.batch().length());
			if (last.length() == 0) {
				batch.put(this.target.header());
			}
			new Merge(readers, last.batch().time(), Long.MAX_VALUE).into(batch);
			return batch.flip();
		}
		finally {
			readers.forEach(QueueReader::close);
		}
	}

	@Override
	public void write(ByteBuffer batch) throws IOException {
		if (this.target.isRollDue()) {
			roll();
		}
		this.file.open(this.target.activeFile());
		if (this.file.length() == 0) {
			writeHeader();
		}
		Checkpoint checkpoint = checkpoint(Phase.WRITING, batchOf(batch), this.source.queues().ranges());
		this.source.saveCheckpoint(checkpoint);
		complete(checkpoint, batch);
	}

	private void roll() throws IOException {
		this.file.open(this.target.activeFile());
		this.source.saveCheckpoint(checkpoint(Phase.ROLLING, Batch.NONE, this.source.queues().committedRanges()));
		this.file.close();
		this.target.roll();
	}

	private void writeHeader() throws IOException {
		ByteBuffer header = ByteBuffer.wrap(this.target.header());
		if (header.hasRemaining()) {
			this.source
				.saveCheckpoint(checkpoint(Phase.WRITING, batchOf(header), this.source.queues().committedRanges()));
			this.file.write(header, 0);
			this.target.written(header.limit());
		}
	}

	private Checkpoint checkpoint(Phase phase, Batch batch, List<Range> ranges) throws IOException {
		return new Checkpoint(phase, this.source.instance(), this.file.path(), this.file.key(), this.file.length(),
				batch, ranges);
	}

	private Batch batchOf(ByteBuffer bytes) {
		return new Batch(this.source.batchTime(), bytes.remaining(), checksum(bytes));
	}

	private static int checksum(ByteBuffer bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes.duplicate());
		return (int) crc.getValue();
	}

	/** Writes those bytes of the batch that aren't in its file yet. */
	private void complete(Checkpoint checkpoint, ByteBuffer batch) throws IOException {
		Path path = Path.of(checkpoint.file());
		if (this.file.reopen(path, checkpoint.fileKey(), checkpoint.length())) {
			int present = present(checkpoint, batch);
			batch.position(batch.position() + present);
			if (present > 0) {
				this.file.write(batch, checkpoint.length() + present);
			}
			else {
				this.file.append(batch);
			}
		}
		else {
			// Deleted or cut off by another program, with what it held of the batch.
			this.source.requireCurrentTerm();
			this.file.open(path);
			this.file.append(batch);
		}
		this.source.queues().commit();
		if (this.started) {
			this.target.written(checkpoint.batch().length());
		}
	}

	private int present(Checkpoint checkpoint, ByteBuffer batch) throws IOException {
		long end = checkpoint.length() + checkpoint.batch().length();
		if (this.file.length() >= end && checksum(batch) != checkpoint.batch().checksum()) {
			// Some queue was damaged meanwhile, but the batch is there.
			return batch.remaining();
		}
		return this.file.countPresent(checkpoint.length(), batch);
	}

	@Override
	public void close() throws IOException {
		try (this.file) {
			if (this.started) {
				this.target.stop();
			}
		}
	}

}
