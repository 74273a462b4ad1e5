package io.observability.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.observability.memory.ReadBuffer;
import io.observability.memory.Region;

/**
 * The bytes of a segment as a reader gets them. Files are read, not mapped: what another
 * process cuts off is then a short read and not a fault in this one.
 */
interface SegmentSource extends Closeable {

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
