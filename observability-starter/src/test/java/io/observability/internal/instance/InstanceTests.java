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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.observability.testing.TestFleet;
import io.observability.testing.Together;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class InstanceTests {

	@TempDir
	private Path directory;

	private StoreDirectory store;

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(this.directory.resolve("store"));
	}

	@Test
	void tellsWhoItIs() throws IOException {
		try (Instance instance = Instance.join(this.store, "blue")) {
			InstanceInfo info = instance.info();
			assertThat(info.id()).matches("[0-9a-f]{16}");
			assertThat(info.slot()).isZero();
			assertThat(info.name()).isEqualTo("blue");
			assertThat(info.pid()).isEqualTo(ProcessHandle.current().pid());
			assertThat(info.host()).isEqualTo(InetAddress.getLocalHost().getHostName());
			assertThat(info.started()).isCloseTo(Instant.now(), within(30, ChronoUnit.SECONDS));
			assertThat(slot(0).occupant()).isEqualTo(info);
			assertThat(slot(0).livingOccupant()).isEqualTo(info);
		}
	}

	@Test
	void isNamedAfterItsSlotUnlessToldOtherwise() throws IOException {
		try (Instance instance = Instance.join(this.store, null)) {
			assertThat(instance.info().name()).isEqualTo("0");
		}
	}

	@Test
	void slotThatCannotBeUsedIsPassedOver() throws IOException {
		Files.createFile(this.store.slots().resolve("0"));
		for (String folder : List.of("lock/folder", "instance/folder", "instance.tmp/folder")) {
			Files.createDirectories(this.store.slots().resolve("1").resolve(folder));
		}
		try (Instance instance = Instance.join(this.store, null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
			assertThat(slot(1).livingOccupant()).isEqualTo(instance.info());
			assertThat(slot(1).directory().resolve("instance.unusable1/folder")).exists();
			assertThat(new Slots(this.store).obstacles()).containsExactly(this.store.slots().resolve("0"));
		}
	}

	@Test
	void nameOfALivingInstanceIsNotUsedTwice() {
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			TestFleet.Member first = fleet.start("blue");
			assertThat(fleet.start("blue").instance().info().name()).isEqualTo("blue-1");
			assertThat(fleet.start("green").instance().info().name()).isEqualTo("green");
			assertThat(first.instance().info().name()).isEqualTo("blue");
			first.kill();
			assertThat(fleet.start("blue").instance().info().name()).isEqualTo("blue");
		}
	}

	@Test
	void usersOfOneProcessShareItsSlotUntilTheLastHasLeft() throws IOException {
		Instance registry = Instance.join(this.store, "first");
		Instance appender = Instance.join(this.store, "second");
		assertThat(appender.info()).isEqualTo(registry.info());
		registry.close();
		registry.close();
		assertThat(slot(0).isHeld()).as("held for the other user").isTrue();
		appender.close();
		assertThat(slot(0).isHeld()).isFalse();
		assertThat(slot(0).livingOccupant()).isNull();
		assertThat(slot(0).occupant()).as("who was there last").isEqualTo(registry.info().withoutProcess());
	}

	@Test
	void joinsAnewAfterItHasLeft() throws IOException {
		Instance first = Instance.join(this.store, null);
		first.close();
		try (Instance second = Instance.join(this.store, null)) {
			assertThat(second.slot()).isEqualTo(first.slot());
			assertThat(second.info().id()).isNotEqualTo(first.info().id());
			assertThat(slot(0).livingOccupant()).isEqualTo(second.info());
		}
	}

	@Test
	void takesTheLowestFreeSlot() throws IOException {
		List<ProcessLock> others = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			others.add(new Slots(this.store).takeLowest((slot, lock) -> lock));
		}
		others.get(2).close();
		others.get(1).close();
		try (Instance instance = Instance.join(this.store, null)) {
			assertThat(instance.slot().number()).isEqualTo(1);
		}
		assertThat(new Slots(this.store).list()).extracting(Slot::number).containsExactly(0, 1, 2, 3);
		others.get(0).close();
		others.get(3).close();
	}

	@Test
	void noTwoTakersGetOneSlot() throws Exception {
		Set<Integer> taken = ConcurrentHashMap.newKeySet();
		List<ProcessLock> locks = new ArrayList<>();
		Together.run(8, (thread) -> {
			for (int i = 0; i < 4; i++) {
				ProcessLock held = new Slots(this.store).takeLowest((slot, lock) -> {
					assertThat(taken.add(slot.number())).isTrue();
					return lock;
				});
				synchronized (locks) {
					locks.add(held);
				}
			}
		});
		assertThat(taken).hasSize(32).allMatch((number) -> number < 32);
		for (ProcessLock lock : locks) {
			lock.close();
		}
	}

	@Test
	void manyUsersThatComeAndGoHaveOneMembershipAtATime() throws Exception {
		Together.run(6, (thread) -> {
			for (int i = 0; i < 200; i++) {
				try (Instance instance = Instance.join(this.store, null)) {
					assertThat(instance.slot().number()).isZero();
					assertThat(instance.slot().isHeld()).isTrue();
				}
			}
		});
		assertThat(slot(0).isHeld()).isFalse();
		assertThat(new Slots(this.store).list()).hasSize(1);
	}

	@Test
	void slotsAreFoldersWithNumbersForNames() throws IOException {
		for (String name : List.of("10", "2", "x", "-1", "1.5", "123456", "")) {
			Files.createDirectories(this.store.slots().resolve(name));
		}
		Files.createFile(this.store.slots().resolve("3"));
		assertThat(new Slots(this.store).list()).extracting(Slot::number).containsExactly(2, 10);
	}

	@Test
	void storeWithoutSlotsHasNone() throws IOException {
		Files.delete(this.store.slots());
		assertThat(new Slots(this.store).list()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "observability-instance 2\nid=a\nname=b\npid=1\nhost=h\nstarted=2026-01-01T00:00:00Z",
			"observability-instance 1\nid=a\nname=b\npid=1\nhost=h",
			"observability-instance 1\nid=a\nname=b\npid=one\nhost=h\nstarted=2026-01-01T00:00:00Z",
			"observability-instance 1\nid=a\nname=b\npid=1\nhost=h\nstarted=yesterday" })
	void damagedOrNewerInformationIsNone(String text) throws IOException {
		Path file = this.directory.resolve("instance");
		Files.writeString(file, text);
		assertThat(InstanceInfo.read(file, 0)).isNull();
	}

	@Test
	void informationThatIsNoTextIsNone() throws IOException {
		Path file = this.directory.resolve("instance");
		Files.write(file, new byte[] { (byte) 0xFF, (byte) 0xFE, 0 });
		assertThat(InstanceInfo.read(file, 0)).isNull();
		assertThat(InstanceInfo.read(this.directory, 0)).isNull();
		assertThat(InstanceInfo.read(this.directory.resolve("missing"), 0)).isNull();
	}

	@Test
	void laterVersionsMayAddKeys() throws IOException {
		Path file = this.directory.resolve("instance");
		Files.writeString(file, """
				observability-instance 1
				id=a
				name=b=c
				pid=1
				host=h
				started=2026-01-01T00:00:00Z
				colour=green

				""");
		assertThat(InstanceInfo.read(file, 7))
			.isEqualTo(new InstanceInfo("a", 7, "b=c", 1, "h", Instant.parse("2026-01-01T00:00:00Z"), null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nid=0", "a\rid=0", "a\r\nid=0" })
	void nameWithLineBreaksStaysAName(String name) throws IOException {
		try (Instance instance = Instance.join(this.store, name)) {
			InstanceInfo read = slot(0).occupant();
			assertThat(read).isNotNull();
			assertThat(read.id()).isEqualTo(instance.info().id());
			assertThat(read.name()).isEqualTo("a id=0");
		}
	}

	private Slot slot(int number) {
		return new Slot(number, this.store.slots().resolve(Integer.toString(number)));
	}

}
