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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;

import io.observability.internal.memory.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

class StoreDirectoryTests {

	@TempDir
	private Path directory;

	@Test
	void probesOfProcessesThatWereKilledAtTheirStartAreDeleted() throws IOException {
		Path store = Files.createDirectory(this.directory.resolve("probed"));
		Path old = Files.createFile(store.resolve("probe-1.tmp"));
		Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(120)));
		Path fresh = Files.createFile(store.resolve("probe-2.tmp"));
		StoreDirectory.open(store);
		assertThat(old).doesNotExist();
		assertThat(fresh).exists();
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void isMadeForItsOwnerAlone() throws IOException {
		Path path = this.directory.resolve("a/b/store");
		StoreDirectory store = StoreDirectory.open(path);
		for (Path made : new Path[] { store.path(), store.slots(), store.archive() }) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwx------");
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void folderThatIsSharedWithItsGroupIsSharedAllTheWayDown() throws IOException {
		Path path = Files.createDirectory(this.directory.resolve("store"));
		Files.setAttribute(path, "unix:mode", 02770);
		StoreDirectory store = StoreDirectory.open(path);
		try (Instance instance = Instance.join(store, null)) {
			Region.create(instance.slot().directory().resolve("file"), 8);
			try (Stream<Path> made = Files.walk(path)) {
				assertThat(made).hasSize(7).allSatisfy((file) -> {
					int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
					assertThat(mode).as("%s: %o", file, mode).isEqualTo(Files.isDirectory(file) ? 02770 : 0660);
				});
			}
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void folderOfAnotherUserIsRefusedUnlessItIsShared() throws IOException {
		Path path = Files.createDirectory(this.directory.resolve("store"));
		assumeThat(becomesAnothers(path)).as("ownership can be given away, which takes root").isTrue();
		assertThatIOException().isThrownBy(() -> StoreDirectory.open(path))
			.withMessageStartingWith("store directory belongs to another user: owner=");
		Files.setAttribute(path, "unix:mode", 02770);
		Files.setAttribute(this.directory, "unix:mode", 01777);
		assertThatIOException().as("anybody could have made it")
			.isThrownBy(() -> StoreDirectory.open(path))
			.withMessageStartingWith("store directory belongs to another user: owner=");
		Files.setAttribute(this.directory, "unix:mode", 0755);
		assertThat(StoreDirectory.open(path).slots()).isDirectory();
	}

	private static boolean becomesAnothers(Path path) {
		try {
			Files.setAttribute(path, "unix:uid", 65_534);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void canBeOpenedAgain() throws IOException {
		StoreDirectory first = StoreDirectory.open(this.directory.resolve("store"));
		Path kept = Files.createFile(first.archive().resolve("kept"));
		StoreDirectory second = StoreDirectory.open(this.directory.resolve("x/../store"));
		assertThat(second.path()).isEqualTo(first.path());
		assertThat(kept).exists();
	}

	@Test
	void leavesNothingOfItsChecksBehind() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("store"));
		assertThat(store.path()).isDirectoryContaining("glob:**/slots").isDirectoryContaining("glob:**/archive");
		assertThat(store.path().toFile().list()).hasSize(2);
	}

	@Test
	void deletesWhatAKilledProcessHasLeftOfItsCheck() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("store"));
		Path left = Files.createFile(store.path().resolve("probe-1.tmp"));
		Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(61)));
		Path present = Files.createFile(store.path().resolve("probe-2.tmp"));
		StoreDirectory.open(store.path());
		assertThat(left).doesNotExist();
		assertThat(present).exists();
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void symbolicLinkIsRefused() throws IOException {
		Path real = Files.createDirectory(this.directory.resolve("real"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real);
		assertThatIOException().isThrownBy(() -> StoreDirectory.open(link))
			.withMessage("store directory is a symbolic link: directory=" + link);
		assertThat(real).isEmptyDirectory();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void folderOfAnotherUserIsRefused() throws IOException {
		Path foreign = foreignFolder();
		assertThatIOException().isThrownBy(() -> StoreDirectory.open(foreign))
			.withMessageStartingWith("store directory belongs to another user: owner=")
			.withMessageEndingWith(", directory=" + foreign);
		assertThat(foreign.resolve("slots")).doesNotExist();
	}

	/** A folder that this user may write to, but does not own. */
	private Path foreignFolder() throws IOException {
		Path temporary = Path.of("/tmp");
		Object self = Files.getAttribute(this.directory, "unix:uid");
		if (!self.equals(Files.getAttribute(temporary, "unix:uid"))) {
			return temporary;
		}
		Path foreign = Files.createDirectory(this.directory.resolve("foreign"));
		Files.setAttribute(foreign, "unix:uid", 65_534);
		return foreign;
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void folderThatCanNotBeWrittenIsRefused() {
		// Not even root can make a file there.
		assertThatIOException().isThrownBy(() -> StoreDirectory.open(Path.of("/proc/self/task")));
	}

	@Test
	void fileInItsPlaceIsRefused() throws IOException {
		Path file = Files.createFile(this.directory.resolve("store"));
		assertThatIOException().isThrownBy(() -> StoreDirectory.open(file));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> StoreDirectory.open(file.resolve("below")));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void localFolderIsNotOnANetwork() throws IOException {
		assertThat(StoreDirectory.open(this.directory.resolve("store")).isOnNetwork()).isFalse();
	}

}
