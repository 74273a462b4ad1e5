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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.SlicedWrite;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.UnknownVersionException;
import org.jspecify.annotations.Nullable;

/**
 * The file that keeps the newest {@link Checkpoint} of one term.
 *
 * <p>
 * Protocol. Only the collector whose term it is writes. There are two copies, each with a
 * checksum and a generation, and a new checkpoint overwrites the older one. A crash in
 * the middle of that leaves a copy whose checksum is wrong, and the one before it counts:
 * it describes the batch before, which is complete. The file has its full size from the
 * start, so that a full disk can't prevent an update. Each term has a file of its own
 * under the same name, see {@link CheckpointSuccession}.
 */
final class CheckpointFile implements Closeable {

	private final Path path;

	private final FileChannel channel;

	private final @Nullable Object key;

	private final long term;

	private final CheckpointCopy copy = new CheckpointCopy();

	private long generation;

	private @Nullable Checkpoint newest;

	private CheckpointFile(Path path, FileChannel channel, @Nullable Object key, Content content) {
		this.path = path;
		this.channel = channel;
		this.key = key;
		this.term = content.term();
		this.generation = content.generation();
		this.newest = content.newest();
	}

	/**
	 * Creates the file of a term.
	 * @param temporary where it is created; must not exist
	 * @param path where it will lie
	 * @param content what it holds from the start
	 * @return the open file
	 * @throws IOException if it can't be created; nothing is left of it then
	 */
	static CheckpointFile create(Path temporary, Path path, Content content) throws IOException {
		FileChannel channel = StoreFiles.create(temporary);
		try {
			CheckpointFile file = new CheckpointFile(path, channel, key(temporary), content);
			file.writeContent();
			return file;
		}
		catch (IOException ex) {
			channel.close();
			StoreFiles.deleteIfExists(temporary);
			throw ex;
		}
	}

	/**
	 * Opens a file for a term without creating it anew.
	 * @param path the file
	 * @param content what it holds
	 * @param buffer through which it is checked
	 * @return the open file
	 * @throws IOException if it can't be opened
	 */
	static CheckpointFile open(Path path, Content content, ReadBuffer buffer) throws IOException {
		FileChannel channel = StoreFiles.openForWriting(path);
		try {
			if (read(SegmentSource.of(channel, buffer)).term() != content.term()) {
				throw new IOException(
						"checkpoint is not the one that was read: term=" + content.term() + ", file=" + path);
			}
			return new CheckpointFile(path, channel, key(path), content);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private static @Nullable Object key(Path path) throws IOException {
		return StoreFiles.attributes(path).fileKey();
	}

	private void writeContent() throws IOException {
		ByteBuffer whole = ByteBuffer.allocate(CheckpointLayout.FILE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		whole.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.FORMAT.magic());
		whole.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.FORMAT.version());
		whole.putInt(CheckpointLayout.COPY_SIZE_OFFSET, CheckpointLayout.COPY_SIZE);
		whole.putLong(CheckpointLayout.TERM_OFFSET, this.term);
		if (this.newest != null) {
			ByteBuffer bytes = this.copy.encode(this.newest, this.generation);
			whole.put(CheckpointLayout.copyOffset(this.generation), bytes, 0, bytes.limit());
		}
		SlicedWrite.write(this.channel, whole, 0);
	}

	/**
	 * Reads a file that another process may be writing.
	 * @param path the file
	 * @param buffer through which it is read
	 * @return its content; nothing if there is no such file, or none that makes sense
	 * @throws UnreadableCheckpointException if it has a newer version, or permissions
	 * that don't allow it
	 * @throws IOException if it can't be read
	 */
	static Content read(Path path, ReadBuffer buffer) throws IOException {
		try (SegmentSource file = SegmentSource.of(path, buffer)) {
			return read(file);
		}
		catch (NoSuchFileException ex) {
			return Content.NONE;
		}
		catch (UnknownVersionException | AccessDeniedException ex) {
			throw new UnreadableCheckpointException(path, ex);
		}
	}

	private static Content read(SegmentSource file) throws IOException {
		ByteBuffer header = file.read(0, CheckpointLayout.HEADER_SIZE);
		try {
			CheckpointLayout.FORMAT.check(header);
		}
		catch (UnknownVersionException ex) {
			throw ex;
		}
		catch (CorruptSegmentException ex) {
			return Content.NONE;
		}
		long term = header.getLong(CheckpointLayout.TERM_OFFSET);
		long generation = 0;
		Checkpoint newest = null;
		CheckpointCopy copy = new CheckpointCopy();
		for (int i = 0; i < 2; i++) {
			if (copy.read(file, CheckpointLayout.copyOffset(i)) && copy.generation() > generation) {
				generation = copy.generation();
				newest = copy.decode();
			}
		}
		return new Content(term, generation, newest);
	}

	/** Returns the newest checkpoint, null if there is none or it got lost. */
	@Nullable Checkpoint newest() {
		return this.newest;
	}

	/** Returns what the file holds. */
	Content content() {
		return new Content(this.term, this.generation, this.newest);
	}

	/**
	 * Writes a checkpoint, and then makes sure that the term goes on: a successor that
	 * has begun since sees the checkpoint, or this fails.
	 * @param checkpoint the checkpoint
	 * @throws TermEndedException if another term has begun
	 * @throws IOException if the checkpoint can't be written
	 */
	void write(Checkpoint checkpoint) throws IOException {
		ByteBuffer bytes = this.copy.encode(checkpoint, this.generation + 1);
		SlicedWrite.write(this.channel, bytes, CheckpointLayout.copyOffset(this.generation + 1));
		requireCurrent();
		this.generation++;
		this.newest = checkpoint;
	}

	/**
	 * Makes sure that the term goes on.
	 * @throws TermEndedException if another term has begun
	 * @throws IOException if that can't be found out
	 */
	void requireCurrent() throws IOException {
		Object found;
		try {
			found = key(this.path);
		}
		catch (NoSuchFileException ex) {
			throw new TermEndedException(this.term, this.path);
		}
		if (this.key != null && !this.key.equals(found)) {
			throw new TermEndedException(this.term, this.path);
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	/**
	 * What a checkpoint file holds.
	 *
	 * @param term number of the term whose file it is
	 * @param generation of the newest checkpoint, 0 if there is none
	 * @param newest the newest checkpoint, null if there is none or it got lost
	 */
	record Content(long term, long generation, @Nullable Checkpoint newest) {

		static final Content NONE = new Content(0, 0, null);

		Content ofNextTerm() {
			return new Content(this.term + 1, this.generation, this.newest);
		}

	}

}
