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

package io.observability.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Does to a store what another user of its group can do.
 */
public final class HostilePeer {

	private static final int OTHER_USER = 65_534;

	private HostilePeer() {
	}

	/**
	 * Makes a folder in which a group shares files.
	 * @param directory the folder
	 * @return the folder
	 * @throws IOException if that fails
	 */
	public static Path shareWithGroup(Path directory) throws IOException {
		Files.createDirectories(directory);
		Files.setAttribute(directory, "unix:mode", 02770);
		return directory;
	}

	/**
	 * Puts a pipe, at whose other end there is no process, in the place of a file.
	 * @param path the file
	 * @throws IOException if that fails
	 */
	public static void putPipe(Path path) throws IOException {
		Files.deleteIfExists(path);
		try {
			assertThat(new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor()).isZero();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Puts a link in the place of a file.
	 * @param path the file
	 * @param target what it leads to
	 * @throws IOException if that fails
	 */
	public static void putLink(Path path, Path target) throws IOException {
		Files.deleteIfExists(path);
		Files.createSymbolicLink(path, target);
	}

	/**
	 * Gives a file to another user and group. Skips the test if that is not possible, as
	 * it takes the rights of root.
	 * @param path the file
	 * @throws IOException never
	 */
	public static void giveAway(Path path) throws IOException {
		boolean given = true;
		try {
			Files.setAttribute(path, "unix:uid", OTHER_USER);
			Files.setAttribute(path, "unix:gid", OTHER_USER);
		}
		catch (IOException ex) {
			given = false;
		}
		assumeThat(given).as("ownership can be given away, which takes root").isTrue();
	}

	/**
	 * Creates a file of this user that no other may read.
	 * @param path the file
	 * @return its status, to be compared
	 * @throws IOException if that fails
	 */
	public static Victim victim(Path path) throws IOException {
		Files.writeString(path, "secret\n");
		Files.setAttribute(path, "unix:mode", 0600);
		return new Victim(path, Files.getAttribute(path, "unix:mode"));
	}

	/**
	 * A file that is none of the store.
	 *
	 * @param path the file
	 * @param mode its type and permissions
	 */
	public record Victim(Path path, Object mode) {

		/** Asserts that it is as it was. */
		public void assertUntouched() throws IOException {
			assertThat(this.path).hasContent("secret\n");
			assertThat(Files.getAttribute(this.path, "unix:mode")).isEqualTo(this.mode);
		}

	}

}
