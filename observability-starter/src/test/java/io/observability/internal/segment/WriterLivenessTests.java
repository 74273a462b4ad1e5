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

package io.observability.internal.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.StoreDirectory;
import io.observability.testing.HiddenProcess;
import io.observability.testing.Locks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether the writer of a sequence is alive, for all that can be seen of it.
 */
class WriterLivenessTests {

	private static final SequenceId PREDECESSOR = new SequenceId("00112233aabbccdd", 0);

	@TempDir
	private Path directory;

	private StoreDirectory store;

	@BeforeEach
	void openStore() throws IOException {
		this.store = StoreDirectory.open(this.directory);
	}

	@Test
	void writerLivesAsLongAsItHoldsItsSlot() throws IOException {
		Instance instance = Instance.join(this.store, null);
		SequenceId sequence = new SequenceId(instance.info().id(), 0);
		WriterLiveness writers = new WriterLiveness(instance.slot());
		assertThat(writers.isAlive(sequence)).isTrue();
		instance.close();
		assertThat(writers.isAlive(sequence)).isFalse();
	}

	@Test
	void predecessorInASlotIsNotTakenForItsHolder() throws IOException {
		try (Instance instance = Instance.join(this.store, null)) {
			assertThat(new WriterLiveness(instance.slot()).isAlive(PREDECESSOR)).isFalse();
		}
	}

	@Test
	void writerIsTakenForAliveWhileItIsUnknownWhoHoldsItsSlot() throws IOException {
		try (Instance instance = Instance.join(this.store, null)) {
			Files.delete(instance.slot().directory().resolve("instance"));
			assertThat(new WriterLiveness(instance.slot()).isAlive(PREDECESSOR)).isTrue();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void writerWithoutALockLivesAsLongAsItsProcessHasNotLeft() throws IOException {
		Instance instance = Instance.join(this.store, null);
		SequenceId sequence = new SequenceId(instance.info().id(), 0);
		WriterLiveness writers = new WriterLiveness(instance.slot());
		Locks.deleteOfSlots(this.store.path());
		assertThat(instance.slot().isHeld()).isFalse();
		assertThat(writers.isAlive(sequence)).isTrue();
		assertThat(WriterLiveness.of(instance.slot().isHeld(), instance.info()).test(sequence)).isTrue();
		assertThat(writers.isAlive(PREDECESSOR)).isFalse();
		instance.close();
		assertThat(writers.isAlive(sequence)).isFalse();
	}

	@Test
	void writerWithoutALockHasTerminatedIfItsProcessCanNotBeSeen() throws IOException {
		try (Instance instance = Instance.join(this.store, null)) {
			Locks.deleteOfSlots(this.store.path());
			HiddenProcess.in(instance.slot().directory());
			SequenceId sequence = new SequenceId(instance.info().id(), 0);
			assertThat(new WriterLiveness(instance.slot()).isAlive(sequence)).isFalse();
		}
	}

	@Test
	void slotThatWasNeverTakenHasNoLivingWriter() {
		Slot slot = new Slot(9, this.store.slots().resolve("9"));
		assertThat(new WriterLiveness(slot).isAlive(PREDECESSOR)).isFalse();
	}

}
