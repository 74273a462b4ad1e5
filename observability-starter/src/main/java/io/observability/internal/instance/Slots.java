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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.observability.internal.memory.Permissions;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a store.
 */
public final class Slots {

	private static final int MAX_SLOTS = 65_536;

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
			if (Files.isDirectory(path)) {
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
		return entries().stream().filter((path) -> !Files.isDirectory(path)).toList();
	}

	private List<Path> entries() throws IOException {
		List<Path> entries = new ArrayList<>();
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(this.directory, Slots::isSlotName)) {
			paths.forEach(entries::add);
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return entries;
	}

	private static boolean isSlotName(Path path) {
		String name = path.getFileName().toString();
		return !name.isEmpty() && name.length() <= 5 && name.chars().allMatch((c) -> c >= '0' && c <= '9');
	}

	/** Takes the lowest slot that no living process holds. */
	HeldSlot takeLowest() throws IOException {
		for (int number = 0; number < MAX_SLOTS; number++) {
			Slot slot = new Slot(number, this.directory.resolve(Integer.toString(number)));
			ProcessLock lock = tryTakeUsable(slot);
			if (lock != null) {
				return new HeldSlot(slot, lock);
			}
		}
		throw new IOException("no free slot: limit=" + MAX_SLOTS + ", directory=" + this.directory);
	}

	/**
	 * If something is in the place of the slot's folder or lock, the next slot is tried.
	 */
	private @Nullable ProcessLock tryTakeUsable(Slot slot) throws IOException {
		try {
			return tryTake(slot);
		}
		catch (IOException ex) {
			boolean usable = Files.isDirectory(slot.directory()) ? !Files.isDirectory(slot.lockFile())
					: !Files.exists(slot.directory(), LinkOption.NOFOLLOW_LINKS);
			if (usable) {
				throw ex;
			}
			return null;
		}
	}

	/** Takes a slot; null if a living process holds it. */
	@Nullable ProcessLock tryTake(Slot slot) throws IOException {
		Permissions.createDirectories(slot.directory());
		return ProcessLock.tryAcquire(slot.lockFile());
	}

	record HeldSlot(Slot slot, ProcessLock lock) {
	}

}
