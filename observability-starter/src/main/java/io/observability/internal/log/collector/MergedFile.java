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
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.memory.Permissions;
import io.observability.internal.memory.SlicedWrite;
import org.jspecify.annotations.Nullable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * The active file of the merged log, opened by the collector.
 *
 * <p>
 * Other programs may rename, truncate or delete the file at any time (external log
 * rotation), so before each batch the open file is compared with what the path leads to.
 * A batch that has been begun is completed in the file it was begun in, which is found by
 * its key (device and inode) as long as it has a name of a rolled file, or stays in its
 * folder and something was appended to its name.
 */
final class MergedFile implements Closeable {

	/** Some file systems give a file another key each time. */
	private static final int MOST_ATTEMPTS = 10;

	private @Nullable Path path;

	private @Nullable FileChannel channel;

	private String key = "";

	private @Nullable LogFileLock lock;

	/** Makes sure that what is open is the file at this path. */
	void open(Path path) throws IOException {
		if (this.channel != null && path.equals(this.path) && this.key.equals(key(path)) && Files.exists(path)) {
			return;
		}
		close();
		Path directory = path.toAbsolutePath().getParent();
		if (directory != null) {
			Files.createDirectories(directory);
		}
		boolean missing = !Files.exists(path);
		this.channel = FileChannel.open(path, CREATE, WRITE);
		if (missing) {
			// The next collector may be another user.
			Permissions.share(path);
		}
		this.path = path;
		this.key = key(path);
	}

