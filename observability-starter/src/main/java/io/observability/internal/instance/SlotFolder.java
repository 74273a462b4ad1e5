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
import java.util.concurrent.TimeUnit;

import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * Whether it is worth checking an instance's files again. For one thread.
 *
 * <p>
 * Protocol. The time of the slot's folder changes with each file that is created, renamed
 * or deleted in it, and the folder is missing if the store was deleted. So one look at it
 * stands for one at each file. It does not show that a file was truncated, or that the
 * kernel has dropped a lock: the files are checked all the same now and then. Times are
 * coarse, and a file may be deleted in the same tick in which the folder is looked at:
 * its time counts only if it was in the past by then.
 */
public final class SlotFolder {

	private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** No file system's times are coarser than this. */
	private static final long TICK_MILLIS = TimeUnit.SECONDS.toMillis(1);

	private final Instance instance;

	private @Nullable Path directory;

	private @Nullable FileTime modified;

	private long checked;

	private boolean intact;

	/**
	 * Creates the view of a folder that was not checked yet.
	 * @param instance whose folder it is; it may move to another slot
	 */
	public SlotFolder(Instance instance) {
		this.instance = instance;
	}

	/** To be called before the files are checked. */
	public void beginCheck() {
		Path directory = this.instance.slot().directory();
		FileTime modified = modified(directory);
		boolean past = modified != null && System.currentTimeMillis() - modified.toMillis() >= TICK_MILLIS;
		this.directory = directory;
		this.modified = past ? modified : null;
		this.checked = System.nanoTime();
		this.intact = false;
	}

	/** To be called when all files have been found to be intact, or are again. */
	public void endCheck() {
		this.intact = true;
	}

	/**
	 * Returns whether the files may have changed since the last check, so that they are
	 * to be checked.
	 * @return false if they were intact, and none was created, renamed or deleted since
	 */
	public boolean mayHaveChanged() {
		FileTime last = this.modified;
		Path directory = this.instance.slot().directory();
		return !this.intact || last == null || !directory.equals(this.directory) || !last.equals(modified(directory))
				|| System.nanoTime() - this.checked >= LONGEST_NANOS;
	}

	private static @Nullable FileTime modified(Path directory) {
		try {
			return StoreFiles.attributes(directory).lastModifiedTime();
		}
		catch (IOException ex) {
			return null;
		}
	}

}
