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

package io.observability.internal.metrics.read;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.format.RecordDecoder;
import io.observability.internal.metrics.format.RecordLayout;
import io.observability.internal.metrics.format.SampleLayout;
import io.observability.internal.metrics.format.SegmentHeader;
import io.observability.internal.metrics.format.SeriesEntry;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.FileFormat;
import io.observability.internal.segment.RecordFrame;
import io.observability.internal.segment.SegmentSource;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment repeatedly, and parses only what is new.
 *
 * <p>
 * Protocol. Where the directory has grown it is read twice: first to see how far records
 * are published, then for their bytes, which are complete by then. Cells are read after
 * the directory, so each known series has its numbers. The header is read again once its
 * magic has been seen. An acquire fence stands between each of these readings and the
 * next, because program order is not enough: a processor such as ARM's may load the bytes
 * behind a length before the length, and one copy loads its words in no particular order.
 * With the writer's release the fence makes what precedes the length visible. For a file
 * the system call between two readings has the same effect, since it depends on what was
 * seen.
 *
 * <p>
 * A damaged record ends the directory; the series before it are still read. One thread at
 * a time.
 */
public final class SegmentReader implements Closeable {

	public static final int CHUNK_BYTES = 64 << 10;

	/**
	 * A directory that ends so early is looked at together with the header: a second
	 * system call costs more than these bytes.
	 */
	private static final int SHORT_DIRECTORY_BYTES = 8 << 10;

	/** No file may take so much of the heap that nothing is left for the application. */
	private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 4;

	private final SegmentSource source;

	private final List<SeriesEntry> series = new ArrayList<>();

	private final Map<Integer, Family> families = new HashMap<>();

	private final Map<SequenceId, Integer> folded = new HashMap<>();

	private @Nullable SegmentHeader header;

	private int parsed;

	/** Whether there may be records behind those that were parsed. */
	private boolean mayHaveGrown;

	private long cellBytes;

	private final SegmentCells cells;

	private int state;

	private int missing;

	private boolean replacesFormer;

	private @Nullable CorruptSegmentException damage;

	public SegmentReader(SegmentSource source) {
		this.source = source;
		this.cells = new SegmentCells(source, this.series);
	}

	/**
	 * Reads what is new, and all numbers.
	 * @return whether the segment has been published
	 * @throws CorruptSegmentException if it is no metrics segment, or cut off
	 * @throws IOException if it can't be read
	 */
	public boolean refresh() throws IOException {
		SegmentHeader header = readHeader();
		if (header == null) {
			return false;
		}
		try {
			while (this.mayHaveGrown && this.damage == null && parseNewRecords(header)) {
				// Records before damaged ones are parsed before these are looked at.
			}
		}
		catch (CorruptSegmentException ex) {
			this.damage = ex;
		}
		VarHandle.acquireFence();
		this.cells.read(this.parsed, !isArchive());
		return true;
	}

	private @Nullable SegmentHeader readHeader() throws IOException {
		this.mayHaveGrown = true;
		boolean withDirectory = this.header != null && this.parsed < SHORT_DIRECTORY_BYTES
				&& cellsStart() - this.parsed >= MetricsSegmentLayout.ALIGNMENT;
		int length = withDirectory ? this.parsed + RecordFrame.WORD_LENGTH : MetricsSegmentLayout.NAME_OFFSET;
		ByteBuffer bytes = this.source.read(0, length);
		if (this.header == null) {
			if (!FileFormat.isPublished(bytes)) {
				return null;
			}
			VarHandle.acquireFence();
			bytes = read(0, CHUNK_BYTES);
			SegmentHeader header = SegmentHeader.parse(bytes);
			// A size that exceeds the file is not trusted.
			if (this.source.length() < header.size()) {
				throw cutOff(this.source.length(), header.size());
			}
			this.header = header;
			this.parsed = header.length();
			this.cells.begin(header.size());
		}
		else {
			MetricsSegmentLayout.FORMAT.check(bytes);
			this.mayHaveGrown = !withDirectory || bytes.limit() < length
					|| bytes.getInt(RecordLayout.lengthOffset(this.parsed)) != 0;
		}
		this.state = bytes.getInt(MetricsSegmentLayout.STATE_OFFSET);
		this.missing = bytes.getInt(MetricsSegmentLayout.MISSING_OFFSET);
		return this.header;
	}

	static CorruptSegmentException cutOff(long length, int size) {
		return new CorruptSegmentException("metrics file is cut off: length=" + length + ", size=" + size);
	}

	/**
	 * Parses to the end of the directory, or to a damaged record; false if nothing is
	 * new.
	 */
	private boolean parseNewRecords(SegmentHeader header) throws IOException {
		int end = endOfDirectory();
		if (end == this.parsed) {
			return false;
		}
		VarHandle.acquireFence();
		requireMemory(end - this.parsed);
		ByteBuffer records = read(this.parsed, end - this.parsed);
		if (records.limit() < end - this.parsed) {
			throw cutOff(this.parsed + records.limit(), header.size());
		}
		int start = this.parsed;
		this.parsed = end;
		for (int at = 0; at < records.limit();) {
			int length = records.getInt(RecordLayout.lengthOffset(at));
			parse(start + at, records.slice(at, length).order(ByteOrder.LITTLE_ENDIAN));
			at += length;
		}
		return true;
	}

