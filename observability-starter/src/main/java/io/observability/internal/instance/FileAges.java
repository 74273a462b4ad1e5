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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.StoreFolders;

/**
 * Keeps the files of a living instance from looking old. Programs that clean a folder for
 * temporary files delete what was not used for some days. What is written to a mapped
 * file need not change its time, and a file that is only locked has none but that of its
 * creation.
 *
 * <p>
 * The time of the slot's lock file is that of the last refreshing: it is the first one to
 * change. Locked files of leaders change by their heartbeats.
 */
final class FileAges {

	private static final Duration REFRESHED_AFTER = Duration.ofDays(1);

	private final StoreDirectory store;

	private final Slot slot;

	FileAges(StoreDirectory store, Slot slot) {
		this.store = store;
		this.slot = slot;
	}

	/** Refreshes the files if the last refreshing was a day ago. */
	void refreshIfDue(ProcessLock lock) throws IOException {
		long refreshed = StoreFiles.attributes(this.slot.lockFile()).lastModifiedTime().toMillis();
		if (System.currentTimeMillis() - refreshed < REFRESHED_AFTER.toMillis()) {
			return;
		}
		lock.touch();
		List<Path> files = StoreFolders.list(this.slot.directory(), "", "");
		files.stream().filter((file) -> !file.equals(this.slot.lockFile())).forEach((file) -> refresh(file, true));
		refresh(this.store.archivedTotals(), true);
		refresh(this.store.collectorClaim(), true);
		refreshWaiting();
	}

	/**
	 * Queues of terminated instances may wait for a long time, with the positions of the
	 * appenders that they wait for. The times of change are those of the last collecting.
	 */
	private void refreshWaiting() throws IOException {
		List<Path> files = new ArrayList<>(StoreFolders.list(this.store.path(), "", ".checkpoint"));
		for (Path slot : StoreFolders.list(this.store.slots(), "", "")) {
			if (StoreFolders.isDirectory(slot)) {
				files.addAll(StoreFolders.list(slot, "", ".seg"));
			}
		}
		files.forEach((file) -> refresh(file, false));
	}

	private static void refresh(Path file, boolean changed) {
		try {
			StoreFiles.refreshTimes(file, changed);
		}
		catch (IOException ex) {
			// Deleted meanwhile, or there is none, or it is another user's, whose
			// processes refresh it.
		}
	}

}
