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

package io.observability.internal.log.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.UntrustedFileException;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSource;
import org.jspecify.annotations.Nullable;

/**
 * The file of a segment, opened by a reader. A failure to read it is the file's, unless
 * its channel was closed: what the process lacks, it lacks when it opens files.
 */
final class OpenSegment implements Closeable {

	/** Some batches of large events. */
	private static final int MOST_UNREAD = 64 << 20;

	private final SegmentSource source;

	/** The same file, if it may be written. */
	private final @Nullable FileChannel writable;

	private final int mostAtOnce;

	private OpenSegment(SegmentSource source, @Nullable FileChannel writable, int mostAtOnce) {
		this.source = source;
		this.writable = writable;
		this.mostAtOnce = mostAtOnce;
	}

	/** Opens a file. One that has further names is read, but not written. */
	static OpenSegment of(Path file, ReadBuffer buffer) throws IOException {
		try {
			FileChannel channel = StoreFiles.openForWriting(file);
			return new OpenSegment(SegmentSource.of(channel, buffer), channel, buffer.capacity());
		}
		catch (UntrustedFileException ex) {
			return new OpenSegment(SegmentSource.of(file, buffer), null, buffer.capacity());
		}
	}

	void checkHeader() throws IOException {
		LogSegmentLayout.FORMAT.check(read(0, LogSegmentLayout.HEADER_SIZE));
	}

	/**
	 * Reads bytes.
	 * @param offset of the first byte
	 * @param length how many are wanted
	 * @return as many of them as there are, valid until the buffer is used again
	 * @throws CorruptSegmentException if they can't be read
	 * @throws IOException if the reader was closed meanwhile
	 */
	ByteBuffer read(int offset, int length) throws IOException {
		try {
			return this.source.read(offset, length);
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new CorruptSegmentException("segment can't be read: offset=" + offset + ", cause=" + ex);
		}
	}

	/**
	 * Reads bytes that are there.
	 * @param offset of the first byte
	 * @param length how many
	 * @return the bytes, valid until the buffer is used again
	 * @throws CorruptSegmentException if there are fewer
	 * @throws IOException if the reader was closed meanwhile
	 */
	ByteBuffer readAll(int offset, int length) throws IOException {
		ByteBuffer bytes = read(offset, length);
		if (bytes.limit() < length) {
			throw new CorruptSegmentException("segment was cut off: offset=" + offset);
		}
		return bytes;
	}

	/**
	 * Copies bytes.
	 * @param offset of the first byte
	 * @param length how many
	 * @param target where they go
	 * @throws CorruptSegmentException if there are fewer
	 * @throws IOException if the reader was closed meanwhile
	 */
	void copy(int offset, int length, ByteBuffer target) throws IOException {
		int copied = 0;
		while (copied < length) {
			ByteBuffer part = read(offset + copied, length - copied);
			if (!part.hasRemaining()) {
				throw new CorruptSegmentException("segment was cut off: offset=" + (offset + copied));
			}
			copied += part.remaining();
			target.put(part);
		}
	}

	long length() throws IOException {
		return this.source.length();
	}

	/** Notes that all records before the offset are in the log, if that is possible. */
	void markCollected(int offset) throws IOException {
		if (this.writable != null) {
			CollectedMark.write(this.writable, offset);
		}
	}

	/**
	 * Returns the distance from an offset to the last word that is not free. A file says
	 * how long it is, and may have nothing but holes: no more is looked at than takes a
	 * moment.
	 */
	long unread(int index, int offset) {
		long unread = 0;
		int freeWord = LogRecordLayout.freeWord(index);
		try {
			int at = offset;
			ByteBuffer bytes = this.source.read(at, this.mostAtOnce);
			while (bytes.limit() >= RecordFrame.ALIGNMENT && at - offset < MOST_UNREAD) {
				for (int i = 0; i + RecordFrame.ALIGNMENT <= bytes.limit(); i += RecordFrame.ALIGNMENT) {
					if (bytes.getInt(i) != freeWord) {
						unread = (long) at - offset + i + RecordFrame.ALIGNMENT;
					}
				}
				at += bytes.limit() & -RecordFrame.ALIGNMENT;
				bytes = this.source.read(at, this.mostAtOnce);
			}
		}
		catch (IOException ex) {
			// What was seen until then counts.
		}
		return unread;
	}

	@Override
	public void close() {
		try {
			this.source.close();
		}
		catch (IOException ex) {
			// What was written is only a mark: nothing is lost.
		}
	}

}
