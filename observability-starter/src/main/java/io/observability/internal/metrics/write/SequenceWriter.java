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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.instance.Slot;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SegmentFile;
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
 *
 * <p>
 * The segments of a sequence of current values are replaced by one when many of their
 * series have been released: see {@link Compaction}.
 */
final class SequenceWriter {

	private static final String LOST = "metrics file was deleted or cut off while in use, "
			+ "its series go into a new one: ";

	private static final int FIRST_SEGMENT_BYTES = 256 << 10;

	private static final int LARGEST_SEGMENT_BYTES = 16 << 20;

	/** The application needs the heap. */
	private static final int LARGEST_SEGMENT_IN_MEMORY = 1 << 20;

	private static final int LARGEST_REPLACEMENT_BYTES = 512 << 20;

	private final SequenceId id;

	private final SequenceFiles files;

	private final String instanceName;

	private final Problems problems;

	private List<SegmentWriter> segments = new ArrayList<>();

	/** Those whose series are being moved into a segment that has replaced them. */
	private List<SegmentWriter> replaced = List.of();

	private int nextIndex;

	/** The index of the last segment that was created to replace others. */
	private int replacementIndex;

	/**
	 * Creates a sequence without segments.
	 * @param id its id
	 * @param files creates its files
	 * @param instanceName value of the instance label
	 * @param problems where lost files are reported
	 */
	SequenceWriter(SequenceId id, SequenceFiles files, String instanceName, Problems problems) {
		this.id = id;
		this.files = files;
		this.instanceName = instanceName;
		this.problems = problems;
	}

	SequenceId id() {
		return this.id;
	}

	/** Returns whether its files are in this slot; true if it has none. */
	boolean isIn(Slot slot) {
		return this.files.areIn(slot);
	}

	/** Appends a series, and its family if the segment lacks it. */
	Cells append(Family family, List<String> labelValues, int alignment) {
		if (!hasRoomFor(family, labelValues, alignment)) {
			int needed = sizeOf(SegmentWriter.bytesOf(family, labelValues, alignment));
			int size = sizeFor(needed);
			if (!addFile(size)) {
				add(inMemory(Math.max(needed, Math.min(size, LARGEST_SEGMENT_IN_MEMORY))), this.nextIndex++);
			}
		}
		return this.segments.get(this.segments.size() - 1).append(family, labelValues, alignment);
	}

	/** Returns whether there is room for a series in the last segment. */
	boolean hasRoomFor(Family family, List<String> labelValues, int alignment) {
		return !this.segments.isEmpty()
				&& this.segments.get(this.segments.size() - 1).hasRoomFor(family, labelValues, alignment);
	}

	private static SegmentWriter inMemory(int size) {
		return new SegmentWriter(Region.allocate(size), null);
	}

	private int sizeOf(int contentBytes) {
		return contentBytes + MetricsSegmentLayout.headerLength(4 * this.instanceName.length())
				+ MetricsSegmentLayout.ALIGNMENT;
	}

	private int sizeFor(int needed) {
		int doubled = Math.min(this.segments.size(), 16);
		return Math.max(needed, (int) Math.min(LARGEST_SEGMENT_BYTES, (long) FIRST_SEGMENT_BYTES << doubled));
	}

	/** Adds a segment in a file, and returns whether that could be created. */
	private boolean addFile(int size) {
		int index = this.nextIndex;
		// First: whatever is thrown later, there may be a file with this index.
		this.nextIndex = index + 1;
		SegmentWriter segment = this.files.create(index, size);
		if (segment == null) {
			this.nextIndex = index;
			return false;
		}
		add(segment, index);
		return true;
	}

	private void add(SegmentWriter segment, int index) {
		segment.open(this.id, index, MetricsSegmentLayout.STATE_OPEN, this.instanceName, System.currentTimeMillis());
		this.segments.add(segment);
	}

	/**
	 * Creates a segment that is to replace all others. No reader opens it yet.
	 * @param contentBytes how much room its series need; it gets twice as much
	 * @return the segment, or null if its file can't be created
	 */
	@Nullable SegmentWriter createReplacement(long contentBytes) {
		long needed = contentBytes + MetricsSegmentLayout.headerLength(4 * this.instanceName.length())
				+ 2 * MetricsSegmentLayout.ALIGNMENT;
		if (needed > LARGEST_REPLACEMENT_BYTES) {
			return null;
		}
		this.replacementIndex = this.nextIndex;
		int size = (int) Math.max(FIRST_SEGMENT_BYTES, 2 * needed);
		SegmentWriter segment = this.files.createReplacement(this.nextIndex, size);
		if (segment != null) {
			segment.openReplacing(this.id, this.nextIndex, this.instanceName, System.currentTimeMillis());
		}
		return segment;
	}

	/**
	 * Makes a segment readable that replaces all others. These stay until their series
	 * have been moved, see {@link #deleteReplaced()}.
	 * @return whether it is readable; if not, nothing has changed
	 */
	boolean publishReplacement(SegmentWriter replacement) {
		List<SegmentWriter> formerReplaced = this.replaced;
		List<SegmentWriter> formerSegments = this.segments;
		List<SegmentWriter> replaced = new ArrayList<>(formerReplaced);
		replaced.addAll(formerSegments);
		List<SegmentWriter> segments = new ArrayList<>(List.of(replacement));
		int index = this.nextIndex;
		// Before the renaming: if something is thrown on the way back from it, readers
		// ignore the former segments already.
		this.replaced = replaced;
		this.segments = segments;
		this.nextIndex = index + 1;
		if (this.files.publishReplacement(index)) {
			return true;
		}
		this.replaced = formerReplaced;
		this.segments = formerSegments;
		this.nextIndex = index;
		return false;
	}

