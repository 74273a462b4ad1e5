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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A real user of this host, one of several in one group. Only root can act as another
 * user.
 *
 * @param id number of the user, who need not have a name
 */
public record OtherUser(int id) {

	/** The group of all of them. */
	public static final int GROUP = 54_320;

	/** Skips the test if this process can't act as another user. */
	public static void assumeAvailable() {
		assumeThat(isRoot()).as("processes of other users can be started, which takes root").isTrue();
	}

	private static boolean isRoot() {
		try {
			return new ProcessBuilder("setpriv", "--reuid=54321", "--regid=" + GROUP, "--clear-groups", "true").start()
				.waitFor() == 0;
		}
		catch (IOException | InterruptedException ex) {
			return false;
		}
	}

	/**
	 * Returns the program that starts another one as this user.
	 * @return the program and its arguments
	 */
	public List<String> launcher() {
		return List.of("setpriv", "--reuid=" + this.id, "--regid=" + GROUP, "--clear-groups");
	}

	/**
	 * Runs a script as this user, and waits for its end.
	 * @param directory where it runs
	 * @param script for the shell
	 */
	public void run(Path directory, String script) {
		List<String> command = new ArrayList<>(launcher());
		command.addAll(List.of("sh", "-c", "umask 007\n" + script));
		try {
			Process process = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start();
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("script ends: " + script).isTrue();
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Gives a file or folder to this user and the group.
	 * @param path the file or folder
	 * @param mode its mode then
	 * @return the path
	 * @throws IOException if that fails
	 */
	public Path own(Path path, int mode) throws IOException {
		Files.setAttribute(path, "unix:uid", this.id);
		Files.setAttribute(path, "unix:gid", GROUP);
		Files.setAttribute(path, "unix:mode", mode);
		return path;
	}

	/**
	 * Copies this JVM's class path to where all users can read it.
	 * @param directory an empty folder
	 * @return the class path of the copy
	 */
	public static String readableClassPath(Path directory) {
		return readable(System.getProperty("java.class.path"), directory);
	}

	/**
	 * Copies a class path to where all users can read it.
	 * @param classPath the class path
	 * @param directory an empty folder
	 * @return the class path of the copy
	 */
	public static String readable(String classPath, Path directory) {
		List<String> copies = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator, 0)) {
			if (entry.isEmpty() || !Files.exists(Path.of(entry))) {
				continue;
			}
			Path copy = directory.resolve(copies.size() + "-" + Path.of(entry).getFileName());
			run("cp", "-r", entry, copy.toString());
			copies.add(copy.toString());
		}
		run("chmod", "-R", "a+rX", directory.toString());
		return String.join(File.pathSeparator, copies);
	}

	private static void run(String... command) {
		try {
			assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
