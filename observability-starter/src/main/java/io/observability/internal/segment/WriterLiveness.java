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

import java.util.function.Predicate;

import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.Occupant;
import io.observability.internal.instance.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the processes that write the sequences in a slot are alive.
 *
 * <p>
 * Protocol. An instance takes the slot's lock, then writes its id into the slot, and only
 * then creates files; the kernel drops the lock when its process ends. So a writer whose
 * file was found is alive if the lock is held and the slot has its id. A lock can be
 * lost, or deleted, while its process lives. So if it is not held, the writer is alive as
 * long as the process that is named in the slot runs; that process takes the lock again,
 * or withdraws its name when it leaves. Where processes can't be seen, the lock alone
 * decides. While a new instance holds the lock and has not written its id yet, or if the
 * id can't be read, a terminated writer passes for alive. A living writer never passes
 * for terminated. One thread at a time.
 */
public final class WriterLiveness {

	private final Slot slot;

	private final Occupant occupant;

	public WriterLiveness(Slot slot) {
		this.slot = slot;
		this.occupant = new Occupant(slot);
	}

	/** Returns whether the process that writes a sequence of this slot is alive. */
	public boolean isAlive(SequenceId sequence) {
		return now().test(sequence);
	}

	/**
	 * Looks once for all sequences of the slot.
	 * @return whether the process that writes a sequence is alive now
	 */
	public Predicate<SequenceId> now() {
		return of(this.slot.isHeld(), this.occupant.now());
	}

	/**
	 * Decides for all sequences of a slot.
	 * @param held whether a process held the slot after the sequences were found
	 * @param occupant the instance whose id the slot had after the sequences were found,
	 * or null if that is unknown
	 * @return whether the process that writes a sequence is alive now
	 */
	public static Predicate<SequenceId> of(boolean held, @Nullable InstanceInfo occupant) {
		if (occupant == null) {
			return (sequence) -> held;
		}
		return (sequence) -> occupant.id().equals(sequence.instanceId()) && (held || occupant.isProcessRunning());
	}

}