	/** Deletes the segments that another one has replaced. */
	void deleteReplaced() {
		deleteFiles(this.replaced);
		this.replaced = List.of();
		this.files.onReplaced();
	}

	/** Returns whether some series may still be in segments that another has replaced. */
	boolean isHalfReplaced() {
		return !this.replaced.isEmpty();
	}

	/** Returns whether a file may be created that could not be created before. */
	boolean isAttemptDue() {
		return this.files.isAttemptDue();
	}

	/** The segments could not be replaced, or not all of their series were moved. */
	void onFailedReplacement(Throwable failure) {
		this.files.onFailedReplacement(this.replacementIndex, failure);
	}

	/** Deletes all files, once nothing is written to them any more. */
	void deleteAll() {
		deleteFiles(this.segments);
		deleteReplaced();
	}

	private static void deleteFiles(Iterable<SegmentWriter> segments) {
		for (SegmentWriter segment : segments) {
			SegmentFile file = segment.file();
			if (file != null) {
				file.delete();
			}
		}
	}

	/** Returns all segments, and how many bytes of each are still readable. */
	Map<Region, Integer> readable() {
		Map<Region, Integer> readable = new HashMap<>();
		for (List<SegmentWriter> segments : List.of(this.replaced, this.segments)) {
			for (SegmentWriter segment : segments) {
				SegmentFile file = segment.file();
				readable.put(segment.region(), (file != null) ? file.intactBytes() : segment.region().capacity());
			}
		}
		return readable;
	}

	/**
	 * Counts a series that is no longer in use.
	 * @param region the segment that its cells are in
	 * @return whether that segment is one of these
	 */
	boolean release(Region region) {
		SegmentWriter segment = find(this.segments, region);
		if (segment != null) {
			segment.release();
			return true;
		}
		return find(this.replaced, region) != null;
	}

	boolean contains(Region region) {
		return find(this.segments, region) != null || find(this.replaced, region) != null;
	}

	private static @Nullable SegmentWriter find(List<SegmentWriter> segments, Region region) {
		for (SegmentWriter segment : segments) {
			if (segment.region() == region) {
				return segment;
			}
		}
		return null;
	}

	/** Returns the number of series that are in use. */
	int seriesCount() {
		return this.segments.stream().mapToInt(SegmentWriter::seriesCount).sum();
	}

	/** Returns the number of series that are no longer in use. */
	int releasedCount() {
		return this.segments.stream().mapToInt(SegmentWriter::releasedCount).sum();
	}

	/** Returns whether all segments are in files that still exist and are complete. */
	boolean isIntact() {
		for (SegmentWriter segment : this.segments) {
			SegmentFile file = segment.file();
			if (file == null || !file.isIntact()) {
				return false;
			}
		}
		return true;
	}

	/** Returns whether all segments have files, intact or not. */
	boolean isShared() {
		for (SegmentWriter segment : this.segments) {
			if (segment.file() == null) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Removes the segments that are lost, and those without a file if one can be created
	 * now.
	 * @param removed gets the removed segments, and how many bytes of each are still
	 * readable
	 */
	void removeLost(Map<Region, Integer> removed) {
		List<SegmentWriter> lost = new ArrayList<>();
		Map<Region, Integer> readable = new HashMap<>();
		int unsharedBytes = 0;
		for (SegmentWriter segment : this.segments) {
			SegmentFile file = segment.file();
			if (file == null) {
				unsharedBytes += segment.region().capacity();
			}
			else if (!file.isIntact()) {
				lost.add(segment);
				readable.put(segment.region(), file.intactBytes());
				this.problems.report(file.path(), LOST, "bytes left=" + file.intactBytes() + ", size=" + file.size());
			}
		}
		if (unsharedBytes > 0 && isAttemptDue() && addFile(Math.min(unsharedBytes, LARGEST_SEGMENT_BYTES))) {
			for (SegmentWriter segment : this.segments) {
				if (segment.file() == null) {
					lost.add(segment);
					readable.put(segment.region(), segment.region().capacity());
				}
			}
		}
		// First: a series in a segment that is in neither would never be moved.
		removed.putAll(readable);
		deleteFiles(lost);
		this.segments.removeAll(lost);
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

	/** Returns all segments, as those of a terminated instance. */
	Map<Region, Integer> abandoned() {
		Map<Region, Integer> regions = new HashMap<>();
		readable().keySet().forEach((region) -> regions.put(region, Cells.SHOWN_ELSEWHERE));
		return regions;
	}

	boolean isEmpty() {
		return this.segments.isEmpty();
	}

	/** Returns the number of series that are in no file. */
	int unsharedSeries() {
		int series = 0;
		for (SegmentWriter segment : this.segments) {
			if (segment.file() == null) {
				series += segment.seriesCount();
			}
		}
		return series;
	}

	/** Tells readers how many series of this instance are in no file. */
	void putMissing(int series) {
		if (!this.segments.isEmpty()) {
			this.segments.get(0).putMissing(series);
		}
	}

}
