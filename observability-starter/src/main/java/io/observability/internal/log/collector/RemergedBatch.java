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
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.QueueReader;

/**
 * Records of known ranges, which are merged again each time that they are read: a
 * predecessor's batch, or a record that is larger than the memory for a batch. For one
 * thread.
 */
final class RemergedBatch implements BatchContent {

	private final Queues queues;

	private final List<Range> ranges;

	private final long time;

	private final int length;

	private final CollectorBuffers buffers;

	/**
	 * Creates a batch; nothing is read yet.
	 * @param queues all queues
	 * @param ranges what the batch takes of them
	 * @param time what the merge took for the current time
	 * @param length of the batch in bytes
	 * @param buffers through which it is read
	 */
	RemergedBatch(Queues queues, List<Range> ranges, long time, int length, CollectorBuffers buffers) {
		this.queues = queues;
		this.ranges = ranges;
		this.time = time;
		this.length = length;
		this.buffers = buffers;
	}

	@Override
	public int length() {
		return this.length;
	}

	@Override
	public void forEachPart(Consumer consumer) throws IOException {
		List<QueueReader> readers = new ArrayList<>();
		for (Range range : this.ranges) {
			if (!range.isEmpty()) {
				QueueReader reader = new QueueReader(this.queues.sequence(range), range.from(), range.to(),
						this.buffers.files());
				reader.setWriterDead(true);
				readers.add(reader);
			}
		}
		try {
			Merge merge = new Merge(readers, this.time, Long.MAX_VALUE);
			ByteBuffer part = this.buffers.batch();
			boolean more = true;
			while (more) {
				more = merge.fill(part.clear());
				consumer.accept(part.flip());
			}
		}
		finally {
			readers.forEach(QueueReader::close);
		}
	}

	/** Only a single record is ever read as such. */
	@Override
	public void forEachRecord(Consumer consumer) throws IOException {
		ByteBuffer record = ByteBuffer.allocate(this.length);
		forEachPart(record::put);
		consumer.accept(record.flip());
	}

}
