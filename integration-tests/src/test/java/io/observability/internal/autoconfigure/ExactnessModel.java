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

package io.observability.internal.autoconfigure;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one process has counted, in a mapped file that stays when it is killed.
 *
 * <p>
 * Protocol. Each cell has one writer. Before a writer records, it writes how much the
 * merged view may show from then on, and afterwards how much it must show. So a process
 * that is killed at any point leaves bounds that differ by what was in progress. What is
 * sampled is counted when it is asked for: it may be shown from then on, and must be
 * shown when the next ask begins, because only one thread asks at a time.
 */
@SuppressWarnings("EnumOrdinal") // both processes run the same classes
final class ExactnessModel {

	/** Threads or sources of one process that count the same total. */
	static final int WRITERS = 8;

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final ByteBuffer cells;

	private ExactnessModel(ByteBuffer cells) {
		this.cells = cells;
	}

	static ExactnessModel open(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			return new ExactnessModel(
					channel.map(FileChannel.MapMode.READ_WRITE, 0, mostOffset(Total.values().length, 0)));
		}
	}

	private static int leastOffset(int total, int writer) {
		return (total * WRITERS + writer) * 2 * Long.BYTES;
	}

	private static int mostOffset(int total, int writer) {
		return leastOffset(total, writer) + Long.BYTES;
	}

	void mayShow(Total total, int writer, long count) {
		LONG.setRelease(this.cells, mostOffset(total.ordinal(), writer), count);
	}

	void mustShow(Total total, int writer, long count) {
		LONG.setRelease(this.cells, leastOffset(total.ordinal(), writer), count);
	}

	long least(Total total) {
		long sum = 0;
		for (int writer = 0; writer < WRITERS; writer++) {
			sum += (long) LONG.getAcquire(this.cells, leastOffset(total.ordinal(), writer));
		}
		return sum;
	}

	long most(Total total) {
		long sum = 0;
		for (int writer = 0; writer < WRITERS; writer++) {
			sum += (long) LONG.getAcquire(this.cells, mostOffset(total.ordinal(), writer));
		}
		return sum;
	}

	/** The totals that processes count. */
	enum Total {

		/** Counter. */
		RECORDED("soak_recorded_total"),

		/** Timer with buckets. */
		TIMED("soak_timed_seconds_count"),

		/** Counter that is removed and registered again while it is recorded. */
		REMOVED("soak_removed_total"),

		/** Counter of Micrometer's global registry. */
		GLOBAL("soak_global_total"),

		/** Counter that each of two application contexts has. */
		CONTEXTS("soak_contexts_total"),

		/** Function counter whose source begins anew. */
		BEGUN("soak_begun_total"),

		/** Function timer whose source begins anew. */
		WORKED("soak_worked_seconds_count"),

		/** Function counter that is removed and registered again. */
		AGAIN("soak_again_total"),

		/** Function counter that is replaced by one with another source. */
		REPLACED("soak_replaced_total"),

		/** Function counter that throws, or returns what makes no sense. */
		NONSENSE("soak_nonsense_total"),

		/** Function counter that two application contexts bind to one source. */
		COMMON("soak_common_total"),

		/** Function counter that two application contexts bind to a source each. */
		DIFFERENT("soak_different_total");

		private final String sample;

		Total(String sample) {
			this.sample = sample;
		}

		/** Whether it is recorded rather than asked for. */
		boolean isRecorded() {
			return compareTo(BEGUN) < 0;
		}

		/** Name of the sample. */
		String sample() {
			return this.sample;
		}

	}

}
