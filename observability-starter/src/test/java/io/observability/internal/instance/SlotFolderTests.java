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
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

class SlotFolderTests {

	@TempDir
	private Path directory;

	private Instance instance;

	private SlotFolder folder;

	@BeforeEach
	void join() throws IOException {
		this.instance = Instance.join(StoreDirectory.open(this.directory.resolve("store")), null);
		this.folder = new SlotFolder(this.instance);
	}

	@AfterEach
	void leave() throws IOException {
		this.instance.close();
	}

	private void check(boolean intact) throws IOException {
		Files.setLastModifiedTime(this.instance.slot().directory(), FileTime.from(Instant.now().minusSeconds(60)));
		this.folder.beginCheck();
		if (intact) {
			this.folder.endCheck();
		}
	}

	@Test
	void filesNeedNoCheckWhileTheirFolderIsAsItWas() throws IOException {
		assertThat(this.folder.mayHaveChanged()).as("never checked").isTrue();
		check(true);
		assertThat(this.folder.mayHaveChanged()).isFalse();
	}

	@Test
	void filesThatWereNotIntactAreCheckedAgain() throws IOException {
		check(false);
		assertThat(this.folder.mayHaveChanged()).isTrue();
	}

	@Test
	void deletedFileAndDeletedStoreAreSeen() throws IOException {
		check(true);
		Files.delete(this.instance.slot().infoFile());
		assertThat(this.folder.mayHaveChanged()).isTrue();
		check(true);
		FileSystemUtils.deleteRecursively(this.instance.store().path());
		assertThat(this.folder.mayHaveChanged()).isTrue();
	}

	@Test
	void folderThatHasChangedJustNowMayChangeAgainInTheSameTick() throws IOException {
		Files.createFile(this.instance.slot().directory().resolve("new"));
		this.folder.beginCheck();
		this.folder.endCheck();
		assertThat(this.folder.mayHaveChanged()).isTrue();
	}

}
