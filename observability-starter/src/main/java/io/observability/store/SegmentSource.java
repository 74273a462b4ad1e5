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
 * process cuts off is then a short read and not a fault in this one.
 */
interface SegmentSource extends Closeable {

	/**
	 * Fills {@code target} as far as there are bytes.
	 * @param target where to put them; on the heap
	 * @param position in the segment
	 * @throws IOException if they can't be read
	 */
	void read(ByteBuffer target, long position) throws IOException;

	@Override
	void close() throws IOException;

	/**
	 * Opens a file. Not as a channel: that would be closed for good by an interrupt of
	 * the thread that happens to read.
	 * @param file the segment's file
	 * @return its bytes
	 * @throws NoSuchFileException if it is not there
	 * @throws IOException if it can't be opened
	 */
	static SegmentSource of(Path file) throws IOException {
		RandomAccessFile opened = open(file);
		return new SegmentSource() {

			@Override
			public void read(ByteBuffer target, long position) throws IOException {
				opened.seek(position);
				while (target.hasRemaining()) {
					int count = opened.read(target.array(), target.arrayOffset() + target.position(),
							target.remaining());
					if (count < 0) {
						return;
					}
					target.position(target.position() + count);
				}
			}

			@Override
			public void close() throws IOException {
				opened.close();
			}

			@Override
			public String toString() {
				return file.toString();
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
			throw ex;
		}
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
