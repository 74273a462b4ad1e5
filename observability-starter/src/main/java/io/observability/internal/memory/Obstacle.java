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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/**
 * What has the name of a file of the store, but can't be used as one: a folder, a link, a
 * pipe, or a file that this version does not understand. It is put aside under another
 * name rather than deleted, because it may be of value to its owner.
 */
public final class Obstacle {

	private static final String SUFFIX = ".unusable";

	private static final int MOST_NAMES = 1000;

	private Obstacle() {
	}

	/**
	 * Returns whether something else than a regular file has the name of a file. It must
	 * not be opened: a pipe would block.
	 * @param file the file
	 * @return whether it is an obstacle
	 * @throws NoSuchFileException if nothing has the name
	 * @throws IOException if that can't be found out
	 */
	public static boolean is(Path file) throws IOException {
		return !Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile();
	}

	/**
	 * Puts aside what is in the place of a regular file.
	 * @param file the place
	 * @return the new path of what was there; null if there is a regular file, or nothing
	 * @throws IOException if it can't be moved
	 */
	public static @Nullable Path clear(Path file) throws IOException {
		try {
			return is(file) ? putAside(file) : null;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/**
	 * Puts a file or folder aside.
	 * @param file the file or folder
	 * @return its new path, in the same folder
	 * @throws IOException if it can't be moved
	 */
	public static Path putAside(Path file) throws IOException {
		for (int i = 1; i <= MOST_NAMES; i++) {
			Path aside = file.resolveSibling(file.getFileName() + SUFFIX + i);
			if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
				return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
			}
		}
		throw new IOException("no free name to put a file aside: limit=" + MOST_NAMES + ", file=" + file);
	}

}
