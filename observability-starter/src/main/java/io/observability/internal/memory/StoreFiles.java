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

package io.observability.internal.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * The one place where files of the store are opened, created, moved and deleted. Folders
 * are {@link StoreFolders}.
 *
 * <p>
 * Protocol. The users of a group may share a store, and each of them may put anything
 * into its folders at any moment. A process must not be made to read, write or open up
 * what is not in the store, or to wait. So no link is followed, neither in the place of a
 * file nor of a folder above it that another user could have put there. A file is looked
 * at before it is opened, and must be a regular file that belongs to the owner of its
 * folder or, in a folder that is shared, to the folder's group. It is looked at again
 * when it is open, and must be the same. One that is written must have no second name
 * outside the store. What is refused stays where it is, or is put aside under another
 * name by those whose file's place it takes.
 *
 * <p>
 * Java can't look at an open descriptor. So a file that is exchanged before the opening,
 * and exchanged back after it, passes. That does no harm: whatever is opened, even for
 * reading only, is opened for reading and writing, which does not wait for the other end
 * of a pipe; a pipe has no position, which is asked of the descriptor; and what is
 * written is checked through the descriptor first, see {@link #openLock} and the
 * checkpoint's own check.
 */
public final class StoreFiles {

	/** Writing as well, because that does not wait for the other end of a pipe. */
	private static final Set<OpenOption> EXISTING = Set.of(READ, WRITE, LinkOption.NOFOLLOW_LINKS);

	private static final int MOST_ATTEMPTS = 10;

	/** Ends the name of what was put aside, before a number. */
	private static final String ASIDE = ".unusable";

	private static final int MOST_NAMES = 1000;

	/** A lock file is empty, or has the byte of its holder's last heartbeat. */
	private static final int MOST_BYTES_OF_LOCK = 1;

	private StoreFiles() {
	}

	/**
	 * Opens an existing file to read it.
	 * @param file the file
	 * @return the open file
	 * @throws NoSuchFileException if it does not exist
	 * @throws UntrustedFileException if it is not one of the store
	 * @throws IOException if it can't be opened
	 */
	public static FileChannel openForReading(Path file) throws IOException {
		Trust.requireRealFolder(file);
		return open(file, Integer.MAX_VALUE);
	}

	/**
	 * Opens an existing file to write it. The caller reads its header first: a file that
	 * is not what it expects is not written.
	 * @param file the file
	 * @return the open file
	 * @throws NoSuchFileException if it does not exist
	 * @throws UntrustedFileException if it is not one of the store
	 * @throws IOException if it can't be opened
	 */
	public static FileChannel openForWriting(Path file) throws IOException {
		Trust.requireRealFolder(file);
		return open(file, 1);
	}

	/**
	 * Opens an existing file to look for a lock on it. This is done often, and nothing is
	 * read or written, so that only what might wait or follow a link is refused.
	 * @param file the file
	 * @param attributes of the file, as {@link #attributes} has just returned them
	 * @return the open file
	 * @throws NoSuchFileException if it does not exist
	 * @throws UntrustedFileException if it is no file
	 * @throws IOException if it can't be opened
	 */
	public static FileChannel openToProbe(Path file, BasicFileAttributes attributes) throws IOException {
		if (!attributes.isRegularFile()) {
			throw new UntrustedFileException(file, "Is not a regular file");
		}
		return FileChannel.open(file, EXISTING);
	}

	/**
	 * Opens a file that is locked and only has a time. It is created if it is missing.
	 * @param file the file
	 * @return the open file
	 * @throws UntrustedFileException if it is not one of the store, or has content
	 * @throws IOException if it can't be opened
	 */
	public static FileChannel openLock(Path file) throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				FileChannel channel = openForWriting(file);
				long size = channel.size();
				if (size <= MOST_BYTES_OF_LOCK) {
					return channel;
				}
				channel.close();
				throw new UntrustedFileException(file,
						"too long for a lock file: length=" + size + ", limit=" + MOST_BYTES_OF_LOCK);
			}
			catch (NoSuchFileException ex) {
				try {
					return create(file);
				}
				catch (FileAlreadyExistsException again) {
					// Another process was faster.
					if (attempt == MOST_ATTEMPTS) {
						throw again;
					}
				}
			}
		}
	}

	private static FileChannel open(Path file, int mostLinks) throws IOException {
		for (int attempt = 1;; attempt++) {
			FileStatus before = Trust.requireTrusted(file, mostLinks);
			FileChannel channel = FileChannel.open(file, EXISTING);
			boolean opened = false;
			try {
				channel.position();
				opened = before.isSameAs(Trust.requireTrusted(file, mostLinks));
				if (opened) {
					return channel;
				}
			}
			finally {
				if (!opened) {
					channel.close();
				}
			}
			// Its writer replaces it as a whole now and then.
			if (attempt == MOST_ATTEMPTS) {
				throw new UntrustedFileException(file, "replaced while it was opened: attempts=" + attempt);
			}
		}
	}

	/**
	 * Creates a file. Its owner, or the group that shares the folder, gets access.
	 * @param file must not exist, not even as a link
	 * @return the file, open for reading and writing
	 * @throws FileAlreadyExistsException if there is something in its place
	 * @throws IOException if it can't be created
	 */
	public static FileChannel create(Path file) throws IOException {
		Trust.requireRealFolder(file);
		FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, READ, WRITE, LinkOption.NOFOLLOW_LINKS),
				Permissions.ofNewFile(file));
		try {
			FileStatus created = Trust.requireTrusted(file, 1);
			Permissions.share(file, created);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Reads a short text.
	 * @param file the file
	 * @param limit the most bytes that it may have
	 * @return its content as UTF-8
	 * @throws IOException if it can't be opened or read, or is longer
	 */
	public static String readText(Path file, int limit) throws IOException {
		try (FileChannel channel = openForReading(file)) {
			long size = channel.size();
			if (size > limit) {
				throw new IOException("file is too long: length=" + size + ", limit=" + limit + ", file=" + file);
			}
			ByteBuffer bytes = ByteBuffer.allocate((int) size);
			while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
				// A read may return fewer bytes than requested.
			}
			return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
		}
	}

	/**
	 * Creates a file with a short text.
	 * @param file must not exist, not even as a link
	 * @param text its content, written as UTF-8
	 * @throws FileAlreadyExistsException if there is something in its place
	 * @throws IOException if it can't be created or written
	 */
	public static void createWithText(Path file, String text) throws IOException {
		try (FileChannel channel = create(file)) {
			ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
		}
	}

	/** Returns whether there is something under this path, if only a link. */
	public static boolean exists(Path path) {
		return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
	}

	/** Returns whether a path leads to a regular file and not to a link. */
	public static boolean isFile(Path path) {
		return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Returns what a path leads to.
	 * @param path the path
	 * @return its attributes, or those of the link that it is
	 * @throws IOException if it does not exist or can't be looked at
	 */
	public static BasicFileAttributes attributes(Path path) throws IOException {
		return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
	}

	/** Changes the time of a file that this process has created. */
	public static void setTime(Path file, FileTime time) throws IOException {
		setTimes(file, time, null);
	}

	/**
	 * Makes a file look as if it had just been read, to cleaners of old files. Not for a
	 * locked file: the lock would be dropped.
	 * @param file the file
	 * @param changed whether it is also to look as if it had just been changed
	 * @throws IOException if it does not exist, or belongs to another user
	 */
	public static void refreshTimes(Path file, boolean changed) throws IOException {
		FileTime now = FileTime.fromMillis(System.currentTimeMillis());
		setTimes(file, changed ? now : null, now);
	}

	private static void setTimes(Path file, @Nullable FileTime changed, @Nullable FileTime read) throws IOException {
		Trust.requireRealFolder(file);
		Trust.requireTrusted(file, 1);
		Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.setTimes(changed, read, null);
	}

	/**
	 * Deletes a file, or a link without what it leads to.
	 * @param file the file, which need not exist
	 * @throws IOException if it can't be deleted
	 */
	public static void deleteIfExists(Path file) throws IOException {
		try {
			Trust.requireRealFolder(file);
			Files.deleteIfExists(file);
		}
		catch (NoSuchFileException ex) {
			// Nor does its folder exist.
		}
	}

	/**
	 * Renames a file in one step, in place of what has the other name.
	 * @param from the file
	 * @param to its name from then on
	 * @throws IOException if that is not possible
	 */
	public static void move(Path from, Path to) throws IOException {
		Trust.requireRealFolder(from);
		Trust.requireRealFolder(to);
		Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Renames a file, unless something has the other name already. Before the old name is
	 * gone the file has both for a moment.
	 * @param from the file
	 * @param to its name from then on
	 * @throws FileAlreadyExistsException if the name is in use
	 * @throws IOException if that is not possible
	 */
	public static void publish(Path from, Path to) throws IOException {
		Trust.requireRealFolder(from);
		Trust.requireRealFolder(to);
		try {
			Files.createLink(to, from);
			Files.delete(from);
		}
		catch (UnsupportedOperationException ex) {
			// Not in one step, but where files have one name there are no groups.
			Files.move(from, to);
		}
	}

	/**
	 * Keeps a file under a second name.
	 * @param file the file, which stays
	 * @param kept its second name; what has it is deleted
	 * @throws IOException if that is not possible
	 */
	public static void keep(Path file, Path kept) throws IOException {
		deleteIfExists(kept);
		Trust.requireRealFolder(file);
		try {
			Files.createLink(kept, file);
		}
		catch (UnsupportedOperationException | FileSystemException ex) {
			Files.copy(file, kept, LinkOption.NOFOLLOW_LINKS);
		}
	}

	/**
	 * Renames what is in the place of a file or folder of the store, so that there is
	 * room for one. It is not deleted, because it may be of value to its owner.
	 * @param path what can't be used: something else, or a file of another version
	 * @return its new path, in the same folder
	 * @throws IOException if that is not possible
	 */
	public static Path putAside(Path path) throws IOException {
		for (int i = 1; i <= MOST_NAMES; i++) {
			Path aside = path.resolveSibling(path.getFileName() + ASIDE + i);
			if (!exists(aside)) {
				move(path, aside);
				return aside;
			}
		}
		throw new IOException("no free name to put a file aside: limit=" + MOST_NAMES + ", file=" + path);
	}

	/**
	 * Puts aside what is in the place of a file of the store, if it is something else: a
	 * folder, a link, a pipe.
	 * @param path the place
	 * @return the new path of what was there; null if there is a regular file, or nothing
	 * @throws IOException if it can't be renamed
	 */
	public static @Nullable Path putAsideIfNoFile(Path path) throws IOException {
		try {
			return attributes(path).isRegularFile() ? null : putAside(path);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

}
