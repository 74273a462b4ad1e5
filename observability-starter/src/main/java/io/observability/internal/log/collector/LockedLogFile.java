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

package io.observability.internal.log.collector;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The merged log's active file, while no collector writes to it. Not for a process whose
 * own collector has the file open: to close it drops all locks of a process on it.
 */
public final class LockedLogFile implements Closeable {

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final @Nullable FileChannel file;

	private LockedLogFile(@Nullable FileChannel file) {
		this.file = file;
	}

	/**
	 * Locks the file that has a path, also if it is rolled meanwhile.
	 * @param path of the active file, or null if there is none
	 * @param patience how long to try
	 * @return the locked file, or one that is not locked
	 */
	public static LockedLogFile open(@Nullable Path path, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		while (path != null && System.nanoTime() < deadline) {
			try {
				FileChannel locked = tryOpen(path);
				if (locked != null) {
					return new LockedLogFile(locked);
				}
			}
			catch (NoSuchFileException ex) {
				// It is being rolled.
			}
			catch (IOException ex) {
				break;
			}
			LockSupport.parkNanos(TICK_NANOS);
		}
		return new LockedLogFile(null);
	}

	private static @Nullable FileChannel tryOpen(Path path) throws IOException {
		String key = MergedFile.key(path);
		FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
		boolean locked = false;
		try {
			locked = LogFileLock.acquire(file).isHeld() && key.equals(MergedFile.key(path));
		}
		finally {
			if (!locked) {
				file.close();
			}
		}
		return locked ? file : null;
	}

	/** Returns whether it is locked. */
	public boolean isLocked() {
		return this.file != null;
	}

	/** Releases the lock. */
	@Override
	public void close() throws IOException {
		if (this.file != null) {
			this.file.close();
		}
	}

}
