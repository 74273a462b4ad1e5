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

import io.observability.internal.log.queue.QueueReader;
import org.jspecify.annotations.Nullable;

/**
 * Merges the records of several queues by time, each queue in its own order.
 *
 * <p>
 * The outcome depends on nothing but which records it takes of which queue: a queue that
 * was found to have no more takes no part in the rest of the merge even if it gets more,
 * and equal times go by the order of the queues. So merging the same ranges again gives
 * the same bytes.
 */
final class Merge {

	/**
	 * Times farther ahead than this belong to events that were made by hand; they are not
	 * waited for.
	 */
	private static final long MAX_CLOCK_LEAD_NANOS = 1_000_000_000L;

	private final List<QueueReader> readers;

	/** Later times count as this one, so that nothing is put off for ever. */
	private final long now;

	/** Times after this one are held back. */
	private final long until;

	/** A record of it has been taken in part. */
	private @Nullable QueueReader unfinished;

	/**
	 * Prepares a merge.
	 * @param readers in the order in which equal times go
	 * @param now the current time in nanoseconds since 1970
	 * @param until the time up to which to merge
	 */
	Merge(List<QueueReader> readers, long now, long until) {
		this.readers = new ArrayList<>(readers);
		this.now = now;
		this.until = until;
	}

	/**
	 * Adds whole records to a batch, as far as it has room.
	 * @param batch has no records yet
	 * @return the reader of a record that has no room even in an empty batch, which is
	 * left alone; else null
	 * @throws IOException if a queue can't be read
	 */
	@Nullable QueueReader into(MergedBatch batch) throws IOException {
		QueueReader reader = earliest();
		while (reader != null) {
			if (!batch.hasRoomFor(reader.textLength())) {
				return (batch.length() == 0) ? reader : null;
			}
			batch.add(reader);
			reader = earliest();
		}
		return null;
	}

	/**
	 * Fills the target to its limit, if necessary with a part of a record. The next call
	 * continues that record.
	 * @param target where the bytes go
	 * @return whether there may be more
	 * @throws IOException if a queue can't be read
	 */
	boolean fill(ByteBuffer target) throws IOException {
		QueueReader reader = (this.unfinished != null) ? this.unfinished : earliest();
		while (reader != null && reader.take(target)) {
			reader = earliest();
		}
		this.unfinished = reader;
		return reader != null;
	}

	private @Nullable QueueReader earliest() throws IOException {
		QueueReader earliest = null;
		long earliestTime = 0;
		for (int i = 0; i < this.readers.size(); i++) {
			QueueReader reader = this.readers.get(i);
			if (!isReady(reader)) {
				this.readers.remove(i--);
				continue;
			}
			long time = Math.min(reader.time(), this.now);
			if (earliest == null || time < earliestTime) {
				earliest = reader;
				earliestTime = time;
			}
		}
		return earliest;
	}

	private boolean isReady(QueueReader reader) throws IOException {
		return reader.hasRecord() && (reader.time() <= this.until || reader.time() > this.now + MAX_CLOCK_LEAD_NANOS);
	}

}
