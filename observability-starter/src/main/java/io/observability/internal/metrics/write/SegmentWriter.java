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

import io.observability.internal.memory.Region;
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

	private int seriesCount;

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
		MetricsSegmentLayout.FORMAT.publish(this.region, this.directoryEnd);
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

	/** Returns the number of series records. */
	int seriesCount() {
		return this.seriesCount;
	}

	public Region region() {
		return this.region;
	}

	boolean hasRoomFor(int recordBytes, int cellBytes, int alignment) {
		// One length of zero must remain to end the directory.
		return this.directoryEnd + recordBytes + MetricsSegmentLayout.ALIGNMENT <= cellsOffset(cellBytes, alignment);
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
