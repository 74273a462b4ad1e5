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
import java.nio.ByteBuffer;
import java.util.Arrays;

import io.observability.internal.log.queue.QueueReader;

/**
 * Records that were merged in memory. For one thread.
 */
final class MergedBatch implements BatchContent {

	private static final int FIRST_ENDS = 64;

	private final ByteBuffer bytes;

	/** Where each record ends. */
	private int[] ends = new int[FIRST_ENDS];

	private int count;

	private int maxCount = Integer.MAX_VALUE;

	/**
	 * Creates an empty batch.
	 * @param bytes the memory that it uses
	 */
	MergedBatch(ByteBuffer bytes) {
		this.bytes = bytes;
	}

	/** Returns a batch of one record. */
	static MergedBatch of(byte[] record) {
		MergedBatch batch = new MergedBatch(ByteBuffer.wrap(record));
		batch.bytes.position(record.length);
		batch.addEnd();
		return batch;
	}

	/** Removes all records. */
	void clear() {
		clear(Integer.MAX_VALUE);
	}

	/**
	 * Removes all records.
	 * @param maxCount how many others it takes
	 */
	void clear(int maxCount) {
		this.bytes.clear();
		this.count = 0;
		this.maxCount = maxCount;
	}

	boolean hasRoomFor(int length) {
		return length <= this.bytes.remaining() && this.count < this.maxCount;
	}

	/** Takes a record for which there is room. */
	void add(QueueReader reader) throws IOException {
		reader.take(this.bytes);
		addEnd();
	}

	private void addEnd() {
		if (this.count == this.ends.length) {
			this.ends = Arrays.copyOf(this.ends, 2 * this.count);
		}
		this.ends[this.count++] = this.bytes.position();
	}

	@Override
	public int length() {
		return this.bytes.position();
	}

	@Override
	public void forEachPart(Consumer consumer) throws IOException {
		consumer.accept(this.bytes.duplicate().flip());
	}

	@Override
	public void forEachRecord(Consumer consumer) throws IOException {
		int start = 0;
		for (int i = 0; i < this.count; i++) {
			consumer.accept(this.bytes.slice(start, this.ends[i] - start));
			start = this.ends[i];
		}
	}

}
