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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What takes the locks of a living process away from it.
 */
public final class Locks {

	private Locks() {
	}

	/**
	 * Makes the kernel drop the lock that this process has on a file, as any code does
	 * that reads the file.
	 * @param file the locked file
	 * @throws IOException if it can't be opened
	 */
	public static void drop(Path file) throws IOException {
		FileChannel.open(file, StandardOpenOption.READ).close();
	}

	/**
	 * Drops all locks that this process has in a store.
	 * @param store the folder
	 * @throws IOException if a file can't be opened
	 */
	public static void dropAll(Path store) throws IOException {
		List<Path> files = new ArrayList<>(ofSlots(store));
		files.add(store.resolve("archive").resolve("lock"));
		files.add(store.resolve("collector.lock"));
		for (Path file : files) {
			try {
				drop(file);
			}
			catch (NoSuchFileException ex) {
				// Not used so far, or replaced meanwhile.
			}
		}
	}

	/**
	 * Deletes the lock files of all slots, as a cleaner of old files does.
	 * @param store the folder
	 * @throws IOException if one can't be deleted
	 */
	public static void deleteOfSlots(Path store) throws IOException {
		for (Path file : ofSlots(store)) {
			Files.deleteIfExists(file);
		}
	}

	/**
	 * Returns the lock files of all slots.
	 * @param store the folder
	 * @return those that exist, in no order
	 * @throws IOException if it can't be read
	 */
	public static List<Path> ofSlots(Path store) throws IOException {
		try (Stream<Path> slots = Files.list(store.resolve("slots"))) {
			return slots.map((slot) -> slot.resolve("lock")).filter(Files::exists).toList();
		}
	}

}
