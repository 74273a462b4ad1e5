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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Creates the files and folders of a store with access for their owner alone. If the
 * parent folder is group-writable and has the set-group-id bit (mode 2770), with which
 * administrators share folders between users, its group gets access, too. On a file
 * system without such permissions, the folder decides.
 */
public final class Permissions {

	private static final FileAttribute<?>[] NONE = {};

	private static final int GROUP_SHARED_DIRECTORY = 02770;

	private static final int GROUP_SHARED_FILE = 0660;

	private static final int GROUP_BITS = 02070;

	private static final int GROUP_READ_WRITE = 0060;

	private static final int OTHERS_WRITE = 0002;

	private static final int STICKY = 01000;

	private Permissions() {
	}

	/**
	 * Gives the group access to a file that was created with the usual rights, if its
	 * folder is shared with the group.
	 * @param file the file
	 */
	public static void share(Path file) {
		try {
			FileStatus created = FileStatus.of(file);
			share(file, created, created.mode() | GROUP_READ_WRITE);
		}
		catch (IOException ex) {
			// Another user has created it, and has done this.
		}
	}

	/**
	 * Returns whether the group of a folder gets access to what is created in it. It does
	 * not if any user could have created the folder, as in {@code /tmp}, or its files.
	 * @param directory the folder
	 * @return whether it does
	 */
	public static boolean isGroupShared(Path directory) {
		Path parent = directory.getParent();
		int mode = mode(directory);
		return parent != null && (mode & GROUP_BITS) == GROUP_BITS && (mode & OTHERS_WRITE) == 0
				&& (mode(parent) & OTHERS_WRITE) == 0;
	}

	private static int mode(Path path) {
		try {
			return FileStatus.of(path).mode();
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * Returns whether any user may create files in a folder, and rename those of others.
	 * @param directory the folder
	 * @return whether it is, and has no sticky bit
	 */
	public static boolean isOpenToAll(Path directory) {
		int mode = mode(directory);
		return (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
	}

	static FileAttribute<?>[] ofNewFile(Path file) {
		return of(file, "rw-------", "rw-rw----");
	}

	static FileAttribute<?>[] ofNewDirectory(Path directory) {
		return of(directory, "rwx------", "rwxrwx---");
	}

	private static FileAttribute<?>[] of(Path path, String owner, String group) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return NONE;
		}
		return new FileAttribute<?>[] { PosixFilePermissions
			.asFileAttribute(PosixFilePermissions.fromString(isInSharedFolder(path) ? group : owner)) };
	}

	private static boolean isInSharedFolder(Path path) {
		Path directory = path.getParent();
		return directory != null && isGroupShared(directory);
	}

	/**
	 * Gives the group the rights that the umask took away when a file or folder was
	 * created.
	 * @param path what this process has created
	 * @param created its status then
	 * @throws IOException if another process has replaced it since
	 */
	static void share(Path path, FileStatus created) throws IOException {
		share(path, created,
				(created.type() == FileStatus.Type.DIRECTORY) ? GROUP_SHARED_DIRECTORY : GROUP_SHARED_FILE);
	}

	private static void share(Path path, FileStatus created, int mode) throws IOException {
		if (created.has(mode) || !isInSharedFolder(path)) {
			return;
		}
		Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
		if (!FileStatus.of(path).isSameAs(created)) {
			throw new UntrustedFileException(path, "replaced while it was created");
		}
	}

}
