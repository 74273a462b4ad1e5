package io.observability.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import io.observability.memory.Region;

import static java.nio.file.StandardOpenOption.READ;

/**
 * The bytes of a segment as a reader gets them. Files are read, not mapped: what another
 * process cuts off is then a short read and not a fault in this one.
 */
interface SegmentSource extends Closeable {

	/**
	 * Fills {@code target} as far as there are bytes.
	 * @param target where to put them
	 * @param position in the segment
	 * @throws IOException if they can't be read
	 */
	void read(ByteBuffer target, long position) throws IOException;

	@Override
	void close() throws IOException;

	static SegmentSource of(Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, READ);
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, long position) throws IOException {
				long at = position;
				while (target.hasRemaining()) {
					int count = channel.read(target, at);
					if (count < 0) {
						return;
					}
					at += count;
				}
			}

			@Override
			public void close() throws IOException {
				channel.close();
			}

			@Override
			public String toString() {
				return file.toString();
			}

		};
	}

	static SegmentSource of(Region region) {
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, long position) {
				int length = Math.min(target.remaining(), region.capacity() - (int) position);
				target.put(region.slice((int) position, length));
			}

			@Override
			public void close() {
			}

			@Override
			public String toString() {
				return "memory";
			}

		};
	}

}
