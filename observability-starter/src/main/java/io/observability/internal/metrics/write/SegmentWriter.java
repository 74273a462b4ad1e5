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

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordEncoder;
import io.observability.internal.metrics.format.RecordLayout;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentFile;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to one segment and allocates its cells.
 *
 * <p>
 * Protocol. One thread at a time appends; any number of readers, in any process, follow.
 * Cells are allocated as zeros before the record of their series is appended, and used
 * afterwards. A record is published as {@link RecordFrame} says. A writer that is killed
 * before that leaves a length of zero and bytes after it that are never read.
 */
public final class SegmentWriter {

	private final Region region;

	private final @Nullable SegmentFile file;

	private int directoryEnd;

	private int cellsStart;

	private final Map<Family, Integer> familyOffsets = new HashMap<>();

	private int seriesCount;

	private int releasedCount;

	/**
	 * Creates a writer.
	 * @param region the segment's memory, all zeros
	 * @param file the file whose memory it is, or null if it is in none
	 */
	public SegmentWriter(Region region, @Nullable SegmentFile file) {
		this.region = region;
		this.file = file;
		this.cellsStart = region.capacity();
	}

	/** Writes the header, which publishes the segment. */
	public void open(SequenceId sequence, int index, int state, String instanceName, long createdMillis) {
		putHeader(sequence, index, state, instanceName, createdMillis);
		MetricsSegmentLayout.FORMAT.publish(this.region, this.directoryEnd, MetricsSegmentLayout.PLAIN_VERSION);
	}

	/**
	 * Writes the header, and that the segment replaces all those of its sequence with a
	 * lower index. It is to be published under its name once it is complete.
	 */
	public void openReplacing(SequenceId sequence, int index, String instanceName, long createdMillis) {
		putHeader(sequence, index, MetricsSegmentLayout.STATE_OPEN, instanceName, createdMillis);
		int headerLength = this.directoryEnd;
		append(RecordEncoder.replaces());
		MetricsSegmentLayout.FORMAT.publish(this.region, headerLength, MetricsSegmentLayout.REPLACING_VERSION);
	}

	private void putHeader(SequenceId sequence, int index, int state, String instanceName, long createdMillis) {
		byte[] name = instanceName.getBytes(StandardCharsets.UTF_8);
		this.directoryEnd = MetricsSegmentLayout.headerLength(name.length);
		this.region.putLong(MetricsSegmentLayout.INSTANCE_ID_OFFSET, sequence.instanceIdBits());
		this.region.putInt(MetricsSegmentLayout.SEQUENCE_OFFSET, sequence.number());
		this.region.putInt(MetricsSegmentLayout.INDEX_OFFSET, index);
		this.region.putInt(MetricsSegmentLayout.SIZE_OFFSET, this.region.capacity());
		this.region.putInt(MetricsSegmentLayout.STATE_OFFSET, state);
		this.region.putLong(MetricsSegmentLayout.CREATED_OFFSET, createdMillis);
		this.region.putInt(MetricsSegmentLayout.NAME_LENGTH_OFFSET, name.length);
		this.region.putBytes(MetricsSegmentLayout.NAME_OFFSET, name);
	}

	/** Tells readers that nothing more will be recorded. */
	void close() {
		this.region.putIntRelease(MetricsSegmentLayout.STATE_OFFSET, MetricsSegmentLayout.STATE_CLOSED);
	}

	/** Tells readers how many series of its writer are in no file. */
	public void putMissing(int series) {
		this.region.putInt(MetricsSegmentLayout.MISSING_OFFSET, series);
	}

	/** Returns the file that it is in, or null if it is in none. */
	@Nullable SegmentFile file() {
		return this.file;
	}

	/** Returns the number of series that are in use. */
	int seriesCount() {
		return this.seriesCount - this.releasedCount;
	}

	/** Returns the number of series that are no longer in use. */
	int releasedCount() {
		return this.releasedCount;
	}

	/** Counts a series that is no longer in use. */
	void release() {
		this.releasedCount++;
	}

	public Region region() {
		return this.region;
	}

	/** Returns how much room a series needs, and its family if that is new. */
	static int bytesOf(Family family, List<String> labelValues, int alignment) {
		return familyBytes(family) + RecordEncoder.seriesLength(labelValues) + alignedLength(family, alignment)
				+ alignment;
	}

	/** Returns how much room the record of a family needs. */
	static int familyBytes(Family family) {
		return RecordEncoder.family(family).length;
	}

	/** Returns how much room the record and the cells of a series need. */
	static int seriesBytes(Family family, List<String> labelValues) {
		return RecordEncoder.seriesLength(labelValues) + alignedLength(family, MetricsSegmentLayout.ALIGNMENT);
	}

	private static int alignedLength(Family family, int alignment) {
		return (family.cellBytes() + alignment - 1) & -alignment;
	}

	/** Returns whether there is room for a series, and its family. */
	boolean hasRoomFor(Family family, List<String> labelValues, int alignment) {
		int recordBytes = RecordEncoder.seriesLength(labelValues);
		if (!this.familyOffsets.containsKey(family)) {
			recordBytes += familyBytes(family);
		}
		// One length of zero must remain to end the directory.
		return this.directoryEnd + recordBytes
				+ MetricsSegmentLayout.ALIGNMENT <= cellsOffset(alignedLength(family, alignment), alignment);
	}

	/**
	 * Appends a series for which there is room, and its family if the segment lacks it.
	 */
	Cells append(Family family, List<String> labelValues, int alignment) {
		Integer familyOffset = this.familyOffsets.get(family);
		if (familyOffset == null) {
			familyOffset = append(RecordEncoder.family(family));
			this.familyOffsets.put(family, familyOffset);
		}
		int cells = allocateCells(alignedLength(family, alignment), alignment);
		append(RecordEncoder.series(familyOffset, cells, System.currentTimeMillis(), 0, labelValues));
		return new Cells(this.region, cells, family.cellBytes());
	}

	/** Allocates cells, all zeros, that begin on a multiple of a power of two. */
	public int allocateCells(int cellBytes, int alignment) {
		this.cellsStart = cellsOffset(cellBytes, alignment);
		return this.cellsStart;
	}

	private int cellsOffset(int cellBytes, int alignment) {
		return (this.cellsStart - cellBytes) & -alignment;
	}

	/** Appends a record made by {@link RecordEncoder} and returns its offset. */
	public int append(byte[] record) {
		int offset = this.directoryEnd;
		int unpublished = RecordFrame.WORD_LENGTH;
		this.region.putBytes(offset + unpublished, record, unpublished, record.length - unpublished);
		this.directoryEnd += record.length;
		RecordFrame.publish(this.region, offset, record.length);
		if (record[RecordLayout.RECORD_OFFSET] == RecordLayout.SERIES) {
			this.seriesCount++;
		}
		return offset;
	}

}
