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

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

import io.observability.internal.instance.Slot;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentSequence;

/**
 * All queues of a fleet as they were found. Immutable.
 *
 * @param number of the listing, from 1
 * @param segments files of each queue
 * @param unreadable slots that could not be listed
 * @param dead queues whose writers have terminated: all their records were published
 * before they were listed
 */
record QueueListing(long number, SortedMap<SegmentSequence, List<ListedSegment>> segments, Set<Slot> unreadable,
		Set<SegmentSequence> dead) {

	/** Returns the files of a queue, by index. */
	List<ListedSegment> filesOf(SegmentSequence queue) {
		return this.segments.getOrDefault(queue, List.of());
	}

}
