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

package io.observability.internal.metrics.write;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Region;
import io.observability.internal.memory.SlicedWrite;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.StoreFolders;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.task.Leadership;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a process to replace the archive, or to rely on no other process replacing
 * it. For one thread.
 *
 * <p>
 * Protocol. The process that is elected for {@code archive/lock} has the turn. It is
 * elected for one turn at a time. A process that is stopped in its turn loses it: another
 * one replaces the lock's file after some seconds. So a turn begins with deleting all
 * temporary files: a predecessor that goes on can't move its own to the archive any more.
 * A new archive's temporary file is created first, then it is checked that the lock is
 * still held, and only then the old archive is read. If the turn was lost before the
 * check, the check fails. If it was lost after the check, the successor finds the file
 * and deletes it, or finds the new archive in its place. A process that is killed in its
 * turn leaves a temporary file at most.
 */
public final class ArchiveTurn implements Closeable {

	private final Leadership candidate;

	private final StoreDirectory store;

	private @Nullable Path temporary;

	private ArchiveTurn(Leadership candidate, StoreDirectory store) {
		this.candidate = candidate;
		this.store = store;
	}

	/**
	 * Creates a process's candidacy.
	 * @param store the fleet's folder
	 * @return the candidate, for {@link #take}
	 */
	public static Leadership candidate(StoreDirectory store) {
		return new Leadership(ArchiveFile.lock(store));
	}

	/**
	 * Takes the turn if no other process has it.
	 * @param candidate this process's candidacy
	 * @param store the fleet's folder
	 * @return the turn, or null if another process has it
	 * @throws IOException if the lock or a predecessor's file can't be used
	 */
	public static @Nullable ArchiveTurn take(Leadership candidate, StoreDirectory store) throws IOException {
		// Cleaners of old files delete an empty folder.
		StoreFolders.createDirectories(store.archive());
		if (!candidate.isLeader()) {
			return null;
		}
		ArchiveTurn turn = new ArchiveTurn(candidate, store);
		try {
			turn.deleteTemporaryFiles();
			return turn;
		}
		catch (IOException | RuntimeException ex) {
			candidate.close();
			throw ex;
		}
	}

	private void deleteTemporaryFiles() throws IOException {
		for (Path file : StoreFolders.list(this.store.archive(), "totals", ".tmp")) {
			StoreFiles.deleteIfExists(file);
		}
	}

	/**
	 * Creates the file for a new archive. To be called before the old one is read.
	 * @return whether the turn still lasts
	 * @throws IOException if the file can't be created
	 */
	public boolean prepare() throws IOException {
		Path file = this.store.archive().resolve("totals-" + UUID.randomUUID() + ".tmp");
		StoreFiles.create(file).close();
		this.temporary = file;
		return this.candidate.isUncontested();
	}

	/** Shows the other processes that this one gets on. */
	public void onProgress() {
		this.candidate.onSuccess();
	}

	/**
	 * Replaces the archive, unless this process has lost its turn.
	 * @param content the new archive
	 * @return whether it has been replaced
	 * @throws IOException if the new archive can't be written; the old one is still there
	 */
	public boolean publish(Region content) throws IOException {
		Path file = this.temporary;
		if (file == null) {
			throw new IllegalStateException("archive is not prepared");
		}
		try {
			write(content, file);
			if (!this.candidate.isUncontested()) {
				return false;
			}
			StoreFiles.move(file, ArchiveFile.of(this.store));
			return true;
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private static void write(Region content, Path file) throws IOException {
		try (FileChannel channel = StoreFiles.openForWriting(file)) {
			if (channel.size() > 0) {
				throw new IOException("archive's new file is not empty: length=" + channel.size() + ", file=" + file);
			}
			int size = content.capacity();
			for (int at = 0; at < size; at += SlicedWrite.SLICE) {
				SlicedWrite.write(channel, content.slice(at, Math.min(SlicedWrite.SLICE, size - at)), at);
			}
			channel.force(true);
		}
	}

	/** Gives the turn to others. */
	@Override
	public void close() throws IOException {
		Path file = this.temporary;
		try {
			if (file != null) {
				StoreFiles.deleteIfExists(file);
			}
		}
		finally {
			this.candidate.close();
		}
	}

}
