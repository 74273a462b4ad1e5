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

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.format.SeriesEntry;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.TotalsLayout;
import io.observability.internal.segment.SegmentSource;

/**
 * The cells of a segment, which are copied again and again.
 *
 * <p>
 * Protocol. Cells are copied in chunks that begin and end between two series, so that the
 * parts of a number are read together. Of a {@link TotalsBlock} with buckets these parts
 * are a recent cell and the base that it names: if two carries pass between the two
 * loads, the base is too new. A copy that is quick is right, because two carries take
 * longer. One that is not, because the thread was stopped or reading is slow, is compared
 * with the next one: if a base is the same in both, it was not written between the load
 * of the first one and that of the second one, and the recent cell that names it was
 * loaded in between. An acquire fence keeps the loads of two copies apart. So where
 * reading is always slow, a chunk with such numbers is copied twice, and more often only
 * if one of them was carried over meanwhile. Other chunks, and segments that nothing
 * writes any more, are copied once. After a few copies the last one is taken as it is,
 * because a writer must not keep its readers for ever.
 *
 * <p>
 * One thread at a time.
 */
final class SegmentCells {

	/** A bit less than a reader's buffer, so that each chunk takes one system call. */
	private static final int BYTES_AT_ONCE = SegmentReader.CHUNK_BYTES - (4 << 10);

	/**
	 * Less than two carries of a {@link TotalsBlock} take, which need 16,384 additions of
	 * 5 ns or more.
	 */
	private static final long QUICK_NANOS = 50_000;

	private static final int MOST_COPIES = 10;

	private final SegmentSource source;

	private final List<SeriesEntry> series;

	/** Descending, but for the lowest one, which may get more series. */
	private final List<Chunk> chunks = new ArrayList<>();

	private int start;

	private int end;

	private ByteBuffer bytes = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);

	/**
	 * Creates the cells of a segment whose size is not known yet.
	 * @param source the segment
	 * @param series its series, to which only this object adds
	 */
	SegmentCells(SegmentSource source, List<SeriesEntry> series) {
		this.source = source;
		this.series = series;
	}

	/** Cells are allocated from the end of the segment on, downwards. */
	void begin(int segmentSize) {
		this.start = segmentSize;
		this.end = segmentSize;
	}

	/** Adds a series, whose cells are copied from now on. */
	void add(SeriesEntry entry) {
		int offset = entry.cells();
		if (offset < this.start) {
			int chunkEnd = endOfLastChunk();
			if (chunkEnd - offset > BYTES_AT_ONCE && this.start < chunkEnd) {
				this.chunks.add(lastChunk());
			}
			this.start = offset;
		}
		this.series.add(entry);
	}

	private Chunk lastChunk() {
		int firstSeries = this.chunks.isEmpty() ? 0 : this.chunks.get(this.chunks.size() - 1).endOfSeries();
		return new Chunk(this.start, endOfLastChunk(), firstSeries, this.series.size());
	}

	private int endOfLastChunk() {
		return this.chunks.isEmpty() ? this.end : this.chunks.get(this.chunks.size() - 1).start();
	}

	/**
	 * Copies the cells of all series.
	 * @param lowest where cells of later series may begin
	 * @param written whether processes may write them
	 */
	void read(int lowest, boolean written) throws IOException {
		int length = this.end - this.start;
		if (this.bytes.capacity() < length) {
			SegmentReader.requireMemory(length);
			int roomToGrow = Math.min(length / 4, this.start - lowest);
			this.bytes = ByteBuffer.allocate(length + roomToGrow).order(ByteOrder.LITTLE_ENDIAN);
		}
		for (Chunk chunk : this.chunks) {
			read(chunk, written);
		}
		read(lastChunk(), written);
		this.bytes.limit(length).position(0);
	}

	private void read(Chunk chunk, boolean written) throws IOException {
		if (copy(chunk) || !written || !hasBases(chunk)) {
			return;
		}
		ByteBuffer former = ByteBuffer.allocate(chunk.length()).order(ByteOrder.LITTLE_ENDIAN);
		for (int copies = 1; copies < MOST_COPIES; copies++) {
			former.clear().put(this.bytes.slice(chunk.start() - this.start, chunk.length()));
			if (copy(chunk) || hasSameBases(chunk, former)) {
				return;
			}
		}
	}

	/** Copies the bytes of a chunk and returns whether that was quick. */
	private boolean copy(Chunk chunk) throws IOException {
		this.bytes.limit(chunk.end() - this.start).position(chunk.start() - this.start);
		long before = System.nanoTime();
		this.source.copy(this.bytes, chunk.start());
		boolean quick = System.nanoTime() - before < QUICK_NANOS;
		if (this.bytes.hasRemaining()) {
			throw SegmentReader.cutOff(this.start + this.bytes.position(), this.end);
		}
		VarHandle.acquireFence();
		return quick;
	}

	private boolean hasBases(Chunk chunk) {
		for (int i = chunk.firstSeries(); i < chunk.endOfSeries(); i++) {
			if (buckets(this.series.get(i)) > 0) {
				return true;
			}
		}
		return false;
	}

	private static int buckets(SeriesEntry entry) {
		return (entry.family() instanceof TotalsFamily totals) ? totals.buckets() : 0;
	}

	/** Returns whether the bases that recent cells name are as in the former copy. */
	private boolean hasSameBases(Chunk chunk, ByteBuffer former) {
		for (int i = chunk.firstSeries(); i < chunk.endOfSeries(); i++) {
			SeriesEntry entry = this.series.get(i);
			// Those of a damaged file may be anywhere.
			if (chunk.contains(entry)) {
				for (int bucket = 0; bucket < buckets(entry); bucket++) {
					if (!hasSameBase(entry.cells() - chunk.start(), bucket, chunk.start() - this.start, former)) {
						return false;
					}
				}
			}
		}
		return true;
	}

	private boolean hasSameBase(int cells, int bucket, int chunk, ByteBuffer former) {
		long recent = this.bytes.getLong(chunk + TotalsLayout.recentOffset(cells, bucket));
		int count = TotalsLayout.countOffset(cells, bucket, recent);
		int units = TotalsLayout.unitsOffset(cells, bucket, recent);
		return this.bytes.getLong(chunk + count) == former.getLong(count)
				&& this.bytes.getLong(chunk + units) == former.getLong(units);
	}

	/** Returns the bytes as last copied. */
	ByteBuffer bytes() {
		return this.bytes;
	}

	/** Returns the offset in the segment of the first byte. */
	int start() {
		return this.start;
	}

	/**
	 * A part of the cells.
	 *
	 * @param start offset in the segment of the first byte
	 * @param end offset behind the last byte
	 * @param firstSeries index of the first series
	 * @param endOfSeries index behind the last series
	 */
	private record Chunk(int start, int end, int firstSeries, int endOfSeries) {

		private int length() {
			return this.end - this.start;
		}

		private boolean contains(SeriesEntry entry) {
			return entry.cells() >= this.start && entry.cells() + entry.family().cellBytes() <= this.end;
		}

	}

}
