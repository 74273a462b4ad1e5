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

package io.observability.internal.autoconfigure;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import io.observability.internal.instance.StoreDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Where the applications of a user have their folders: in a place that no cleaner ages if
 * there is one, and that is the same for all processes of the user on this host.
 *
 * <p>
 * It is {@code .local/state} in the user's home, unless that can't be written or is on a
 * network file system, where several hosts would share it; else the first folder of
 * systemd's {@code STATE_DIRECTORY}; else {@code java.io.tmpdir}.
 */
final class DefaultStorePlace {

	private static final String FOLDER = "observability";

	private final @Nullable String home;

	private final @Nullable String stateDirectory;

	private final String temporaryDirectory;

	private final String user;

	private DefaultStorePlace(@Nullable String home, @Nullable String stateDirectory, String temporaryDirectory,
			String user) {
		this.home = home;
		this.stateDirectory = stateDirectory;
		this.temporaryDirectory = temporaryDirectory;
		this.user = user;
	}

	static DefaultStorePlace ofThisProcess() {
		return of(System.getProperty("user.home"), System.getenv("STATE_DIRECTORY"));
	}

	static DefaultStorePlace of(@Nullable String home, @Nullable String stateDirectory) {
		return new DefaultStorePlace(home, stateDirectory, System.getProperty("java.io.tmpdir", ""),
				System.getProperty("user.name", "user"));
	}

	/** Returns the folder of an application. */
	Path folderOf(String application) {
		Path home = directory(this.home);
		if (home != null && home.getParent() != null && isUsable(home.resolve(".local/state").resolve(FOLDER))) {
			return home.resolve(".local/state").resolve(FOLDER).resolve(application);
		}
		Path state = directory(StringUtils.hasText(this.stateDirectory) ? this.stateDirectory.split(":", 2)[0] : null);
		if (state != null && isUsable(state.resolve(FOLDER))) {
			return state.resolve(FOLDER).resolve(application);
		}
		// The hyphen ends the user's part, so two users never mean the same folder.
		String user = DefaultStoreName.encode(this.user.contains("-") ? this.user + "~" : this.user).replace('-', '_');
		return Path.of(this.temporaryDirectory, FOLDER + "-" + user + "-" + application);
	}

	private static @Nullable Path directory(@Nullable String name) {
		try {
			Path path = StringUtils.hasText(name) ? Path.of(name) : null;
			return (path != null && path.isAbsolute() && Files.isDirectory(path)) ? path.normalize() : null;
		}
		catch (InvalidPathException ex) {
			return null;
		}
	}

	/** Returns whether the folder is there, or can be created, on a local disk. */
	private static boolean isUsable(Path folder) {
		Path existing = folder;
		while (existing != null && !Files.exists(existing)) {
			existing = existing.getParent();
		}
		return existing != null && Files.isDirectory(existing) && Files.isWritable(existing)
				&& !StoreDirectory.isOnNetwork(existing);
	}

}
