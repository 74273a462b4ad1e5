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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.NameHash;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.memory.UntrustedFileException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the store of a log's queues: each log file has one of its own.
 *
 * <p>
 * Protocol. The fleet's store itself serves the first log that claims it, for good. The
 * claim is a small file with the log's path, which is written beside its place and then
 * linked to it: of several processes that claim at the same time one succeeds, and the
 * others read its claim. A crash before the link leaves a temporary file in the slot of
 * the process, which the next holder of the slot replaces. Each other log has a store in
 * the folder {@code logs}, named after its path, with a claim as well. Claims are only
 * compared: where a log is written is said by the configuration.
 */
public final class LogStore {

	private static final String FORMAT = "observability-log 1\n";

	/** More than the longest path of most systems. */
	private static final int MAX_CLAIM = 8 << 10;

	private static final int MAX_READABLE_NAME = 40;

	private static final int HASH_BYTES = 16;

	private LogStore() {
	}

	/**
	 * Opens the store of a log.
	 * @param member this process's membership of the fleet
	 * @param log absolute path of the log file
	 * @return the store, which may be the fleet's
	 * @throws IOException if it can't be used
	 */
	public static StoreDirectory of(Instance member, Path log) throws IOException {
		StoreDirectory fleet = member.store();
		String path = log.toString();
		if (claim(fleet, path, member)) {
			return fleet;
		}
		StoreDirectory own = fleet.openLog(nameFor(path));
		if (!claim(own, path, member)) {
			throw new IOException("store of the log serves another file: file=" + path + ", claimed=" + claimed(own)
					+ ", directory=" + own);
		}
		return own;
	}

	/**
	 * Opens the store of what has no log file.
	 * @param member this process's membership of the fleet
	 * @param name of the appender
	 * @return the store
	 * @throws IOException if it can't be used
	 */
	public static StoreDirectory ofAppender(Instance member, String name) throws IOException {
		return member.store().openLog(nameFor(name));
	}

	/** Returns a folder's name that is not that of another log. */
	private static String nameFor(String path) {
		int start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
		String readable = path.substring(start).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "_");
		return readable.substring(0, Math.min(readable.length(), MAX_READABLE_NAME)) + "-"
				+ NameHash.of(path, HASH_BYTES);
	}

	private static boolean claim(StoreDirectory store, String path, Instance member) throws IOException {
		String claim = FORMAT + path + "\n";
		String found = read(store.collectorClaim());
		if (found == null) {
			publish(claim, temporary(member), store.collectorClaim());
			found = read(store.collectorClaim());
		}
		return claim.equals(found);
	}

	/** Each thread has one of its own, so that several appenders may start at once. */
	private static Path temporary(Instance member) {
		return member.slot().directory().resolve("claim-" + Thread.currentThread().getId() + ".tmp");
	}

	private static void publish(String claim, Path temporary, Path place) throws IOException {
		StoreFiles.deleteIfExists(temporary);
		StoreFiles.createWithText(temporary, claim);
		try {
			StoreFiles.publish(temporary, place);
		}
		catch (FileAlreadyExistsException ex) {
			// Another process was first.
		}
		finally {
			StoreFiles.deleteIfExists(temporary);
		}
	}

	/** Returns null if there is nothing, and no text if there is something else. */
	private static @Nullable String read(Path file) throws IOException {
		try {
			return StoreFiles.readText(file, MAX_CLAIM);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (UntrustedFileException ex) {
			return "";
		}
	}

	/**
	 * Returns which log file a store is said to serve, to be shown.
	 * @param store the store of a log
	 * @return the path as it was claimed, or null if none was
	 */
	static @Nullable String claimed(StoreDirectory store) {
		try {
			String found = read(store.collectorClaim());
			return (found != null && found.startsWith(FORMAT)) ? found.substring(FORMAT.length()).strip() : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
