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
import java.util.List;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Checkpoint.Range;
import io.observability.internal.log.queue.QueueReader;
import io.observability.internal.log.queue.UnreadableFiles;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.segment.SegmentSequence;

/** Whether another process has delivered what is in a closed queue. */
@FunctionalInterface
interface DeliveredQueues {

	/**
	 * Returns whether the collector has delivered a queue to all receivers that take
	 * events. For those that fail, events wait on disk.
	 * @param queue the closed queue of this process
	 * @return whether this process need not stay for it
	 * @throws IOException if the positions can't be read
	 */
	boolean contain(SegmentSequence queue) throws IOException;

	static DeliveredQueues of(StoreDirectory store, List<? extends EventReceiver> receivers) {
		return (queue) -> {
			ReadBuffer buffer = new ReadBuffer(16 << 10);
			for (EventReceiver receiver : receivers) {
				Checkpoint checkpoint = CheckpointFile.read(DeliverySource.file(store, receiver.name()), buffer)
					.newest();
				if (checkpoint == null
						|| (checkpoint.fileKey().isEmpty() && !isDelivered(queue, checkpoint.ranges(), buffer))) {
					return false;
				}
			}
			return true;
		};
	}

	private static boolean isDelivered(SegmentSequence queue, List<Range> ranges, ReadBuffer buffer)
			throws IOException {
		for (Range range : ranges) {
			if (range.slot() == queue.slot().number() && range.instance().equals(queue.id().instanceId())
					&& range.number() == queue.id().number()) {
				try (QueueReader rest = new QueueReader(queue, range.from(), buffer, UnreadableFiles.IGNORED)) {
					rest.setWriterDead(true);
					return !rest.hasRecord();
				}
			}
		}
		return false;
	}

}
