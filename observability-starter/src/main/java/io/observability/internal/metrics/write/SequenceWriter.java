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

package io.observability.internal.metrics.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentFile;
import io.observability.internal.segment.SegmentKind;
import io.observability.internal.segment.SegmentSequence;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * Writes the segments of one sequence, one after the other, each twice as large as the
 * one before, up to a limit.
 *
 * <p>
 * Protocol. One thread at a time. If a file can't be created, the segment is outside any
 * file: this instance sees what is recorded there, but the others do not until a later
 * attempt succeeds. A process that is killed leaves its segments as they are, the last
 * one perhaps with a record or a header that is not published.
 */
final class SequenceWriter {

	private static final String NOT_CREATED = "metrics file can't be made, "
			+ "other instances don't see the series in it until it can: ";

	private static final String LOST = "metrics file was deleted or cut off while in use, "
			+ "its series go into a new one: ";

	private static final int FIRST_SEGMENT_BYTES = 256 << 10;

	private static final int LARGEST_SEGMENT_BYTES = 16 << 20;

	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final SequenceId id;

	private final @Nullable Slot slot;

	private final String instanceName;

	private final Problems problems;

	private final List<SegmentWriter> segments = new ArrayList<>();

	private final Map<Family, Integer> familyOffsets = new HashMap<>();

	private int nextIndex;

	private long lastAttempt;

	/**
	 * Creates a sequence without segments.
	 * @param id its id
	 * @param slot where its files are created, or null if it is to have none
	 * @param instanceName value of the instance label
	 * @param problems where a file that can't be created is reported
	 */
	SequenceWriter(SequenceId id, @Nullable Slot slot, String instanceName, Problems problems) {
		this.id = id;
		this.slot = slot;
		this.instanceName = instanceName;
		this.problems = problems;
	}

	SequenceId id() {
		return this.id;
	}

	/** Appends a series, and its family if the segment lacks it. */
	Cells append(Family family, List<String> labelValues, int alignment) {
		byte[] familyRecord = RecordEncoder.family(family);
		int cellBytes = (family.cellBytes() + alignment - 1) & -alignment;
		int recordBytes = familyRecord.length + RecordEncoder.seriesLength(labelValues);
		SegmentWriter segment = segmentFor(recordBytes, cellBytes, alignment);
		Integer familyOffset = this.familyOffsets.get(family);
		if (familyOffset == null) {
			familyOffset = segment.append(familyRecord);
			this.familyOffsets.put(family, familyOffset);
		}
		int cells = segment.allocateCells(cellBytes, alignment);
		segment.append(RecordEncoder.series(familyOffset, cells, System.currentTimeMillis(), 0, labelValues));
		return new Cells(segment.region(), cells, family.cellBytes());
	}

	private SegmentWriter segmentFor(int recordBytes, int cellBytes, int alignment) {
		if (!this.segments.isEmpty()) {
			SegmentWriter last = this.segments.get(this.segments.size() - 1);
			if (last.hasRoomFor(recordBytes, cellBytes, alignment)) {
				return last;
			}
		}
		int size = sizeFor(recordBytes + cellBytes + alignment);
		SegmentWriter segment = createShared(size);
		return add((segment != null) ? segment : new SegmentWriter(Region.allocate(size), null));
	}

	private int sizeFor(int contentBytes) {
		int needed = contentBytes + MetricsSegmentLayout.headerLength(4 * this.instanceName.length())
				+ MetricsSegmentLayout.ALIGNMENT;
		int doubled = Math.min(this.segments.size(), 16);
		return Math.max(needed, (int) Math.min(LARGEST_SEGMENT_BYTES, (long) FIRST_SEGMENT_BYTES << doubled));
	}

