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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.WriterLiveness;

/** Finds the queues of a fleet, and writers that have terminated. For one thread. */
final class QueueScanner {

	private final Slots slots;

	private final Map<SegmentSequence, WriterLiveness> writers = new HashMap<>();

	private long listings;

	QueueScanner(StoreDirectory store) {
		this.slots = new Slots(store);
	}

	QueueListing scan() throws IOException {
		SortedMap<SegmentSequence, List<ListedSegment>> found = new TreeMap<>();
		Set<Slot> unreadable = new HashSet<>();
		for (Slot slot : this.slots.list()) {
			try {
				found.putAll(SegmentSequence.list(slot, SegmentKind.LOG));
			}
			catch (IOException ex) {
				// An unreadable folder must not stop the log of the others.
				unreadable.add(slot);
			}
		}
		this.writers.keySet()
			.removeIf((sequence) -> !found.containsKey(sequence) && !unreadable.contains(sequence.slot()));
		Set<SegmentSequence> dead = new HashSet<>();
		for (SegmentSequence sequence : found.keySet()) {
			WriterLiveness writer = this.writers.computeIfAbsent(sequence, (key) -> new WriterLiveness(key.slot()));
			if (!writer.isAlive(sequence.id())) {
				dead.add(sequence);
			}
		}
		return new QueueListing(++this.listings, found, unreadable, dead);
	}

}
