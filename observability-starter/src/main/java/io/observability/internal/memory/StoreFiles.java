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
import java.nio.file.DirectoryStream;
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
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * The one place where files of the store are opened, created, moved and deleted.
 *
 * <p>
 * Protocol. The users of a group may share a store, and each of them may put anything
 * into its folders at any moment. A process must not be made to read, write or open up
 * what is not in the store, or to wait. So no link is followed, neither in the place of a
 * file nor of a folder above it that another user could have put there. A file is looked
 * at before it is opened, and must be a regular file that belongs to the owner of its
 * folder or, in a folder that is shared, to the folder's group. It is looked at again
 * when it is open, and must be the same. One that is written must have no second name
 * outside the store.
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

	/** A lock file is empty, or has the byte of its holder's last heartbeat. */
	private static final int MOST_BYTES_OF_LOCK = 1;

	/** Number of the user to whom belongs what this process creates; -1 until then. */
	private static volatile int thisUser = -1;

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
		requireRealFolder(file);
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
		requireRealFolder(file);
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
			FileStatus before = requireTrusted(file, mostLinks);
			FileChannel channel = FileChannel.open(file, EXISTING);
			boolean opened = false;
			try {
				channel.position();
				opened = before.isSameAs(requireTrusted(file, mostLinks));
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

	private static FileStatus requireTrusted(Path file, int mostLinks) throws IOException {
		FileStatus status = FileStatus.of(file);
		if (status.type() != FileStatus.Type.FILE) {
			throw new UntrustedFileException(file, "Is " + status.type());
		}
		if (status.links() > mostLinks) {
			throw new UntrustedFileException(file, "it has further names: links=" + status.links());
		}
		requireOwner(file, status);
		return status;
	}

	private static void requireOwner(Path path, FileStatus status) throws IOException {
		if (status.user() == thisUser) {
			return;
		}
		Path directory = folderOf(path);
		FileStatus folder = FileStatus.of(directory);
		if (status.user() != folder.user()
				&& !(Permissions.isGroupShared(directory) && status.group() == folder.group())) {
			throw new UntrustedFileException(path, "it belongs to another user: owner=" + status.user() + ", group="
					+ status.group() + ", owner of folder=" + folder.user() + ", group of folder=" + folder.group());
		}
	}

	private static Path folderOf(Path path) {
		Path directory = path.toAbsolutePath().getParent();
		return (directory != null) ? directory : path;
	}

	private static void requireRealFolder(Path path) throws IOException {
		requireReal(folderOf(path));
	}

	/**
	 * Refuses a link in the place of a folder, up to the first one that other users can't
	 * have put there.
	 */
	private static void requireReal(Path directory) throws IOException {
		Path folder = directory;
		FileStatus status = requireDirectory(folder);
		while (status.type() == FileStatus.Type.DIRECTORY) {
			Path above = folderOf(folder);
			if (above.equals(folder)) {
				return;
			}
			status = FileStatus.of(above);
			if (!Permissions.isGroupShared((status.type() == FileStatus.Type.LINK) ? folderOf(above) : above)) {
				return;
			}
			folder = above;
		}
		throw new UntrustedFileException(folder, "Is " + status.type());
	}

	/**
	 * Creates a file. Its owner, or the group that shares the folder, gets access.
	 * @param file must not exist, not even as a link
	 * @return the file, open for reading and writing
	 * @throws FileAlreadyExistsException if there is something in its place
	 * @throws IOException if it can't be created
	 */
	public static FileChannel create(Path file) throws IOException {
		requireRealFolder(file);
		FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, READ, WRITE, LinkOption.NOFOLLOW_LINKS),
				Permissions.ofNewFile(file));
		try {
			FileStatus created = requireTrusted(file, 1);
			thisUser = created.user();
			Permissions.share(file, created);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Creates the store's own folder, if it does not exist. The folders above it are the
	 * user's: links among them are followed.
	 * @param directory the folder, whose parent exists
	 * @throws IOException if it can't be created
	 */
	public static void createRoot(Path directory) throws IOException {
		try {
			createDirectory(directory);
		}
		catch (FileAlreadyExistsException ex) {
			requireDirectory(directory);
		}
	}

	/**
	 * Creates a folder and its missing parents, if it does not exist. Its owner, or the
	 * group that shares the folder above, gets access.
	 * @param directory the folder
	 * @throws UntrustedFileException if something else is in its place
	 * @throws IOException if it can't be created
	 */
	public static void createDirectories(Path directory) throws IOException {
		Path parent = folderOf(directory);
		if (!parent.equals(directory) && !exists(parent)) {
			createDirectories(parent);
		}
		requireRealFolder(directory);
		try {
			createDirectory(directory);
		}
		catch (FileAlreadyExistsException ex) {
			requireOwner(directory, requireDirectory(directory));
		}
	}

	private static void createDirectory(Path directory) throws IOException {
		Files.createDirectory(directory, Permissions.ofNewDirectory(directory));
		FileStatus created = requireDirectory(directory);
		thisUser = created.user();
		Permissions.share(directory, created);
	}

	private static FileStatus requireDirectory(Path directory) throws IOException {
		FileStatus status = FileStatus.of(directory);
		if (status.type() != FileStatus.Type.DIRECTORY) {
			throw new UntrustedFileException(directory, "Is " + status.type());
		}
		return status;
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
	 * Lists a folder. The folders above it are not looked at: those who open what is
	 * listed do that. Unlike a {@link java.nio.file.DirectoryStream} this does not wait
	 * if a pipe has been put in the folder's place since it was looked at.
	 * @param directory the folder
	 * @param prefix how the wanted names begin
	 * @param suffix how they end
	 * @return the paths of what is in it, in no order
	 * @throws IOException if it can't be read, or is no folder
	 */
	public static List<Path> list(Path directory, String prefix, String suffix) throws IOException {
		if (!attributes(directory).isDirectory()) {
			throw new UntrustedFileException(directory, "Is not a directory");
		}
		String[] names = directory.toFile().list((folder, name) -> name.startsWith(prefix) && name.endsWith(suffix));
		if (names == null) {
			throw new FileSystemException(directory.toString(), null, "can't be listed");
		}
		return Stream.of(names).map(directory::resolve).toList();
	}

	/** Returns whether there is something under this path, if only a link. */
	public static boolean exists(Path path) {
		return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
	}

	/** Returns whether a path leads to a folder and not to a link. */
	public static boolean isDirectory(Path path) {
		return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
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
		requireRealFolder(file);
		requireTrusted(file, 1);
		Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.setTimes(time, null, null);
	}

	/**
	 * Makes a file look as if it had just been read, to cleaners of old files. Not for a
	 * locked file: the lock would be dropped.
	 * @param file the file
	 * @param changed whether it is also to look as if it had just been changed
	 * @throws IOException if it does not exist, or belongs to another user
	 */
	public static void refreshTimes(Path file, boolean changed) throws IOException {
		requireRealFolder(file);
		requireTrusted(file, 1);
		FileTime now = FileTime.fromMillis(System.currentTimeMillis());
		Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.setTimes(changed ? now : null, now, null);
	}

	/**
	 * Deletes a file, or a link without what it leads to.
	 * @param file the file, which need not exist
	 * @throws IOException if it can't be deleted
	 */
	public static void deleteIfExists(Path file) throws IOException {
		try {
			requireRealFolder(file);
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
		requireRealFolder(from);
		requireRealFolder(to);
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
		requireRealFolder(from);
		requireRealFolder(to);
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
		requireRealFolder(file);
		try {
			Files.createLink(kept, file);
		}
		catch (UnsupportedOperationException | FileSystemException ex) {
			Files.copy(file, kept, LinkOption.NOFOLLOW_LINKS);
		}
	}

	/**
	 * Renames what is in the place of a file of the store, so that there is room for one.
	 * @param path what is not trusted
	 * @throws IOException if that is not possible
	 */
	public static void putAside(Path path) throws IOException {
		move(path, path.resolveSibling(path.getFileName() + ".refused-" + Long.toHexString(System.nanoTime())));
	}

}
