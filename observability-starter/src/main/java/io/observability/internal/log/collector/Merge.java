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
	 * Fills the target from its position on.
	 * @param target of any size; a record that is larger than all of it is left alone
	 * @return the length of a record that has no room even in an empty target, or 0
	 * @throws IOException if a queue can't be read
	 */
	int into(ByteBuffer target) throws IOException {
		int start = target.position();
		QueueReader reader = earliest();
		while (reader != null) {
			if (reader.textLength() > target.remaining()) {
				return (target.position() == start) ? reader.textLength() : 0;
			}
			reader.take(target);
			reader = earliest();
		}
		return 0;
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
