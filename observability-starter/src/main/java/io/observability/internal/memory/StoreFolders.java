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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates and lists folders of the store, with the care of {@link StoreFiles}.
 */
public final class StoreFolders {

	private StoreFolders() {
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
			Trust.requireDirectory(directory);
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
		Path parent = Trust.folderOf(directory);
		if (!parent.equals(directory) && !StoreFiles.exists(parent)) {
			createDirectories(parent);
		}
		Trust.requireRealFolder(directory);
		try {
			createDirectory(directory);
		}
		catch (FileAlreadyExistsException ex) {
			Trust.requireOwner(directory, Trust.requireDirectory(directory));
		}
	}

	private static void createDirectory(Path directory) throws IOException {
		Files.createDirectory(directory, Permissions.ofNewDirectory(directory));
		FileStatus created = Trust.requireDirectory(directory);
		Trust.noteThisUser(created);
		Permissions.share(directory, created);
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
		if (!StoreFiles.attributes(directory).isDirectory()) {
			throw new UntrustedFileException(directory, "Is not a directory");
		}
		String[] names = directory.toFile().list((folder, name) -> name.startsWith(prefix) && name.endsWith(suffix));
		if (names == null) {
			throw new FileSystemException(directory.toString(), null, "can't be listed");
		}
		return Stream.of(names).map(directory::resolve).toList();
	}

	/** Returns whether a path leads to a folder and not to a link. */
	public static boolean isDirectory(Path path) {
		return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
	}

}
