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
import java.time.temporal.ChronoUnit;

import io.observability.testing.TestFleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * When an instance has ended, as another one finds out.
 */
class LifeSignTests {

	private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	private Path directory;

	@Test
	void killedInstanceHasEndedAtItsLastSign() throws IOException {
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			Instance instance = fleet.start().instance();
			InstanceInfo info = instance.info();
			assertThat(LifeSign.lastOf(instance.slot(), info)).as("no sign yet").isNull();
			new LifeSign(instance).renewIfDue();
			assertThat(LifeSign.lastOf(instance.slot(), info)).isCloseTo(Instant.now(), within(30, ChronoUnit.SECONDS));
			Files.setLastModifiedTime(instance.slot().lifeSign(), FileTime.from(EARLIER));
			assertThat(LifeSign.lastOf(instance.slot(), info)).isEqualTo(EARLIER);
		}
	}

	@Test
	void instanceThatLeftHasEndedThen() throws IOException {
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("store"));
		Instance instance = Instance.join(store, null);
		new LifeSign(instance).renewIfDue();
		Files.setLastModifiedTime(instance.slot().lifeSign(), FileTime.from(EARLIER));
		instance.close();
		assertThat(LifeSign.lastOf(instance.slot(), instance.slot().occupant())).isCloseTo(Instant.now(),
				within(30, ChronoUnit.SECONDS));
	}

	@Test
	void signOfAFormerOccupantOrADamagedOneIsIgnoredAndReplaced() throws IOException {
		try (TestFleet fleet = TestFleet.in(this.directory)) {
			TestFleet.Member former = fleet.start();
			new LifeSign(former.instance()).renewIfDue();
			former.kill();
			Instance instance = fleet.start().instance();
			Slot slot = instance.slot();
			assertThat(slot).isEqualTo(new Slot(0, slot.directory()));
			assertThat(LifeSign.lastOf(slot, instance.info())).isNull();
			Files.writeString(slot.lifeSign(), "x".repeat(1000));
			assertThat(LifeSign.lastOf(slot, instance.info())).isNull();
			new LifeSign(instance).renewIfDue();
			assertThat(LifeSign.lastOf(slot, instance.info())).isNotNull();
		}
	}

}
