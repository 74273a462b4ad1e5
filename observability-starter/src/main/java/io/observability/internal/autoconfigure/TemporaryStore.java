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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * Stores of applications that serve nobody: in tests, and in training runs.
 *
 * <p>
 * Each is a folder of its own for temporary files, which has the process id in its name.
 * The next process that needs one deletes those of terminated processes.
 */
final class TemporaryStore {

	private static final String PREFIX = "observability-test-";

	private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-.*");

	private TemporaryStore() {
	}

	static Path create() throws IOException {
		Path directory = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
		deleteOld(directory);
		return directory;
	}

	/** Deletes a store that has just been used. */
	static void delete(Path store) {
		if (NAME.matcher(store.getFileName().toString()).matches()) {
			try {
				FileSystemUtils.deleteRecursively(store);
			}
			catch (IOException ex) {
				// A file was created meanwhile: the next process deletes it.
			}
		}
	}

	/** Only those of the same user, and no links. */
	private static void deleteOld(Path own) throws IOException {
		List<Path> stores;
		try (Stream<Path> files = Files.list(own.toAbsolutePath().getParent())) {
			stores = files.filter(TemporaryStore::isOfTerminatedProcess).toList();
		}
		for (Path store : stores) {
			if (Files.isDirectory(store, LinkOption.NOFOLLOW_LINKS)
					&& Files.getOwner(store, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))) {
				FileSystemUtils.deleteRecursively(store);
			}
		}
	}

	private static boolean isOfTerminatedProcess(Path path) {
		Matcher matcher = NAME.matcher(path.getFileName().toString());
		return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
	}

}
