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

package io.observability.internal.metrics.read;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.Uninterruptibly;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;

/**
 * Where the archive is in a store, and what its readers rely on.
 */
public final class ArchiveFile {

	/** For how many generations an archive notes which sequences it holds. */
	public static final int REMEMBERED_GENERATIONS = 64;

	private ArchiveFile() {
	}

	/**
	 * Returns the archive's file.
	 * @param store the fleet's folder
	 * @return the file, which need not exist
	 */
	public static Path of(StoreDirectory store) {
		return store.archivedTotals();
	}

	/**
	 * Returns the lock that is held while the archive is replaced.
	 * @param store the fleet's folder
	 * @return the lock's file, which need not exist
	 */
	public static Path lock(StoreDirectory store) {
		return store.archive().resolve("lock");
	}

	/**
	 * Returns whether the archive notes that a sequence has been folded.
	 * @param store the fleet's folder
	 * @param sequence the sequence
	 * @return whether it holds the sequence's totals
	 * @throws IOException if the archive can't be read
	 */
	public static boolean holds(StoreDirectory store, SequenceId sequence) throws IOException {
		try {
			return Uninterruptibly.call(() -> {
				try (SegmentReader archive = new SegmentReader(
						SegmentSource.of(of(store), new ReadBuffer(SegmentReader.CHUNK_BYTES)))) {
					return archive.refresh() && archive.folded().containsKey(sequence);
				}
			});
		}
		catch (NoSuchFileException | CorruptSegmentException ex) {
			return false;
		}
	}

}
