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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.observability.internal.memory.KernelFiles;
import org.jspecify.annotations.Nullable;

/**
 * The locks of this process as the kernel lists them in {@code /proc/locks}. Safe for any
 * thread.
 *
 * <p>
 * Protocol. A lock is looked up once when it has just been acquired. If it is listed
 * then, it is lost as soon as it is no longer listed. If it is not (other systems, some
 * file systems and containers), the list says nothing about it. The kernel writes a long
 * list in several pieces, between which it may change, so that an entry is left out at
 * times: a lock counts as lost only if several readings lack it. A reading serves all
 * locks of the process for a moment.
 */
final class KernelLocks {

	private static final long LONGEST_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int READINGS = 3;

	private static final String PID = Long.toString(ProcessHandle.current().pid());

	/** As it stands in a line. */
	private static final String THIS_PROCESS = " " + PID + " ";

	/** Each as device and number of the file, or null if there is no list. */
	private static @Nullable Set<String> listed;

	private static long readAt;

	private KernelLocks() {
	}

	/**
	 * Finds the lock on a file that this process has just locked.
	 * @param file the locked file
	 * @return how the lock is listed, or null if it is not
	 */
	static synchronized @Nullable String find(Path file) throws IOException {
		String expected = ListedLocks.nameOf(file);
		if (expected == null) {
			return null;
		}
		String sameNumber = expected.substring(expected.lastIndexOf(':'));
		for (int reading = 0; reading < READINGS; reading++) {
			read();
			Set<String> locks = listed;
			if (locks == null || locks.contains(expected)) {
				return (locks != null) ? expected : null;
			}
			// Some file systems show another device.
			List<String> similar = locks.stream().filter((lock) -> lock.endsWith(sameNumber)).toList();
			if (similar.size() == 1) {
				return similar.get(0);
			}
		}
		return null;
	}

	/**
	 * Returns whether this process has a lock, unless it was lost a moment ago.
	 * @param lock how the lock was listed
	 * @return whether it still is; true if that is unknown
	 */
	static synchronized boolean areListing(String lock) {
		if (System.nanoTime() - readAt >= LONGEST_AGE_NANOS) {
			read();
		}
		for (int reading = 1; reading < READINGS && !isIn(listed, lock); reading++) {
			read();
		}
		return isIn(listed, lock);
	}

	private static boolean isIn(@Nullable Set<String> locks, String lock) {
		return locks == null || locks.contains(lock);
	}

	private static void read() {
		String text = KernelFiles.read("locks");
		listed = (text != null) ? ofThisProcess(text) : null;
		readAt = System.nanoTime();
	}

	/**
	 * A line: {@code 1: POSIX  ADVISORY  WRITE 4711 fe:00:2208822 0 EOF}. This is done
	 * often, and most lines are those of other processes: they are not split.
	 */
	private static Set<String> ofThisProcess(String text) {
		Set<String> locks = new HashSet<>();
		int found = text.indexOf(THIS_PROCESS);
		while (found >= 0) {
			int end = text.indexOf('\n', found);
			String line = text.substring(text.lastIndexOf('\n', found) + 1, (end >= 0) ? end : text.length());
			String[] fields = line.trim().split(" +", -1);
			if (fields.length > 5 && fields[1].equals("POSIX") && fields[4].equals(PID)) {
				locks.add(fields[5]);
			}
			found = (end >= 0) ? text.indexOf(THIS_PROCESS, end) : -1;
		}
		return locks;
	}

}
