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

package io.observability.internal.instance;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

import io.observability.internal.memory.StoreFolders;
import io.observability.internal.memory.UntrustedFileException;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a store.
 */
public final class Slots {

	private static final Pattern SLOT_NAME = Pattern.compile("0|[1-9][0-9]{0,4}");

	private static final int MAX_SLOTS = 65_536;

	/** So many slots in a row that can't be used have a common reason. */
	private static final int MAX_UNUSABLE = 8;

	private final Path directory;

	public Slots(StoreDirectory store) {
		this.directory = store.slots();
	}

	/**
	 * Lists all slots that were ever taken, by number.
	 * @return the slots
	 * @throws IOException if the folder can't be read
	 */
	public List<Slot> list() throws IOException {
		List<Slot> slots = new ArrayList<>();
		for (Path path : entries()) {
			if (StoreFolders.isDirectory(path)) {
				slots.add(new Slot(Integer.parseInt(path.getFileName().toString()), path));
			}
		}
		slots.sort(Comparator.comparingInt(Slot::number));
		return slots;
	}

	/**
	 * Lists what has the name of a slot, but is not a folder.
	 * @return the paths
	 * @throws IOException if the folder can't be read
	 */
	public List<Path> obstacles() throws IOException {
		return entries().stream().filter((path) -> !StoreFolders.isDirectory(path)).toList();
	}

	private List<Path> entries() throws IOException {
		try {
			return StoreFolders.list(this.directory, "", "").stream().filter(Slots::isSlotName).toList();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

	private static boolean isSlotName(Path path) {
		String name = path.getFileName().toString();
		return SLOT_NAME.matcher(name).matches() && isNumber(Integer.parseInt(name));
	}

	/**
	 * Returns whether a slot may have a number.
	 * @param number the number
	 * @return whether it is in the range of the slots' numbers
	 */
	public static boolean isNumber(int number) {
		return number >= 0 && number < MAX_SLOTS;
	}

	/** Takes the lowest slot that no living process holds and that can be used. */
	<T> T takeLowest(Occupation<T> occupation) throws IOException {
		IOException failure = null;
		int failures = 0;
		for (int number = 0; number < MAX_SLOTS && failures < MAX_UNUSABLE; number++) {
			Slot slot = new Slot(number, this.directory.resolve(Integer.toString(number)));
			try {
				ProcessLock lock = isOfLivingProcess(slot) ? null : tryTake(slot);
				if (lock != null) {
					return occupation.begin(slot, lock);
				}
			}
			catch (IOException ex) {
				// A damaged slot does not stand for the others, a full disk does.
				failures++;
				if (failure == null) {
					failure = ex;
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
		throw new IOException("no free slot: limit=" + MAX_SLOTS + ", directory=" + this.directory);
	}

	/** The lock is left alone: a process that has lost it is about to take it again. */
	private static boolean isOfLivingProcess(Slot slot) {
		InstanceInfo occupant = slot.occupant();
		return occupant != null && occupant.isProcessRunning();
	}

	/** Takes a slot; null if a living process holds it. */
	@Nullable ProcessLock tryTake(Slot slot) throws IOException {
		StoreFolders.createDirectories(slot.directory());
		try {
			return ProcessLock.tryAcquire(slot.lockFile());
		}
		catch (UntrustedFileException ex) {
			// It has been put aside.
			return ProcessLock.tryAcquire(slot.lockFile());
		}
	}

	/**
	 * Makes use of a slot that was taken.
	 *
	 * @param <T> what the use is called
	 */
	@FunctionalInterface
	interface Occupation<T> {

		/**
		 * Begins the use.
		 * @throws IOException if the slot can't be used; its lock is released then
		 */
		T begin(Slot slot, ProcessLock lock) throws IOException;

	}

}
