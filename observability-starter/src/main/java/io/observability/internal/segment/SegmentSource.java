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

package io.observability.internal.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;
import io.observability.internal.memory.StoreFiles;

/**
 * The bytes of a segment as a reader gets them, while its writer changes them. Files are
 * read, not mapped: what another process cuts off is then a short read and not a fault in
 * this one. For one thread.
 */
public interface SegmentSource extends Closeable {

	/**
	 * Reads bytes.
	 * @param position of the first byte in the segment
	 * @param length how many are wanted
	 * @return as many of them as there are and as the source can read at once,
	 * little-endian, valid until the next call
	 * @throws IOException if they can't be read
	 */
	ByteBuffer read(int position, int length) throws IOException;

	/**
	 * Returns how many bytes there are.
	 * @return the length
	 * @throws IOException if it can't be found out
	 */
	long length() throws IOException;

	@Override
	void close() throws IOException;

	/**
	 * Copies bytes until {@code target} is full or there are no more.
	 * @param target where to put them
	 * @param position of the first byte in the segment
	 * @throws IOException if they can't be read
	 */
	default void copy(ByteBuffer target, int position) throws IOException {
		int at = position;
		while (target.hasRemaining()) {
			ByteBuffer bytes = read(at, target.remaining());
			if (!bytes.hasRemaining()) {
				return;
			}
			at += bytes.remaining();
			target.put(bytes);
		}
	}

	/**
	 * Opens a file.
	 * @param file the segment
	 * @param buffer through which it is read; the sources of one thread can share it, and
	 * its capacity bounds what they read at once
	 * @return the open file, which an interrupt closes
	 * @throws IOException if it can't be opened
	 */
	static SegmentSource of(Path file, ReadBuffer buffer) throws IOException {
		return of(StoreFiles.openForReading(file), buffer);
	}

	/**
	 * Reads an open file.
	 * @param channel the segment, which is closed with the source
	 * @param buffer through which it is read
	 * @return the file, which an interrupt closes
	 */
	static SegmentSource of(FileChannel channel, ReadBuffer buffer) {
		return new SegmentSource() {

			@Override
			public ByteBuffer read(int position, int length) throws IOException {
				return buffer.read(channel, position, Math.min(length, buffer.capacity()));
			}

			@Override
			public long length() throws IOException {
				return channel.size();
			}

			@Override
			public void close() throws IOException {
				channel.close();
			}

		};
	}

	/**
	 * Reads memory of this process.
	 * @param region the segment
	 * @return its bytes; not copies, but a view
	 */
	static SegmentSource of(Region region) {
		return new SegmentSource() {

			@Override
			public ByteBuffer read(int position, int length) {
				return region.slice(position, Math.min(length, region.capacity() - position));
			}

			@Override
			public long length() {
				return region.capacity();
			}

			@Override
			public void close() {
			}

		};
	}

}
