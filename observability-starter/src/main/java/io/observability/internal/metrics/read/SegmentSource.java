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

package io.observability.internal.metrics.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Region;

/**
 * The bytes of a segment as a reader gets them. Files are read, not mapped: what another
 * process cuts off is then a short read and not a fault in this one.
 */
public interface SegmentSource extends Closeable {

	/**
	 * Fills {@code target}, a buffer on the heap, as far as there are bytes.
	 * @param target where to put them
	 * @param position in the segment
	 * @throws IOException if they can't be read
	 */
	void read(ByteBuffer target, int position) throws IOException;

	/**
	 * How many bytes there are.
	 * @return the length
	 * @throws IOException if it can't be found out
	 */
	long length() throws IOException;

	@Override
	void close() throws IOException;

	/**
	 * Opens a file.
	 * @param file the segment
	 * @param buffer through which it is read; several readers of one thread can share it
	 * @return the open file, which an interrupt closes
	 * @throws IOException if it can't be opened
	 */
	static SegmentSource of(Path file, ReadBuffer buffer) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, int position) throws IOException {
				int at = position;
				while (target.hasRemaining()) {
					ByteBuffer bytes = buffer.read(channel, at, Math.min(target.remaining(), buffer.capacity()));
					if (!bytes.hasRemaining()) {
						return;
					}
					at += bytes.remaining();
					target.put(bytes);
				}
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

	static SegmentSource of(Region region) {
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, int position) {
				int length = Math.min(target.remaining(), region.capacity() - position);
				target.put(region.slice(position, length));
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
