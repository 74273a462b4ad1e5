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
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Cleaners of old files look at the times of the store's files. */
class FileAgesTests {

	private final Instant longAgo = Instant.now().minus(Duration.ofDays(9));

	@TempDir
	private Path directory;

	@Test
	void filesThatWaitForAnAppenderThatIsDownDoNotLookUnused() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("store"));
		try (Instance instance = Instance.join(store, null)) {
			Path positions = create(store.path().resolve("appender-1.checkpoint"));
			Path slot = Files.createDirectories(store.slots().resolve("7"));
			Path queue = create(slot.resolve("log-of-a-terminated-instance.seg"));
			makeOld(instance.slot().lockFile());
			instance.refreshFileTimes();
			for (Path file : new Path[] { positions, queue }) {
				assertThat(view(file).readAttributes().lastAccessTime().toInstant()).as(file.toString())
					.isAfter(this.longAgo.plus(Duration.ofDays(8)));
			}
		}
	}

	private Path create(Path file) throws IOException {
		Files.createFile(file);
		makeOld(file);
		return file;
	}

	private void makeOld(Path file) throws IOException {
		FileTime time = FileTime.from(this.longAgo);
		view(file).setTimes(time, time, null);
	}

	private static BasicFileAttributeView view(Path file) {
		return Files.getFileAttributeView(file, BasicFileAttributeView.class);
	}

}
