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
import java.nio.file.NoSuchFileException;
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
import io.observability.internal.segment.CachedListing;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.WriterLiveness;

/** Finds the queues of a fleet, and writers that have terminated. For one thread. */
final class QueueScanner {

	private final CachedListing<List<Slot>> slots;

	private final Map<Slot, CachedListing<SortedMap<SegmentSequence, List<ListedSegment>>>> listings = new HashMap<>();

	private final Map<SegmentSequence, WriterLiveness> writers = new HashMap<>();

	private long scans;

	QueueScanner(StoreDirectory store) {
		this.slots = new CachedListing<>(store.slots(), new Slots(store)::list);
	}

	QueueListing scan() throws IOException {
		SortedMap<SegmentSequence, List<ListedSegment>> found = new TreeMap<>();
		Set<Slot> unreadable = new HashSet<>();
		List<Slot> slots = slots();
		this.listings.keySet().retainAll(slots);
		for (Slot slot : slots) {
			try {
				found.putAll(listing(slot).now());
			}
			catch (NoSuchFileException ex) {
				// Deleted since its parent was listed.
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
		return new QueueListing(++this.scans, found, unreadable, dead);
	}

	private List<Slot> slots() throws IOException {
		try {
			return this.slots.now();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

	private CachedListing<SortedMap<SegmentSequence, List<ListedSegment>>> listing(Slot slot) {
		return this.listings.computeIfAbsent(slot,
				(key) -> new CachedListing<>(key.directory(), () -> SegmentSequence.list(key, SegmentKind.LOG)));
	}

	/**
	 * Returns whether a folder has changed, so that it is worth scanning. That a writer
	 * has terminated is not seen here.
	 */
	boolean mayHaveNews() throws IOException {
		try {
			if (this.slots.mayHaveChanged()) {
				return true;
			}
			for (CachedListing<?> listing : this.listings.values()) {
				if (listing.mayHaveChanged()) {
					return true;
				}
			}
			return false;
		}
		catch (NoSuchFileException ex) {
			return true;
		}
	}

}
