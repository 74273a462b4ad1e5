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
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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

	private static final long MAX_LOCK_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LOCK_TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

	private @Nullable Path path;

	private @Nullable FileChannel channel;

	private String key = "";

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
		this.channel = FileChannel.open(path, CREATE, WRITE);
		this.path = path;
		this.key = key(path);
	}

	private static String key(Path path) throws IOException {
		try {
			Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
			return (key != null) ? key.toString() : "";
		}
		catch (NoSuchFileException ex) {
			return "";
		}
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

	/** Writes all of the bytes from a position on. */
	void write(ByteBuffer bytes, long position) throws IOException {
		long at = position;
		while (bytes.hasRemaining()) {
			at += channel().write(bytes, at);
		}
	}

	/**
	 * Writes all of the bytes at the end. Locks the file meanwhile, as a process does
	 * that works alone for want of a store; if it is stopped then, the lock is not waited
	 * for.
	 */
	void append(ByteBuffer bytes) throws IOException {
		FileLock lock = lock();
		try {
			write(bytes, length());
		}
		finally {
			if (lock != null) {
				lock.release();
			}
		}
	}

	private @Nullable FileLock lock() throws IOException {
		FileChannel channel = channel();
		long deadline = System.nanoTime() + MAX_LOCK_WAIT_NANOS;
		while (System.nanoTime() < deadline) {
			try {
				FileLock lock = channel.tryLock();
				if (lock != null) {
					return lock;
				}
			}
			catch (OverlappingFileLockException ex) {
				// An appender of this process that works alone has it.
			}
			catch (IOException ex) {
				// A file system without locks.
				return null;
			}
			LockSupport.parkNanos(LOCK_TICK_NANOS);
		}
		return null;
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

	/** Returns how many of the bytes are in the open file, from a position on. */
	int countPresent(long position, ByteBuffer bytes) throws IOException {
		ByteBuffer present = read(position, bytes.remaining());
		return present.equals(bytes.slice(bytes.position(), present.limit())) ? present.limit() : 0;
	}

	/** Reads the open file from a position on, up to a number of bytes. */
	ByteBuffer read(long position, int limit) throws IOException {
		Path path = this.path;
		int length = (int) Math.min(length() - position, limit);
		if (path == null || length <= 0) {
			return ByteBuffer.allocate(0);
		}
		ByteBuffer present = ByteBuffer.allocate(length);
		try (FileChannel reader = FileChannel.open(path, READ)) {
			while (present.hasRemaining() && reader.read(present, position + present.position()) >= 0) {
				// Reads on.
			}
		}
		return present.flip();
	}

	/** Cuts the open file off. */
	void truncate(long length) throws IOException {
		channel().truncate(length);
	}

	@Override
	public void close() throws IOException {
		FileChannel channel = this.channel;
		this.channel = null;
		if (channel != null) {
			channel.close();
		}
	}

}
