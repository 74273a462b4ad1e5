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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointFile.Content;

/**
 * A term of the collector that passes events on.
 *
 * <p>
 * Protocol. A batch is merged, handed to the target, and only then noted in a checkpoint.
 * A crash in between leaves the checkpoint of the batch before: the successor hands the
 * same events over again. So each event is passed on at least once, in order.
 */
final class EventTerm implements Term {

	private final EventTarget target;

	private final Intake intake;

	private boolean started;

	private EventTerm(EventTarget target, Intake intake) {
		this.target = target;
		this.intake = intake;
	}

	static EventTerm begin(StoreDirectory store, TermOwner owner, EventTarget target, Duration orderingWindow)
			throws IOException {
		return new EventTerm(target, Intake.open(store, owner, orderingWindow));
	}

	@Override
	public int collect() throws IOException {
		this.intake.requireCurrentTerm();
		if (!this.started) {
			takeOver();
		}
		this.intake.scanIfDue();
		ByteBuffer batch = this.intake.merge();
		int length = batch.remaining();
		if (length > 0) {
			this.target.deliver(batch);
		}
		this.intake.saveIdleCheckpoint();
		return length;
	}

	private void takeOver() throws IOException {
		Checkpoint last = this.intake.newest();
		if (last != null) {
			this.intake.queues().inherit(last.ranges());
		}
		this.target.start();
		this.started = true;
		this.intake.scan();
	}

	@Override
	public boolean hasEndedQueues() throws IOException {
		return this.intake.hasEndedQueues();
	}

	@Override
	public Content content() {
		return this.intake.content();
	}

	@Override
	public void close() throws IOException {
		try (this.intake) {
			if (this.started) {
				this.target.stop();
			}
		}
	}

}
