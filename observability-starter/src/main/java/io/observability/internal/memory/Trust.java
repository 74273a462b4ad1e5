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
import java.nio.file.Path;

/**
 * Decides whether a file or folder is one of the store: see {@link StoreFiles}.
 */
final class Trust {

	/** Number of the user to whom belongs what this process creates; -1 until then. */
	private static volatile int thisUser = -1;

	private Trust() {
	}

	/** Notes who owns what this process creates, so that it need not be compared. */
	static void noteThisUser(FileStatus created) {
		thisUser = created.user();
	}

	/**
	 * Refuses what is no file of the store.
	 * @param file the file
	 * @param mostLinks how many names it may have
	 * @return its status
	 * @throws IOException if it is refused, or does not exist
	 */
	static FileStatus requireTrusted(Path file, int mostLinks) throws IOException {
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

	/** Refuses what neither the owner nor the group of its folder owns. */
	static void requireOwner(Path path, FileStatus status) throws IOException {
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

	static Path folderOf(Path path) {
		Path directory = path.toAbsolutePath().getParent();
		return (directory != null) ? directory : path;
	}

	/** Refuses what is in a folder that is a link. */
	static void requireRealFolder(Path path) throws IOException {
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

	/** Refuses what is no folder, without following links. */
	static FileStatus requireDirectory(Path directory) throws IOException {
		FileStatus status = FileStatus.of(directory);
		if (status.type() != FileStatus.Type.DIRECTORY) {
			throw new UntrustedFileException(directory, "Is " + status.type());
		}
		return status;
	}

}
