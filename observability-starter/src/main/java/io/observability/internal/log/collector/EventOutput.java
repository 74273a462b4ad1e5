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

import org.jspecify.annotations.Nullable;

/**
 * Passes the events of batches on.
 *
 * <p>
 * Protocol. A batch is handed to the target, and only then saved in a checkpoint. A crash
 * in between leaves the checkpoint of the batch before: the successor hands over the same
 * events again. So each event is passed on at least once, in order.
 */
final class EventOutput implements TermOutput {

	private final EventTarget target;

	private final BatchSource source;

	private boolean started;

	EventOutput(EventTarget target, BatchSource source) {
		this.target = target;
		this.source = source;
	}

	@Override
	public void takeOver(@Nullable Checkpoint last) {
		this.target.start();
		this.started = true;
	}

	@Override
	public void write(BatchContent batch) throws IOException {
		this.target.beginBatch();
		batch.forEachRecord(this.target::deliver);
		this.target.endBatch();
		this.source.saveIdleCheckpoint();
	}

	@Override
	public void close() {
		if (this.started) {
			this.target.stop();
		}
	}

}
