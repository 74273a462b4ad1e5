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

package io.observability.internal.log.queue;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts the events that did not get into the queue, by level, and keeps what has not
 * been reported yet. Safe for any thread.
 */
final class DroppedEvents {

	/** Of all queues that an instance has had in this process, by its id. */
	private static final Map<String, LongAdder[]> BY_INSTANCE = new ConcurrentHashMap<>();

	private final LongAdder[] counts = adders();

	private final LongAdder[] ofInstance;

	private long unreported;

	private Instant firstUnreported = Instant.EPOCH;

	private Instant lastUnreported = Instant.EPOCH;

	private volatile boolean due;

	DroppedEvents(String instance) {
		this.ofInstance = BY_INSTANCE.computeIfAbsent(instance, (id) -> adders());
	}

	private static LongAdder[] adders() {
		LongAdder[] adders = new LongAdder[LevelCode.COUNT];
		Arrays.setAll(adders, (i) -> new LongAdder());
		return adders;
	}

	/** Returns how many events an instance has dropped, whichever its queue was. */
	static long by(String instance, Level level) {
		LongAdder[] counts = BY_INSTANCE.get(instance);
		return (counts != null) ? counts[LevelCode.of(level) - 1].sum() : 0;
	}

	/** Adds an event that is reported otherwise. */
	void addReported(Level level) {
		int index = LevelCode.of(level) - 1;
		this.counts[index].increment();
		this.ofInstance[index].increment();
	}

	void add(Level level) {
		addReported(level);
		Instant now = Instant.now();
		synchronized (this) {
			if (this.unreported++ == 0) {
				this.firstUnreported = now;
			}
			this.lastUnreported = now;
		}
	}

	/** By level, from trace to error. */
	long[] counts() {
		long[] counts = new long[this.counts.length];
		for (int i = 0; i < counts.length; i++) {
			counts[i] = this.counts[i].sum();
		}
		return counts;
	}

	/** There is room again: what was dropped can be reported now. */
	void onRoom() {
		synchronized (this) {
			this.due = this.unreported > 0;
		}
	}

	/** Returns what is to be reported now, once; null if nothing is. */
	@Nullable DropReport take() {
		if (!this.due) {
			return null;
		}
		synchronized (this) {
			this.due = false;
			if (this.unreported == 0) {
				return null;
			}
			DropReport report = new DropReport(this.unreported, this.firstUnreported, this.lastUnreported);
			this.unreported = 0;
			return report;
		}
	}

}
