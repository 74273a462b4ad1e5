package io.observability.store;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.observability.memory.Region;

/**
 * The bytes of a segment as a reader gets them. Files are read, not mapped: what another
 * process cuts off is then a short read and not a fault in this one. And they are read
 * without a channel, which would be closed for good if its thread were interrupted, as a
 * server does when the client of a scrape has gone.
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

	static SegmentSource of(Path file) throws IOException {
		RandomAccessFile bytes = open(file);
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, int position) throws IOException {
				bytes.seek(position);
				while (target.hasRemaining()) {
					int count = bytes.read(target.array(), target.arrayOffset() + target.position(),
							target.remaining());
					if (count < 0) {
						return;
					}
					target.position(target.position() + count);
				}
			}

			@Override
			public long length() throws IOException {
				return bytes.length();
			}

			@Override
			public void close() throws IOException {
				bytes.close();
			}

		};
	}

	private static RandomAccessFile open(Path file) throws IOException {
		try {
			return new RandomAccessFile(file.toFile(), "r");
		}
		catch (FileNotFoundException ex) {
			if (Files.notExists(file)) {
				throw new NoSuchFileException(file.toString());
			}
			// It has come in this very moment, or there is another reason, told now.
			return new RandomAccessFile(file.toFile(), "r");
		}
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
