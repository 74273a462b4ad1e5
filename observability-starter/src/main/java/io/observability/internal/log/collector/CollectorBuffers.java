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

import java.nio.ByteBuffer;

import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.memory.ReadBuffer;

/**
 * All memory outside the heap that a collector needs, however many queues and how large
 * records there are. It is kept for all its terms. For one thread.
 *
 * @param files through which queues are read
 * @param batch holds what has been merged
 */
record CollectorBuffers(ReadBuffer files, ByteBuffer batch) {

	/** Size of a batch in bytes. */
	static final int BATCH_SIZE = 512 << 10;

	private static final int SMALL_SIZE = 16 << 10;

	static CollectorBuffers allocate() {
		return new CollectorBuffers(new ReadBuffer(QueueReader.BUFFER_SIZE), ByteBuffer.allocateDirect(BATCH_SIZE));
	}

	/** Returns buffers for what reads little and merges nothing. */
	static CollectorBuffers withoutBatch() {
		return new CollectorBuffers(new ReadBuffer(SMALL_SIZE), ByteBuffer.allocate(0));
	}

}
