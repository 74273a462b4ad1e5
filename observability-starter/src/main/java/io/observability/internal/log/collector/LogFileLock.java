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

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The lock on the active log file, for processes that work beside each other.
 *
 * <p>
 * Protocol. The collector holds it while it appends and while it rolls the file. A
 * process that works alone for want of a store holds it while it appends, and looks under
 * it whether the file still has its name. So a file that has been rolled gets no event
 * any more. A writer whose queue was deleted holds it while it looks up to where the
 * collector has written that, see {@link LockedLogFile}. A holder may be stopped, and
 * some file systems have no locks: after a moment the work is done without.
 */
public final class LogFileLock {

	private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

	private final @Nullable FileLock lock;

	private LogFileLock(@Nullable FileLock lock) {
		this.lock = lock;
	}

	/**
	 * Locks a file, if that is possible soon.
	 * @param file the open file, or null if it could not be opened
	 * @return the lock
	 */
	public static LogFileLock acquire(@Nullable FileChannel file) {
		long deadline = System.nanoTime() + MAX_WAIT_NANOS;
		while (file != null && System.nanoTime() < deadline) {
			try {
				FileLock lock = file.tryLock();
				if (lock != null) {
					return new LogFileLock(lock);
				}
			}
			catch (OverlappingFileLockException ex) {
				// Another appender of this process has it.
			}
			catch (IOException ex) {
				// A file system without locks.
				break;
			}
			LockSupport.parkNanos(TICK_NANOS);
		}
		return new LogFileLock(null);
	}

	/** Returns whether it could be locked. */
	boolean isHeld() {
		return this.lock != null;
	}

	/**
	 * Releases the lock. It may have gone with its file's channel.
	 * @throws IOException if that is not possible
	 */
	public void release() throws IOException {
		FileLock lock = this.lock;
		if (lock != null && lock.isValid()) {
			lock.release();
		}
	}

}
