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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

import io.observability.internal.memory.KernelFiles;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive locks of all processes, as the kernel listed them at one moment in
 * {@code /proc/locks}. One reading costs less than probing a few locks.
 *
 * <p>
 * A file that is listed was locked at that moment. One that is not may be locked all the
 * same: the list is limited to processes that this one can see, so not those of other
 * containers; the kernel writes it in several pieces, between which it may change; some
 * file systems list other numbers than a file's attributes have; other systems have no
 * list. So what is not listed has to be probed. Of a list that is very long only the
 * beginning is read.
 */
public final class ListedLocks {

	/** The locks of about a thousand processes. */
	private static final int MOST_BYTES = 64 << 10;

	private final Set<String> files;

	private ListedLocks(Set<String> files) {
		this.files = files;
	}

	/**
	 * Returns an empty list.
	 * @return a list with which all locks are probed
	 */
	public static ListedLocks none() {
		return new ListedLocks(Set.of());
	}

	/**
	 * Reads the list.
	 * @return the locks that the kernel lists now
	 */
	public static ListedLocks now() {
		String text = KernelFiles.read("locks", MOST_BYTES);
		return (text != null) ? parse(text) : none();
	}

	static ListedLocks parse(String text) {
		Set<String> files = new HashSet<>();
		// What follows the last line's end was cut off.
		for (int start = 0, end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
			String file = lockedFile(text.substring(start, end));
			if (file != null) {
				files.add(file);
			}
		}
		return new ListedLocks(files);
	}

	/** A line: {@code 1: POSIX  ADVISORY  WRITE 4711 fe:00:2208822 0 EOF}. */
	private static @Nullable String lockedFile(String line) {
		StringTokenizer fields = new StringTokenizer(line, " ");
		if (fields.countTokens() != 8) {
			return null;
		}
		fields.nextToken();
		boolean posix = fields.nextToken().equals("POSIX");
		fields.nextToken();
		boolean exclusive = fields.nextToken().equals("WRITE");
		fields.nextToken();
		return (posix && exclusive) ? fields.nextToken() : null;
	}

	/** Returns whether a file was locked; false if that is unknown. */
	boolean contains(String file) {
		return this.files.contains(file);
	}

	/**
	 * Returns how a lock on a file is listed.
	 * @param file the file
	 * @return device and number of the file, or null if files have no numbers here
	 * @throws IOException if the file does not exist
	 */
	static @Nullable String nameOf(Path file) throws IOException {
		Map<String, Object> attributes;
		try {
			attributes = Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			return null;
		}
		if (!(attributes.get("dev") instanceof Number dev) || !(attributes.get("ino") instanceof Number number)) {
			return null;
		}
		long device = dev.longValue();
		return String.format("%02x:%02x:%d", major(device), minor(device), number.longValue());
	}

	private static long major(long device) {
		return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
	}

	private static long minor(long device) {
		return (device & 0xff) | (device >>> 12 & 0xffffff00L);
	}

}
