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

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Whether the segment that is being read is damaged, and what has been reported of it:
 * each segment once. For one thread.
 */
final class SegmentDamage {

	private final UnreadableFiles unreadable;

	/** The segment can't be read any further. */
	private boolean found;

	private boolean reported;

	SegmentDamage(UnreadableFiles unreadable) {
		this.unreadable = unreadable;
	}

	boolean isFound() {
		return this.found;
	}

	void onDamaged(Path file, IOException cause) {
		this.found = true;
		report(file, cause);
	}

	/** Reports that a segment can't be read, now or at all. */
	void report(Path file, IOException cause) {
		if (!this.reported) {
			this.reported = true;
			this.unreadable.onUnreadable(file, cause);
		}
	}

	/** Reports what of a damaged segment is left out. */
	void onLeft(Path file, @Nullable OpenSegment segment, int index, int offset) {
		if (this.found) {
			this.unreadable.onSkipped(file, (segment != null) ? segment.unread(index, offset) : 0);
		}
	}

	/** Forgets the segment, because the next one is read. */
	void clear() {
		this.found = false;
		this.reported = false;
	}

}
