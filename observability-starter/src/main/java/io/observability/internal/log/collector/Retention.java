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
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observability.internal.instance.Slot;
import io.observability.internal.log.queue.Position;
import io.observability.internal.memory.StoreFiles;
import io.observability.internal.segment.ListedSegment;
import io.observability.internal.segment.SegmentLifecycle;
import io.observability.internal.segment.SegmentSequence;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the segments that a receiver still needs, up to a limit for each slot. For one
 * thread.
 *
 * <p>
 * Protocol. A segment is freed when the saved positions of all receivers are behind it. A
 * slot that has more than the limit loses its oldest segments: first the receivers that
 * need one are moved behind it, which counts the events that they miss, and only then it
 * is freed. A crash in between leaves a segment that nothing needs. The segment that a
 * living writer fills is never freed.
 */
final class Retention {

	private final long limit;

	/** A file of one name always has the same size. */
	private Map<Path, Long> sizes = new HashMap<>();

	private boolean nearlyFull;

	/**
	 * Creates the retention.
	 * @param limit bytes of segments that each slot may have
	 */
	Retention(long limit) {
		this.limit = limit;
	}

	/** Returns whether a slot had more than half of what it may have. */
	boolean isNearlyFull() {
		return this.nearlyFull;
	}

	void apply(QueueListing listing, List<EventDelivery> deliveries) throws IOException {
		Map<Path, Long> sizes = new HashMap<>();
		Set<Slot> slots = new HashSet<>();
		for (Map.Entry<SegmentSequence, List<ListedSegment>> entry : listing.segments().entrySet()) {
			slots.add(entry.getKey().slot());
			for (ListedSegment segment : entry.getValue()) {
				Long known = this.sizes.get(segment.path());
				sizes.put(segment.path(), (known != null) ? known : size(segment.path()));
			}
		}
		this.sizes = sizes;
		this.nearlyFull = false;
		for (Slot slot : slots) {
			apply(slot, listing, deliveries);
		}
	}

	private static long size(Path file) throws IOException {
		try {
			return StoreFiles.attributes(file).size();
		}
		catch (NoSuchFileException ex) {
			// Another process has freed or deleted it meanwhile.
			return 0;
		}
	}

	private void apply(Slot slot, QueueListing listing, List<EventDelivery> deliveries) throws IOException {
		List<SegmentSequence> queues = new ArrayList<>();
		long size = 0;
		for (SegmentSequence queue : listing.segments().keySet()) {
			if (queue.slot().equals(slot) && !freeDelivered(queue, listing, deliveries)) {
				queues.add(queue);
				for (ListedSegment segment : needed(queue, listing, deliveries)) {
					size += this.sizes.getOrDefault(segment.path(), 0L);
				}
			}
		}
		this.nearlyFull |= size > this.limit / 2;
		if (size <= this.limit) {
			return;
		}
		Map<SegmentSequence, FileTime> times = new HashMap<>();
		for (SegmentSequence queue : queues) {
			times.put(queue, time(listing.filesOf(queue)));
		}
		queues.sort(Comparator.comparing((SegmentSequence queue) -> !listing.dead().contains(queue))
			.thenComparing(times::get));
		for (SegmentSequence queue : queues) {
			size = shorten(queue, size, listing, deliveries);
		}
	}

	private static FileTime time(List<ListedSegment> segments) throws IOException {
		try {
			return StoreFiles.attributes(segments.get(0).path()).lastModifiedTime();
		}
		catch (NoSuchFileException ex) {
			return FileTime.fromMillis(0);
		}
	}

	/** Returns whether nothing of the queue is left. */
	private static boolean freeDelivered(SegmentSequence queue, QueueListing listing, List<EventDelivery> deliveries)
			throws IOException {
		if (deliveries.stream().allMatch((delivery) -> delivery.isFinished(queue))) {
			SegmentLifecycle.delete(queue);
			return true;
		}
		int first = firstNeeded(queue, deliveries);
		for (ListedSegment segment : listing.filesOf(queue)) {
			if (segment.isReadable() && segment.index() < first) {
				free(queue, segment, listing);
			}
		}
		return false;
	}

	private static List<ListedSegment> needed(SegmentSequence queue, QueueListing listing,
			List<EventDelivery> deliveries) {
		int first = firstNeeded(queue, deliveries);
		return listing.filesOf(queue)
			.stream()
			.filter((segment) -> segment.isReadable() && segment.index() >= first)
			.toList();
	}

	/** Returns the index of the first segment that a receiver needs. */
	private static int firstNeeded(SegmentSequence queue, List<EventDelivery> deliveries) {
		int first = Integer.MAX_VALUE;
		for (EventDelivery delivery : deliveries) {
			Position position = delivery.position(queue);
			first = Math.min(first, (position != null) ? position.index() : 0);
		}
		return first;
	}

	/** Returns the size that is left. */
	private long shorten(SegmentSequence queue, long size, QueueListing listing, List<EventDelivery> deliveries)
			throws IOException {
		boolean dead = listing.dead().contains(queue);
		List<ListedSegment> segments = needed(queue, listing, deliveries);
		long left = size;
		for (int i = 0; left > this.limit && i < segments.size() - (dead ? 0 : 1); i++) {
			ListedSegment segment = segments.get(i);
			for (EventDelivery delivery : deliveries) {
				if (isNeeded(delivery.position(queue), segment)) {
					delivery.skip(queue, segment.index());
				}
			}
			free(queue, segment, listing);
			left -= this.sizes.getOrDefault(segment.path(), 0L);
		}
		return left;
	}

	private static boolean isNeeded(@Nullable Position position, ListedSegment segment) {
		return position == null || position.index() <= segment.index();
	}

	/** A writer that has terminated does not use it again. */
	private static void free(SegmentSequence queue, ListedSegment segment, QueueListing listing) throws IOException {
		if (listing.dead().contains(queue)) {
			StoreFiles.deleteIfExists(segment.path());
		}
		else {
			SegmentLifecycle.free(queue, segment.index());
		}
	}

}
