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
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Function;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.queue.CollectorProgress;
import io.observability.internal.log.queue.Position;
import io.observability.internal.memory.ReadBuffer;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * The collector's progress with one queue, as its checkpoint shows it. What a batch takes
 * of the queue counts when the batch has been written: the next checkpoint begins behind
 * it. The checkpoint is read only if its time has changed.
 */
public final class CheckpointProgress implements CollectorProgress {

	private static final int BUFFER_SIZE = 4 << 10;

	private final Path checkpoint;

	private final SequenceId queue;

	/** Null until it is needed. */
	private @Nullable ReadBuffer buffer;

	private FileTime lastTime = FileTime.fromMillis(0);

	private @Nullable Position lastPosition;

	private CheckpointProgress(Path checkpoint, SequenceId queue) {
		this.checkpoint = checkpoint;
		this.queue = queue;
	}

	/**
	 * Creates what looks at the progress with the queues of a store.
	 * @param store the fleet's folder
	 * @return the progress, by queue
	 */
	public static Function<SequenceId, CollectorProgress> in(StoreDirectory store) {
		return (queue) -> new CheckpointProgress(store.collectorCheckpoint(), queue);
	}

	@Override
	public boolean isMade() {
		try {
			FileTime time = StoreFiles.attributes(this.checkpoint).lastModifiedTime();
			if (time.equals(this.lastTime)) {
				return false;
			}
			this.lastTime = time;
			Position position = position();
			if (position == null || position.equals(this.lastPosition)) {
				return false;
			}
			this.lastPosition = position;
			return true;
		}
		catch (IOException ex) {
			// There has been no collector yet, or none that this version understands.
			return false;
		}
	}

	private @Nullable Position position() throws IOException {
		ReadBuffer buffer = (this.buffer != null) ? this.buffer : new ReadBuffer(BUFFER_SIZE);
		this.buffer = buffer;
		Checkpoint newest = CheckpointFile.read(this.checkpoint, buffer).newest();
		if (newest == null) {
			return null;
		}
		return newest.ranges()
			.stream()
			.filter((range) -> range.instance().equals(this.queue.instanceId())
					&& range.number() == this.queue.number())
			.map(Checkpoint.Range::from)
			.findFirst()
			.orElse(null);
	}

}
