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

import io.observability.internal.memory.KernelFiles;
import org.jspecify.annotations.Nullable;

/**
 * Tells a process from all others of its host, also from a later one with its id.
 *
 * @param boot id of the host's boot
 * @param namespace the process's pid namespace
 * @param pid its id there
 * @param startTicks when it started, in the kernel's clock ticks since the boot
 */
record ProcessIdentity(String boot, String namespace, long pid, long startTicks) {

	/** Field 3 of {@code /proc/<pid>/stat}, the first one behind the program's name. */
	private static final int STATE = 0;

	/** Field 22. */
	private static final int START_TICKS = 19;

	private static final @Nullable ProcessIdentity CURRENT = readCurrent();

	/** Returns this process, or null if the kernel does not show it. */
	static @Nullable ProcessIdentity current() {
		return CURRENT;
	}

	private static @Nullable ProcessIdentity readCurrent() {
		String boot = KernelFiles.read("sys/kernel/random/boot_id");
		String namespace = KernelFiles.link("self/ns/pid");
		String status = KernelFiles.read("self/stat");
		long pid = ProcessHandle.current().pid();
		// Elsewhere if /proc is that of another namespace.
		if (boot == null || namespace == null || status == null || !status.startsWith(pid + " ")) {
			return null;
		}
		try {
			return new ProcessIdentity(boot.strip(), namespace, pid, Long.parseLong(fields(status)[START_TICKS]));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Returns whether the process runs.
	 * @return whether it is certain that it does; false if this process can't see it
	 */
	boolean isRunning() {
		if (CURRENT == null || !CURRENT.boot.equals(this.boot) || !CURRENT.namespace.equals(this.namespace)) {
			return false;
		}
		String status = KernelFiles.read(this.pid + "/stat");
		if (status == null) {
			return false;
		}
		try {
			String[] fields = fields(status);
			boolean terminated = fields[STATE].equals("Z") || fields[STATE].equals("X");
			return !terminated && Long.parseLong(fields[START_TICKS]) == this.startTicks;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static String[] fields(String status) {
		String[] fields = status.substring(status.lastIndexOf(')') + 1).strip().split(" ", -1);
		if (fields.length <= START_TICKS) {
			throw new IllegalArgumentException("too few fields: fields=" + fields.length);
		}
		return fields;
	}

}
