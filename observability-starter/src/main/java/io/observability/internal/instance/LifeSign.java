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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * When an instance gave its last sign of life, so that others can tell when one was
 * killed.
 *
 * <p>
 * Protocol. The file {@code slots/<n>/alive} has the id of an instance as its text, and
 * its time is that of the instance's last sign. Only the slot's holder writes it, when it
 * is awake anyway. A reader ignores the file of a former occupant, and one that is
 * incomplete because its writer was killed: the next occupant replaces it. An instance
 * that leaves the fleet rewrites its description, whose time counts then. One thread at a
 * time.
 */
public final class LifeSign {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final int MOST_BYTES = 64;

	private final Instance instance;

	private @Nullable Path file;

	private long last = System.nanoTime() - INTERVAL.toNanos();

	/**
	 * Creates a sign that was not given yet.
	 * @param instance of this process
	 */
	public LifeSign(Instance instance) {
		this.instance = instance;
	}

	/** Gives a sign, unless the last one is new. If that fails it is the next one's. */
	public void renewIfDue() {
		long now = System.nanoTime();
		if (now - this.last < INTERVAL.toNanos()) {
			return;
		}
		this.last = now;
		Path file = this.instance.slot().lifeSign();
		try {
			if (file.equals(this.file)) {
				StoreFiles.setTime(file, FileTime.from(Instant.now()));
			}
			else {
				StoreFiles.putAsideIfNoFile(file);
				StoreFiles.deleteIfExists(file);
				StoreFiles.createWithText(file, this.instance.info().id());
				this.file = file;
			}
		}
		catch (IOException ex) {
			// Deleted, or the disk is full: it only says when this instance has ended.
			this.file = null;
		}
	}

	/**
	 * Returns when an instance that is not alive has ended.
	 * @param slot that it held last
	 * @param occupant the instance
	 * @return the time, some seconds early if it was killed; null if it is unknown
	 */
	public static @Nullable Instant lastOf(Slot slot, InstanceInfo occupant) {
		try {
			if (occupant.process() == null) {
				return StoreFiles.attributes(slot.infoFile()).lastModifiedTime().toInstant();
			}
			boolean own = StoreFiles.readText(slot.lifeSign(), MOST_BYTES).equals(occupant.id());
			return own ? StoreFiles.attributes(slot.lifeSign()).lastModifiedTime().toInstant() : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