	/**
	 * Opens the file at this path, and locks it. If another process has rolled it
	 * meanwhile, the file that has the path now is opened instead.
	 */
	void openLocked(Path path) throws IOException {
		for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
			open(path);
			lock();
			if (this.key.equals(key(path))) {
				return;
			}
			close();
		}
		open(path);
	}

	/** Returns what identifies the file at a path; empty if there is none. */
	static String key(Path path) throws IOException {
		try {
			Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
			return (key != null) ? key.toString() : "";
		}
		catch (NoSuchFileException ex) {
			return "";
		}
	}

	/** Returns whether there is a file at a path, but not the one with a key. */
	static boolean isAnother(Path path, String key) throws IOException {
		String found = key(path);
		return !found.isEmpty() && !key.isEmpty() && !found.equals(key);
	}

	String path() {
		return String.valueOf(this.path);
	}

	/**
	 * Identifies the open file; empty where the file system doesn't know such a thing.
	 */
	String key() {
		return this.key;
	}

	long length() throws IOException {
		return channel().size();
	}

	/**
	 * Writes a batch without its first bytes.
	 * @param batch the batch
	 * @param present how many bytes to leave out
	 * @param position where the others go
	 * @return how many they are
	 * @throws IOException if they can't be written
	 */
	int write(BatchContent batch, long present, long position) throws IOException {
		Writing writing = new Writing(channel(), present, position);
		batch.forEachPart(writing::write);
		return (int) (writing.position - position);
	}

	/**
	 * Writes a batch at the end, and holds the lock from then on.
	 * @param batch the batch
	 * @return how many bytes it has
	 * @throws IOException if they can't be written
	 */
	int append(BatchContent batch) throws IOException {
		lock();
		return write(batch, 0, length());
	}

	/**
	 * Keeps processes that work alone for want of a store from writing the open file,
	 * until the lock is released or another file is opened.
	 */
	void lock() throws IOException {
		if (this.lock == null) {
			this.lock = LogFileLock.acquire(channel());
		}
	}

	void unlock() throws IOException {
		LogFileLock lock = this.lock;
		this.lock = null;
		if (lock != null) {
			lock.release();
		}
	}

	private FileChannel channel() throws IOException {
		if (this.channel == null) {
			throw new IOException("log file is not open: file=" + this.path);
		}
		return this.channel;
	}

	/**
	 * Opens the file in which a batch was begun. The checkpoint's key only says which it
	 * is of those that the log may be in: it is not believed to name any other.
	 * @param target names the files
	 * @param key of the file, empty if unknown
	 * @param length that it had at least
	 * @return whether it was found
	 * @throws IOException if it can't be searched for
	 */
	boolean reopen(LogTarget target, String key, long length) throws IOException {
		Path path = target.activeFile();
		Path found = isSame(path, key, length) ? path : findByKey(target, key, length);
		if (found == null) {
			return false;
		}
		open(found);
		return true;
	}

	/**
	 * Opens a file that still lies where it was, with its key and at least a length.
	 * @return whether it does
	 */
	boolean reopenInPlace(Path path, String key, long length) throws IOException {
		boolean same = isSame(path, key, length);
		if (same) {
			open(path);
		}
		return same;
	}

	private static boolean isSame(Path path, String key, long length) throws IOException {
		return Files.exists(path) && key(path).equals(key) && Files.size(path) >= length;
	}

	private static @Nullable Path findByKey(LogTarget target, String key, long length) throws IOException {
		if (key.isEmpty()) {
			return null;
		}
		for (Path file : renamed(target.activeFile(), target.rolledFiles())) {
			if (isSame(file, key, length)) {
				return file;
			}
		}
		return null;
	}

	/** Other programs append something to the name. */
	private static List<Path> renamed(Path path, List<Path> rolled) throws IOException {
		List<Path> found = new ArrayList<>(rolled);
		Path directory = path.toAbsolutePath().getParent();
		if (directory != null && Files.isDirectory(directory)) {
			String name = String.valueOf(path.getFileName());
			try (DirectoryStream<Path> files = Files.newDirectoryStream(directory,
					(file) -> file.getFileName().toString().startsWith(name))) {
				files.forEach(found::add);
			}
		}
		return found;
	}

	/**
	 * Returns how many bytes of a batch are in the open file.
	 * @param position where the batch begins
	 * @param batch the batch
	 * @return the number of bytes; 0 if the file has other bytes there
	 * @throws IOException if the file can't be read
	 */
	long countPresent(long position, BatchContent batch) throws IOException {
		try (FileChannel reader = FileChannel.open(Path.of(path()), READ)) {
			Comparison comparison = new Comparison(reader, position);
			batch.forEachPart(comparison::compare);
			return comparison.differs ? 0 : comparison.present;
		}
	}

	/**
	 * Reads the open file from a position to its end, in parts of limited length.
	 * @param position where to begin
	 * @param consumer receives one part after the other; each is valid until it returns
	 * @throws IOException if the file can't be read
	 */
	void forEachPart(long position, BatchContent.Consumer consumer) throws IOException {
		ByteBuffer part = ByteBuffer.allocate(SlicedWrite.SLICE);
		try (FileChannel reader = FileChannel.open(Path.of(path()), READ)) {
			reader.position(position);
			while (reader.read(part.clear()) > 0) {
				consumer.accept(part.flip());
			}
		}
	}

	/** Cuts the open file off. */
	void truncate(long length) throws IOException {
		channel().truncate(length);
	}

	@Override
	public void close() throws IOException {
		FileChannel channel = this.channel;
		this.channel = null;
		this.lock = null;
		if (channel != null) {
			channel.close();
		}
	}

	/** Writes parts one behind the other. */
	private static final class Writing {

		private final FileChannel channel;

		private long leftOut;

		private long position;

		Writing(FileChannel channel, long leftOut, long position) {
			this.channel = channel;
			this.leftOut = leftOut;
			this.position = position;
		}

		private void write(ByteBuffer part) throws IOException {
			int skipped = (int) Math.min(this.leftOut, part.remaining());
			this.leftOut -= skipped;
			part.position(part.position() + skipped);
			int length = part.remaining();
			SlicedWrite.write(this.channel, part, this.position);
			this.position += length;
		}

	}

	/** Compares parts with what lies one behind the other in a file. */
	private static final class Comparison {

		/** Small, for the same reason as a {@link SlicedWrite}. */
		private final ByteBuffer found = ByteBuffer.allocate(SlicedWrite.SLICE);

		private final FileChannel channel;

		private final long start;

		private long present;

		private boolean differs;

		Comparison(FileChannel channel, long start) {
			this.channel = channel;
			this.start = start;
		}

		private void compare(ByteBuffer part) throws IOException {
			boolean more = true;
			while (part.hasRemaining() && more && !this.differs) {
				this.found.clear().limit(Math.min(SlicedWrite.SLICE, part.remaining()));
				more = this.channel.read(this.found, this.start + this.present) > 0;
				int length = this.found.flip().limit();
				this.differs = !this.found.equals(part.slice(part.position(), length));
				part.position(part.position() + length);
				this.present += length;
			}
		}

	}

}
