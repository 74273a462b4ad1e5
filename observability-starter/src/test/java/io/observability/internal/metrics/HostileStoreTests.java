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

package io.observability.internal.metrics;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.format.Families;
import io.observability.testing.HostilePeer;
import io.observability.testing.HostilePeer.Victim;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What another user of the group puts into a store: the others are shown, nothing waits,
 * and no file outside the store is touched.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileStoreTests {

	@TempDir
	private Path directory;

	private Path path;

	private Victim victim;

	private TestFleet fleet;

	@BeforeEach
	void start() throws IOException {
		this.path = HostilePeer.shareWithGroup(this.directory.resolve("fleet/store"));
		this.victim = HostilePeer.victim(this.directory.resolve("victim"));
		this.fleet = TestFleet.in(this.directory);
		Member healthy = this.fleet.start();
		healthy.writer().totals(Families.COUNTER, List.of("healthy")).add(1);
	}

	@AfterEach
	void close() throws IOException {
		this.fleet.close();
		this.victim.assertUntouched();
	}

	private Path slot(int number) throws IOException {
		return HostilePeer.shareWithGroup(this.path.resolve("slots/" + number));
	}

	private void assertShown() {
		assertThat(this.fleet.shown()).hasSize(1);
		this.fleet.fold();
		assertThat(this.fleet.shown()).hasSize(1);
	}

	@Test
	void pipesHangNothing() throws IOException {
		HostilePeer.putPipe(slot(1).resolve("metrics-0123456789abcdef-0-0.seg"));
		HostilePeer.putPipe(slot(1).resolve("instance"));
		HostilePeer.putPipe(slot(1).resolve("lock"));
		HostilePeer.putPipe(this.path.resolve("archive/totals.seg"));
		HostilePeer.putPipe(this.path.resolve("archive/lock"));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.fleet::fold)
			.withMessageContaining("archive/lock");
		assertShown();
		assertThat(this.fleet.problems().byFile()).hasSize(2)
			.allSatisfy((file, problem) -> assertThat(problem).contains("Is a pipe or device"));
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
			assertThat(instance.info().slot()).isEqualTo(1);
		}
	}

	@Test
	void linksAreNotFollowed() throws IOException {
		HostilePeer.putLink(slot(1).resolve("metrics-0123456789abcdef-0-0.seg"), this.victim.path());
		HostilePeer.putLink(slot(1).resolve("instance"), this.victim.path());
		HostilePeer.putLink(slot(1).resolve("instance.tmp"), this.victim.path());
		HostilePeer.putLink(slot(1).resolve("lock"), this.victim.path());
		HostilePeer.putLink(this.path.resolve("archive/totals.seg"), this.victim.path());
		HostilePeer.putLink(this.path.resolve("archive/lock"), this.victim.path());
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.fleet::fold)
			.withMessageContaining("archive/lock");
		assertShown();
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
		}
	}

	@Test
	void slotThatIsALinkIsNoSlot() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Files.writeString(elsewhere.resolve("metrics-0123456789abcdef-0-0.seg"), "secret");
		HostilePeer.putLink(this.path.resolve("slots/1"), elsewhere);
		assertShown();
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			assertThat(instance.slot().number()).isEqualTo(2);
		}
		assertThat(elsewhere.toFile().list()).containsExactly("metrics-0123456789abcdef-0-0.seg");
	}

	@Test
	void slotThatIsExchangedForALinkIsLeft() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			Path slot = instance.slot().directory();
			Files.move(slot, this.directory.resolve("taken"));
			HostilePeer.putLink(slot, elsewhere);
			instance.repair();
			assertThat(instance.slot().number()).isEqualTo(2);
			assertThat(instance.isIntact()).isTrue();
		}
		assertThat(elsewhere).isEmptyDirectory();
	}

	@Test
	void damagedSlotsArePassedOver() throws IOException {
		Files.createFile(this.path.resolve("slots/1"));
		Files.createSymbolicLink(this.path.resolve("slots/2"), this.directory);
		Files.createDirectories(slot(3).resolve("instance/content"));
		Files.createDirectories(slot(3).resolve("instance.tmp/content"));
		Files.createDirectories(slot(3).resolve("lock/content"));
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			assertThat(instance.slot().number()).isEqualTo(3);
		}
	}

	@Test
	void whatIsInThePlaceOfTheStoresFoldersIsPutAside() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Files.move(this.path.resolve("archive"), this.directory.resolve("taken"));
		Files.writeString(this.path.resolve("archive"), "text");
		assertThat(StoreDirectory.open(this.path).archive()).isDirectory();
		Files.move(this.path.resolve("slots"), this.directory.resolve("taken too"));
		HostilePeer.putLink(this.path.resolve("slots"), elsewhere);
		assertThat(StoreDirectory.open(this.path).slots()).isDirectory();
		assertThat(Files.isSymbolicLink(this.path.resolve("slots"))).isFalse();
		assertThat(elsewhere).isEmptyDirectory();
	}

	@Test
	void sparseFilesAreReadWithinBounds() throws IOException {
		Path segment = this.fleet.segments().get(0);
		Path large = slot(1).resolve("metrics-0123456789abcdef-0-0.seg");
		Files.copy(segment, large);
		int size = Integer.MAX_VALUE - 7;
		try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
			file.setLength(size);
			file.seek(32);
			file.writeInt(Integer.reverseBytes(size));
		}
		try (RandomAccessFile file = new RandomAccessFile(slot(1).resolve("instance").toFile(), "rw")) {
			file.setLength(10L << 30);
		}
		assertThat(this.fleet.shown()).isNotEmpty();
		try (Instance instance = Instance.join(StoreDirectory.open(this.path), null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
		}
	}

	@Test
	void folderThatAnyUserCanWriteIsRefusedUnlessItIsSticky() throws IOException {
		Path open = Files.createDirectory(this.directory.resolve("open"));
		for (int mode : new int[] { 0777, 02777, 0703 }) {
			Files.setAttribute(open, "unix:mode", mode);
			assertThatIOException().isThrownBy(() -> StoreDirectory.open(open))
				.withMessageStartingWith("any user can replace the files in the store directory: directory=");
		}
		Files.setAttribute(open, "unix:mode", 01777);
		StoreDirectory store = StoreDirectory.open(open);
		Path foreign = HostilePeer.shareWithGroup(store.slots().resolve("0"));
		HostilePeer.giveAway(foreign);
		try (Instance instance = Instance.join(store, null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
		}
	}

}