	private @Nullable SegmentWriter createShared(int size) {
		if (this.slot == null) {
			return null;
		}
		Path path = new SegmentSequence(this.slot, SegmentKind.METRICS, this.id).segmentFile(this.nextIndex);
		try {
			Region region = Region.create(path, size);
			SegmentWriter segment = new SegmentWriter(region, SegmentFile.of(path, size));
			this.problems.resolve(this.slot.directory(), NOT_CREATED);
			return segment;
		}
		catch (IOException ex) {
			this.lastAttempt = System.nanoTime();
			this.problems.report(this.slot.directory(), NOT_CREATED, ex);
			return null;
		}
	}

	private SegmentWriter add(SegmentWriter segment) {
		segment.open(this.id, this.nextIndex, MetricsSegmentLayout.STATE_OPEN, this.instanceName,
				System.currentTimeMillis());
		this.nextIndex++;
		this.segments.add(segment);
		this.familyOffsets.clear();
		return segment;
	}

	/** Returns whether all segments are in files that still exist and are complete. */
	boolean isIntact() {
		return this.segments.stream().allMatch(SequenceWriter::isIntact);
	}

	private static boolean isIntact(SegmentWriter segment) {
		SegmentFile file = segment.file();
		return file != null && file.isIntact();
	}

	/**
	 * Removes the segments that are lost, and those without a file if one can be created
	 * now.
	 * @return the removed segments, and how many bytes of each are still readable
	 */
	Map<Region, Integer> takeLost() {
		Map<SegmentWriter, Integer> lost = new LinkedHashMap<>();
		int unsharedBytes = 0;
		for (SegmentWriter segment : this.segments) {
			SegmentFile file = segment.file();
			if (file == null) {
				unsharedBytes += segment.region().capacity();
			}
			else if (!file.isIntact()) {
				lost.put(segment, file.intactBytes());
				this.problems.report(file.path(), LOST, "bytes left=" + file.intactBytes() + ", size=" + file.size());
			}
		}
		if (unsharedBytes > 0 && System.nanoTime() - this.lastAttempt > RETRY_NANOS) {
			SegmentWriter segment = createShared(Math.min(unsharedBytes, LARGEST_SEGMENT_BYTES));
			if (segment != null) {
				this.segments.stream()
					.filter((unshared) -> unshared.file() == null)
					.forEach((unshared) -> lost.put(unshared, unshared.region().capacity()));
				add(segment);
			}
		}
		return takeOut(lost);
	}

	private Map<Region, Integer> takeOut(Map<SegmentWriter, Integer> lost) {
		Map<Region, Integer> regions = new HashMap<>();
		lost.forEach((segment, intactBytes) -> {
			regions.put(segment.region(), intactBytes);
			SegmentFile file = segment.file();
			if (file != null) {
				file.delete();
			}
		});
		this.segments.removeAll(lost.keySet());
		// The segment that had them may be among the removed ones.
		if (!lost.isEmpty()) {
			this.familyOffsets.clear();
		}
		return regions;
	}

	/** Makes the next attempt to create a file due at once. */
	void retryNow() {
		this.lastAttempt = System.nanoTime() - RETRY_NANOS - 1;
	}

	/** Returns all segments. */
	List<Region> regions() {
		return this.segments.stream().map(SegmentWriter::region).toList();
	}

	/** Returns the segments that are in no file. */
	List<Region> unsharedRegions() {
		return this.segments.stream().filter((segment) -> segment.file() == null).map(SegmentWriter::region).toList();
	}

	/** Tells readers that nothing more will be recorded. */
	void close() {
		if (!this.segments.isEmpty()) {
			this.segments.get(0).close();
		}
	}

	/** Returns all segments, as if none of their bytes were readable. */
	Map<Region, Integer> abandoned() {
		Map<Region, Integer> regions = new HashMap<>();
		regions().forEach((region) -> regions.put(region, 0));
		return regions;
	}

	/** Returns the number of series that are in no file. */
	int unsharedSeries() {
		return this.segments.stream()
			.filter((segment) -> segment.file() == null)
			.mapToInt(SegmentWriter::seriesCount)
			.sum();
	}

	/** Tells readers how many series of this instance are in no file. */
	void putMissing(int series) {
		if (!this.segments.isEmpty()) {
			this.segments.get(0).putMissing(series);
		}
	}

}
