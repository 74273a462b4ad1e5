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
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A numbered place in the fleet for one instance: its folder, which instance holds or
 * last held it, and whether that process is alive.
 *
 * @param number the slot's number
 * @param directory the slot's folder
 */
public record Slot(int number, Path directory) {

	Path lockFile() {
		return this.directory.resolve("lock");
	}

	Path infoFile() {
		return this.directory.resolve("instance");
	}

	Path lifeSign() {
		return this.directory.resolve("alive");
	}

	/**
	 * Returns the instance that holds, or last held, the slot.
	 * @return the instance, or null if there was none or its file can't be read
	 */
	public @Nullable InstanceInfo occupant() {
		return InstanceInfo.read(infoFile(), this.number);
	}

	/**
	 * Returns the instance that is alive in this slot.
	 *
	 * <p>
	 * A new instance takes the lock before it writes its description. In between, its
	 * dead predecessor passes for alive; a living instance never passes for dead.
	 * @return the instance, or null if none is alive
	 */
	public @Nullable InstanceInfo livingOccupant() {
		boolean held = isHeld();
		InstanceInfo occupant = occupant();
		return (held || (occupant != null && occupant.isProcessRunning())) ? occupant : null;
	}

	/**
	 * Returns whether an instance is alive that was found in this slot. One whose lock
	 * was lost is, as long as its process runs: it is going to take the lock again.
	 * @param occupant the instance
	 * @return whether it holds the slot, or its process runs
	 */
	public boolean isAlive(InstanceInfo occupant) {
		return isHeld() || occupant.isProcessRunning();
	}

	/**
	 * Returns whether a living process holds the slot.
	 * @return whether it is held; true if that is unknown, because to take a living
	 * instance for dead does more harm than the reverse
	 */
	public boolean isHeld() {
		try {
			return ProcessLock.isHeld(lockFile());
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Returns whether a living process holds the slot.
	 * @param listed the locks that the kernel has just listed
	 * @param lock how the slot's lock is listed, or null if that is unknown
	 * @return whether it was held then, or is now
	 */
	public boolean isHeld(ListedLocks listed, @Nullable String lock) {
		return (lock != null && listed.contains(lock)) || isHeld();
	}

	/**
	 * Returns how the kernel lists the slot's lock. It stays the same as long as the
	 * slot's folder does.
	 * @return the name in {@link ListedLocks}, or null if that is unknown
	 */
	public @Nullable String listedLock() {
		try {
			return ListedLocks.nameOf(lockFile());
		}
		catch (IOException ex) {
			return null;
		}
	}

}
