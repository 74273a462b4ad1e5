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

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small file system in memory. A process keeps it mounted, out of everybody else's
 * sight, so nothing is left behind however a test ends.
 */
public final class SmallDisk implements Closeable {

	private static final String FILLER = "filler";

	private final Process holder;

	private final Path path;

	private SmallDisk(Process holder, Path path) {
		this.holder = holder;
		this.path = path;
	}

	/**
	 * Makes a small disk.
	 * @param directory an empty folder
	 * @param size of the disk, as {@code mount} takes it, and further options
	 * @return the disk, or null if it can't be had, as it takes the rights of root
	 * @throws IOException if the process can't be talked to
	 */
	public static SmallDisk mount(Path directory, String size) throws IOException {
		Process holder;
		try {
			holder = new ProcessBuilder("unshare", "--mount", "sh", "-c",
					"mount -t tmpfs -o size=" + size + " tmpfs " + directory + " && echo mounted && cat")
				.start();
		}
		catch (IOException ex) {
			return null;
		}
		BufferedReader output = holder.inputReader();
		if (!"mounted".equals(output.readLine())) {
			holder.destroy();
			return null;
		}
		return new SmallDisk(holder, Path.of("/proc", Long.toString(holder.pid()), "root" + directory));
	}

	/**
	 * Returns where the disk is to be found.
	 * @return the folder, for any process
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Leaves no room on the disk.
	 * @throws IOException if it can't be written for another reason
	 */
	public void fill() throws IOException {
		byte[] some = new byte[4096];
		try (OutputStream filler = Files.newOutputStream(this.path.resolve(FILLER))) {
			while (true) {
				filler.write(some);
			}
		}
		catch (IOException ex) {
			if (this.path.toFile().getUsableSpace() > 0) {
				throw ex;
			}
		}
	}

	/**
	 * Leaves no inodes on the disk.
	 * @throws IOException if no folder for them can be created
	 */
	public void fillInodes() throws IOException {
		Path folder = Files.createDirectory(this.path.resolve(FILLER));
		try {
			for (int i = 0;; i++) {
				Files.createFile(folder.resolve(Integer.toString(i)));
			}
		}
		catch (FileSystemException ex) {
			// There is none left.
		}
	}

	/**
	 * Makes inodes available again.
	 * @throws IOException if that fails
	 */
	public void freeInodes() throws IOException {
		for (Path file : LiveFolder.tree(this.path.resolve(FILLER))) {
			if (Files.isRegularFile(file)) {
				Files.delete(file);
			}
		}
		Files.delete(this.path.resolve(FILLER));
	}

	/**
	 * Makes room again.
	 * @throws IOException if that fails
	 */
	public void free() throws IOException {
		Files.delete(this.path.resolve(FILLER));
	}

	@Override
	public void close() {
		this.holder.destroy();
	}

}
