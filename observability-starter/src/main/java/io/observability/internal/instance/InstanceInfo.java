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
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.memory.KernelFiles;
import io.observability.internal.memory.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * Describes the instance that holds, or last held, a slot. The file
 * {@code slots/<n>/instance} has it as UTF-8 text: a first line with the format's name
 * and version, then {@code key=value} lines.
 *
 * @param id random, unique
 * @param slot the slot's number
 * @param name value of the instance label
 * @param pid process id in the instance's own pid namespace
 * @param host name of its host
 * @param started when it took the slot
 * @param process its process, or null if that is unknown, or if it has left the fleet
 */
public record InstanceInfo(String id, int slot, String name, long pid, String host, Instant started,
		@Nullable ProcessIdentity process) {

	private static final String FORMAT = "observability-instance 1";

	/** A name of the instance that is longer would fit into no label. */
	private static final int MOST_BYTES = 64 << 10;

	static InstanceInfo ofThisProcess(String id, int slot, String name) {
		return new InstanceInfo(id, slot, name, ProcessHandle.current().pid(), hostName(), Instant.now(),
				ProcessIdentity.current());
	}

	/**
	 * Returns whether the instance's process runs, whether or not its lock is held.
	 * @return whether it is certain that it does
	 */
	public boolean isProcessRunning() {
		return this.process != null && this.process.isRunning();
	}

	/** Returns the description of an instance that leaves its slot. */
	InstanceInfo withoutProcess() {
		return new InstanceInfo(this.id, this.slot, this.name, this.pid, this.host, this.started, null);
	}

	/** The kernel's name of the host, because a name service may not answer. */
	private static String hostName() {
		String name = KernelFiles.read("sys/kernel/hostname");
		if (name != null && !name.isBlank()) {
			return name.strip();
		}
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	/** Replaces the file as a whole: readers see either the old text or the new one. */
	void write(Path file) throws IOException {
		Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
		StoreFiles.putAsideIfNoFile(temporary);
		StoreFiles.putAsideIfNoFile(file);
		StoreFiles.deleteIfExists(temporary);
		String text = String.join("\n", FORMAT, "id=" + this.id, "name=" + this.name.replaceAll("\\R", " "),
				"pid=" + this.pid, "host=" + this.host, "started=" + this.started, "") + processLines();
		StoreFiles.createWithText(temporary, text);
		StoreFiles.move(temporary, file);
	}

	private String processLines() {
		return (this.process != null) ? String.join("\n", "boot=" + this.process.boot(),
				"pid-namespace=" + this.process.namespace(), "start-ticks=" + this.process.startTicks(), "") : "";
	}

	/**
	 * Reads the file.
	 * @return its content, or null if it is missing, damaged or of a newer format
	 */
	static @Nullable InstanceInfo read(Path file, int slot) {
		try {
			List<String> lines = StoreFiles.readText(file, MOST_BYTES).lines().toList();
			if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
				return null;
			}
			Map<String, String> values = new HashMap<>();
			for (String line : lines.subList(1, lines.size())) {
				int equals = line.indexOf('=');
				if (equals > 0) {
					values.put(line.substring(0, equals), line.substring(equals + 1));
				}
			}
			long pid = Long.parseLong(required(values, "pid"));
			return new InstanceInfo(required(values, "id"), slot, required(values, "name"), pid,
					required(values, "host"), Instant.parse(required(values, "started")), process(values, pid));
		}
		catch (IOException | IllegalArgumentException | DateTimeParseException ex) {
			return null;
		}
	}

	private static @Nullable ProcessIdentity process(Map<String, String> values, long pid) {
		if (!values.containsKey("boot")) {
			return null;
		}
		return new ProcessIdentity(required(values, "boot"), required(values, "pid-namespace"), pid,
				Long.parseLong(required(values, "start-ticks")));
	}

	private static String required(Map<String, String> values, String key) {
		String value = values.get(key);
		if (value == null) {
			throw new IllegalArgumentException("instance file lacks a key: key=" + key);
		}
		return value;
	}

}
