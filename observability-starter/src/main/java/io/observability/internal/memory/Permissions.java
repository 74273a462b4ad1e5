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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

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

	private static final int PERMISSIONS = 07777;

	private static final int OTHERS_WRITE = 0002;

	private Permissions() {
	}

	/**
	 * Opens a file. If this creates it, only its owner, or the group, gets access.
	 * @param file the file
	 * @param options as for {@link FileChannel#open}
	 * @return the open file
	 * @throws IOException if it can't be opened
	 */
	public static FileChannel open(Path file, OpenOption... options) throws IOException {
		FileChannel channel = FileChannel.open(file, Set.of(options), ownerOnly(file, "rw-------"));
		share(file, GROUP_SHARED_FILE);
		return channel;
	}

	/**
	 * Gives the group access to a file that was created with the usual rights, if its
	 * folder is shared with the group.
	 * @param file the file
	 */
	public static void share(Path file) {
		share(file, (mode(file) & PERMISSIONS) | GROUP_READ_WRITE);
	}

	/**
	 * Creates a folder and its missing parents, if it does not exist. Only its owner, or
	 * the group, gets access.
	 * @param directory the folder
	 * @throws IOException if it can't be created
	 */
	public static void createDirectories(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
			share(directory, GROUP_SHARED_DIRECTORY);
		}
	}

	/**
	 * Returns whether the group of a folder gets access to what is created in it. It does
	 * not if any user could have created the folder, as in {@code /tmp}.
	 * @param directory the folder
	 * @return whether it does
	 */
	public static boolean isGroupShared(Path directory) {
		Path parent = directory.getParent();
		return parent != null && (mode(directory) & GROUP_BITS) == GROUP_BITS && (mode(parent) & OTHERS_WRITE) == 0;
	}

	private static int mode(Path path) {
		try {
			return (int) Files.getAttribute(path, "unix:mode");
		}
		catch (IOException | UnsupportedOperationException | IllegalArgumentException ex) {
			return 0;
		}
	}

	private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return NONE;
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
	}

	/** Done after the creation, at which the umask takes the group's rights away. */
	private static void share(Path path, int mode) {
		Path directory = path.getParent();
		if (directory != null && isGroupShared(directory)) {
			try {
				Files.setAttribute(path, "unix:mode", mode);
			}
			catch (IOException | UnsupportedOperationException | IllegalArgumentException ex) {
				// Another user has created it, and has done this.
			}
		}
	}

}
