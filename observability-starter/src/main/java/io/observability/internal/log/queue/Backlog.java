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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.observability.FullPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The segments that have been in use and are not yet acknowledged, and the limit to their
 * size. It grows only when a segment is made current, so that is where the limit is
 * checked. The caller's lock guards it, but for {@link #isScarceFor}.
 */
final class Backlog {

	private static final int SPARE_FOR_WARNINGS_PERCENT = 20;

	private final long limit;

	private final int segmentSize;

	private final FullPolicy whenFull;

	/** Oldest first; the current one is the last. */
	private final Deque<Segment> segments = new ArrayDeque<>();

	private long size;

	/** Little room is left: only warnings and errors may use it. */
	private volatile boolean scarce;

	Backlog(long limit, int segmentSize, FullPolicy whenFull) {
		this.limit = limit;
		this.segmentSize = segmentSize;
		this.whenFull = whenFull;
	}

	void add(Segment segment) {
		this.segments.add(segment);
		this.size += segment.size();
		updateScarcity();
	}

	/** The oldest segment that is not current, or null if there is none. */
	@Nullable Segment oldestFinished() {
		return (this.segments.size() > 1) ? this.segments.peek() : null;
	}

	void removeOldest() {
		this.size -= this.segments.remove().size();
		updateScarcity();
	}

	List<Segment> segments() {
		return List.copyOf(this.segments);
	}

	boolean isSettled() {
		return this.segments.stream().allMatch(Segment::isSettled);
	}

	/** Whether a segment for an event of this level may be made current. */
	boolean hasRoom(int size, Level level) {
		boolean spareForWarnings = this.whenFull == FullPolicy.DROP && level.compareTo(Level.WARNING) < 0;
		// One event may be larger than the limit: it gets through when nothing else
		// waits.
		return this.size + Math.max(size, this.segmentSize) <= (spareForWarnings ? scarceFrom() : this.limit)
				|| this.segments.size() == 1;
	}

	private long scarceFrom() {
		return this.limit / 100 * (100 - SPARE_FOR_WARNINGS_PERCENT);
	}

	private void updateScarcity() {
		this.scarce = this.whenFull == FullPolicy.DROP && this.size > scarceFrom() && this.segments.size() > 1;
	}

	boolean isScarce() {
		return this.scarce;
	}

	/** Whether an event of this level is to be dropped without trying. Needs no lock. */
	boolean isScarceFor(Level level) {
		return this.scarce && level.compareTo(Level.WARNING) < 0;
	}

}