	private int endOfDirectory() throws IOException {
		int end = this.parsed;
		// Most of the time nothing is new, which the next length shows.
		ByteBuffer chunk = read(end, RecordFrame.WORD_LENGTH);
		int chunkStart = end;
		while (cellsStart() - end >= MetricsSegmentLayout.ALIGNMENT) {
			if (end - chunkStart + RecordFrame.WORD_LENGTH > chunk.limit()) {
				chunk = read(end, CHUNK_BYTES);
				chunkStart = end;
				if (chunk.limit() < RecordFrame.WORD_LENGTH) {
					break;
				}
			}
			int length = chunk.getInt(RecordLayout.lengthOffset(end - chunkStart));
			if (length == 0) {
				break;
			}
			if (length < RecordLayout.BODY_OFFSET || length % MetricsSegmentLayout.ALIGNMENT != 0
					|| length > cellsStart() - end) {
				if (end > this.parsed) {
					break;
				}
				throw new CorruptSegmentException("record length does not fit: length=" + length + ", offset=" + end);
			}
			end += length;
		}
		return end;
	}

	private void parse(int offset, ByteBuffer record) throws CorruptSegmentException {
		switch (record.get(RecordLayout.RECORD_OFFSET)) {
			case RecordLayout.FAMILY -> this.families.put(offset, RecordDecoder.family(record));
			case RecordLayout.SERIES -> parseSeries(record);
			case RecordLayout.FOLDED -> {
				if (record.limit() >= RecordLayout.FOLDED_LENGTH) {
					this.folded.put(
							SequenceId.of(record.getLong(RecordLayout.FOLDED_INSTANCE_ID_OFFSET),
									record.getInt(RecordLayout.FOLDED_SEQUENCE_OFFSET)),
							record.getInt(RecordLayout.FOLDED_GENERATION_OFFSET));
				}
			}
			case RecordLayout.REPLACES -> this.replacesFormer = true;
			default -> {
				// A later version has added this kind of record: the rest can be read
				// without.
			}
		}
	}

	private void parseSeries(ByteBuffer record) throws CorruptSegmentException {
		if (record.limit() < RecordLayout.SERIES_LABELS_OFFSET) {
			throw new CorruptSegmentException("series is too short: length=" + record.limit());
		}
		Family family = this.families.get(record.getInt(RecordLayout.SERIES_FAMILY_OFFSET));
		// Many series on the same cells would need more memory than the file has bytes.
		this.cellBytes += (family != null) ? family.cellBytes() : 0;
		int offset = record.getInt(RecordLayout.SERIES_CELLS_OFFSET);
		if (family == null || offset < this.parsed || offset % Long.BYTES != 0
				|| offset > header().size() - family.cellBytes() || this.cellBytes > header().size()) {
			throw new CorruptSegmentException("series has no family or cells: cells=" + offset);
		}
		int labels = family.labelNames().size() + ((isArchive() && family.mode().isPerInstance()) ? 1 : 0);
		this.cells.add(new SeriesEntry(family, RecordDecoder.labelValues(record, labels),
				record.getLong(RecordLayout.SERIES_CREATED_OFFSET), record.getLong(RecordLayout.SERIES_ENDED_OFFSET),
				offset));
	}

	/** Returns whether it has the totals of terminated instances. */
	public boolean isArchive() {
		return this.state == MetricsSegmentLayout.STATE_ARCHIVE;
	}

	/** Not damage: another process may have the memory. */
	static void requireMemory(int bytes) throws IOException {
		if (bytes > MOST_BYTES) {
			throw new IOException("metrics file needs too much memory: bytes=" + bytes + ", limit=" + MOST_BYTES);
		}
	}

	private ByteBuffer read(int position, int length) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
		this.source.copy(bytes, position);
		return bytes.flip();
	}

	/** Returns whether its header is that of the segment that another reader has read. */
	boolean isSameAs(SegmentReader other) throws IOException {
		SegmentHeader header = readHeader();
		return header != null && header.equals(other.header());
	}

	/** Returns the header; only after {@link #refresh()} has returned true. */
	public SegmentHeader header() {
		SegmentHeader header = this.header;
		if (header == null) {
			throw new IllegalStateException("segment is not published");
		}
		return header;
	}

	/** Returns its series, in the order of their creation; the list only grows. */
	public List<SeriesEntry> series() {
		return this.series;
	}

	/** Returns whether it has no totals. */
	boolean hasOnlyCurrentValues() {
		return this.series.stream().allMatch((entry) -> entry.family().isCurrent());
	}

	/** Returns the number of series, without those that were released. */
	int seriesInUse() {
		if (!hasOnlyCurrentValues()) {
			return this.series.size();
		}
		return (int) this.series.stream()
			.filter((entry) -> cells().getLong(SampleLayout.changedOffset(entry.cells() - cellsStart())) != 0)
			.count();
	}

	/** Returns the sequences in an archive, with the first generation that had each. */
	public Map<SequenceId, Integer> folded() {
		return this.folded;
	}

	/** Returns whether it replaces the segments of its sequence with a lower index. */
	boolean replacesFormer() {
		return this.replacesFormer;
	}

	/** Returns whether its writer was closed. */
	boolean isClosedByWriter() {
		return this.state == MetricsSegmentLayout.STATE_CLOSED;
	}

	/** Returns how many series of its writer are in no file. */
	public int missing() {
		return this.missing;
	}

	/** Returns why the rest of the directory can't be read, or null. */
	public @Nullable CorruptSegmentException damage() {
		return this.damage;
	}

	/** Returns the numbers as last read. */
	public ByteBuffer cells() {
		return this.cells.bytes();
	}

	/** Returns the offset in the segment of the first byte of {@link #cells()}. */
	public int cellsStart() {
		return this.cells.start();
	}

	@Override
	public void close() throws IOException {
		this.source.close();
	}

}
