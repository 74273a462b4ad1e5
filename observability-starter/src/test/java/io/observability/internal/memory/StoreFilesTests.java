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

package io.observability.internal.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observability.testing.HostilePeer;
import io.observability.testing.HostilePeer.Victim;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What another user of the group can put in the place of files, see {@link StoreFiles}.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreFilesTests {

	@TempDir
	private Path directory;

	private Path shared;

	private Path file;

	private Victim victim;

	@BeforeEach
	void share() throws IOException {
		this.shared = HostilePeer.shareWithGroup(this.directory.resolve("shared"));
		this.file = this.shared.resolve("file");
		this.victim = HostilePeer.victim(this.directory.resolve("victim"));
	}

	private static void assertRefused(ThrowingCallable opening, String reason) {
		assertThatExceptionOfType(UntrustedFileException.class).isThrownBy(opening)
			.withMessageContaining("not trusted as part of the store: " + reason);
	}

	private void assertAllRefused(String reason) {
		assertRefused(() -> StoreFiles.openForReading(this.file), reason);
		assertRefused(() -> StoreFiles.openForWriting(this.file), reason);
		assertRefused(() -> StoreFiles.openToProbe(this.file, StoreFiles.attributes(this.file)),
				"Is not a regular file");
		assertRefused(() -> StoreFiles.openLock(this.file), reason);
		assertRefused(() -> StoreFiles.readText(this.file, 100), reason);
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> StoreFiles.create(this.file));
	}

	@Test
	void linkInThePlaceOfAFileIsNotFollowed() throws IOException {
		HostilePeer.putLink(this.file, this.victim.path());
		assertAllRefused("Is a symbolic link");
		StoreFiles.deleteIfExists(this.file);
		this.victim.assertUntouched();
		HostilePeer.putLink(this.file, this.directory.resolve("missing"));
		assertAllRefused("Is a symbolic link");
		assertThat(this.directory.resolve("missing")).doesNotExist();
	}

	@Test
	void linkInThePlaceOfAFolderIsNotFollowed() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Files.createDirectory(elsewhere.resolve("below"));
		Victim other = HostilePeer.victim(elsewhere.resolve("file"));
		Path folder = this.shared.resolve("folder");
		HostilePeer.putLink(folder, elsewhere);
		Path inside = folder.resolve("file");
		String reason = "Is a symbolic link";
		assertRefused(() -> StoreFiles.openForReading(inside), reason);
		assertRefused(() -> StoreFiles.openLock(inside), reason);
		assertRefused(() -> StoreFiles.create(folder.resolve("new")), reason);
		assertRefused(() -> StoreFolders.createDirectories(folder), reason);
		assertRefused(() -> StoreFolders.createDirectories(folder.resolve("new")), reason);
		assertRefused(() -> StoreFiles.deleteIfExists(inside), reason);
		assertRefused(() -> StoreFiles.move(inside, this.file), reason);
		assertRefused(() -> StoreFolders.list(folder, "", ""), "Is not a directory");
		assertRefused(() -> StoreFiles.openForReading(folder.resolve("below/file")), reason);
		other.assertUntouched();
		assertThat(elsewhere.toFile().list()).containsExactlyInAnyOrder("file", "below");
	}

	@Test
	void linkThatOnlyThisUserCanHaveMadeIsFollowed() throws IOException {
		Path real = Files.createDirectories(this.directory.resolve("real/store"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real.getParent());
		StoreFiles.create(link.resolve("store/file")).close();
		assertThat(real.resolve("file")).isRegularFile();
	}

	@Test
	void pipeIsNotWaitedFor() throws IOException {
		HostilePeer.putPipe(this.file);
		assertAllRefused("Is a pipe or device");
	}

	@Test
	void directoryIsRefused() throws IOException {
		Files.createDirectory(this.file);
		assertAllRefused("Is a directory");
	}

	/** The moment between looking at a file and opening it can't be closed in Java. */
	@Test
	void pipeThatIsPutThereBetweenLookAndOpeningIsNotWaitedFor() throws Exception {
		Path pipe = this.shared.resolve("pipe");
		Path regular = this.shared.resolve("regular");
		Path spare = this.shared.resolve("spare");
		HostilePeer.putPipe(pipe);
		Files.createFile(regular);
		AtomicBoolean done = new AtomicBoolean();
		Thread peer = new Thread(() -> exchange(pipe, regular, spare, done));
		peer.start();
		int opened = 0;
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(700);
		while (System.nanoTime() < end) {
			try (FileChannel channel = StoreFiles.openForReading(this.file)) {
				assertThat(channel.position()).isZero();
				opened++;
			}
			catch (FileSystemException ex) {
				// It was seen, or the file was missing at that moment.
			}
			catch (IOException ex) {
				assertThat(ex).as("pipe has no position").hasMessageContaining("Illegal seek");
			}
		}
		done.set(true);
		peer.join();
		assertThat(opened).isPositive();
	}

	private void exchange(Path pipe, Path regular, Path spare, AtomicBoolean done) {
		try {
			while (!done.get()) {
				Files.deleteIfExists(spare);
				Files.createLink(spare, regular);
				Files.move(spare, this.file, StandardCopyOption.ATOMIC_MOVE);
				Files.createLink(spare, pipe);
				Files.move(spare, this.file, StandardCopyOption.ATOMIC_MOVE);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void secondNameOfAFileElsewhereIsNotWritten() throws IOException {
		Files.createLink(this.file, this.victim.path());
		assertRefused(() -> StoreFiles.openForWriting(this.file), "it has further names: links=2");
		assertRefused(() -> StoreFiles.openLock(this.file), "it has further names: links=2");
		this.victim.assertUntouched();
	}

	@Test
	void whatIsLockedHasNoContent() throws IOException {
		Files.writeString(this.file, "text");
		assertRefused(() -> StoreFiles.openLock(this.file), "too long for a lock file: length=4, limit=1");
		assertThat(this.file).hasContent("text");
	}

	@Test
	void fileOfAUserOutsideTheGroupIsRefused() throws IOException {
		StoreFiles.create(this.file).close();
		HostilePeer.giveAway(this.file);
		String reason = "it belongs to another user: owner=65534";
		assertRefused(() -> StoreFiles.openForReading(this.file), reason);
		assertRefused(() -> StoreFiles.openLock(this.file), reason);
		Files.setAttribute(this.file, "unix:gid", Files.getAttribute(this.shared, "unix:gid"));
		StoreFiles.openForReading(this.file).close();
		Files.setAttribute(this.shared, "unix:mode", 0700);
		assertRefused(() -> StoreFiles.openForReading(this.file), reason);
	}

	@Test
	void folderOfAUserOutsideTheGroupIsRefused() throws IOException {
		Path folder = Files.createDirectory(this.shared.resolve("folder"));
		HostilePeer.giveAway(folder);
		assertRefused(() -> StoreFolders.createDirectories(folder), "it belongs to another user: owner=65534");
	}

	@Test
	void groupGetsAccessToWhatIsCreatedWhateverTheUmask() throws IOException {
		StoreFiles.create(this.file).close();
		assertThat((int) Files.getAttribute(this.file, "unix:mode") & 07777).isEqualTo(0660);
		Path folder = this.shared.resolve("a/b");
		StoreFolders.createDirectories(folder);
		for (Path made : new Path[] { folder.getParent(), folder }) {
			assertThat((int) Files.getAttribute(made, "unix:mode") & 07777).isEqualTo(02770);
		}
	}

	@Test
	void longTextIsNotRead() throws IOException {
		try (FileChannel sparse = StoreFiles.create(this.file)) {
			sparse.write(ByteBuffer.allocate(1), 10L << 30);
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> StoreFiles.readText(this.file, 100))
			.withMessageStartingWith("file is too long: length=10737418241, limit=100, file=");
	}

	@Test
	void whatIsPutAsideIsNotTouched() throws IOException {
		HostilePeer.putLink(this.file, this.victim.path());
		Path aside = StoreFiles.putAside(this.file);
		assertThat(this.file).doesNotExist();
		assertThat(StoreFolders.list(this.shared, "file.unusable", "")).containsExactly(aside);
		this.victim.assertUntouched();
	}

}
