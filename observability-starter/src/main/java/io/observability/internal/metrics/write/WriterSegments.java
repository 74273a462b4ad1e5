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

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.observability.internal.instance.Instance;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a writer: a sequence in files for the series within the limit, and one
 * in memory for the others, which the application may go on recording into.
 *
 * <p>
 * Its monitor is the lock of the whole writer. Callers of the methods that are not
 * synchronized hold it.
 */
final class WriterSegments implements OwnSegments {

	private static final String TOO_MANY_SERIES = "too many series, more are not kept; "
			+ "is there a label with ever new values? ";

	private static final AtomicInteger SEQUENCES = new AtomicInteger();

	private final @Nullable Instance instance;

	private final Problems problems;

	private final SeriesLimit limit;

	private final SequenceWriter overflow;

	private SequenceWriter sequence;

	private WriterSegments(@Nullable Instance instance, Problems problems, SeriesLimit limit, SequenceWriter overflow,
			SequenceWriter sequence) {
		this.instance = instance;
		this.problems = problems;
		this.limit = limit;
		this.overflow = overflow;
		this.sequence = sequence;
	}

	static WriterSegments inFiles(Instance instance, int maxSeries, Problems problems) {
		SeriesLimit limit = new SeriesLimit(maxSeries,
				(family, labelValues) -> problems.reportLasting(instance.slot().directory(), TOO_MANY_SERIES,
						"limit=" + maxSeries + ", first too many=" + family.name() + labelValues));
		return new WriterSegments(instance, problems, limit, sequenceInMemory(instance.info().name()),
				sequenceInFiles(instance, problems));
	}

	static WriterSegments inMemory(String instanceName) {
		SeriesLimit limit = new SeriesLimit(Integer.MAX_VALUE, (family, labelValues) -> {
		});
		return new WriterSegments(null, silent(), limit, sequenceInMemory(instanceName),
				sequenceInMemory(instanceName));
	}

	private static SequenceWriter sequenceInFiles(Instance instance, Problems problems) {
		return new SequenceWriter(new SequenceId(instance.info().id(), SEQUENCES.getAndIncrement()), instance.slot(),
				instance.info().name(), problems);
	}

	private static SequenceWriter sequenceInMemory(String instanceName) {
		return new SequenceWriter(SequenceId.of(0, SEQUENCES.getAndIncrement()), null, instanceName, silent());
	}

	private static Problems silent() {
		return new Problems((text) -> {
		});
	}

	/** Counts a new series and returns where it belongs. */
	CellAppender admit(Family family, List<String> labelValues) {
		return this.limit.admit(family, labelValues) ? this::append : this.overflow::append;
	}

	/** Appends a series within the limit to the sequence of the moment. */
	Cells append(Family family, List<String> labelValues, int alignment) {
		return this.sequence.append(family, labelValues, alignment);
	}

	/** The sequence in files. */
	SequenceWriter sequence() {
		return this.sequence;
	}

	/**
	 * Begins a new sequence, in the slot that the instance has now.
	 * @param instance the instance
	 * @return the segments of the former sequence, as if none of their bytes were left
	 */
	Map<Region, Integer> beginNewSequence(Instance instance) {
		Map<Region, Integer> abandoned = this.sequence.abandoned();
		this.sequence = sequenceInFiles(instance, this.problems);
		return abandoned;
	}

	/** Writes for other instances how many series are in no file. */
	void publishMissingSeries() {
		this.sequence.putMissing(missingSeries());
	}

	private int missingSeries() {
		return this.limit.rejected() + this.sequence.unsharedSeries();
	}

	@Override
	public synchronized void addMissingSeries(Map<Integer, Integer> bySlot) {
		int missing = missingSeries();
		if (this.instance != null && missing > 0) {
			bySlot.merge(this.instance.slot().number(), missing, Integer::sum);
		}
	}

	@Override
	public synchronized List<Region> unshared() {
		return this.sequence.unsharedRegions();
	}

	@Override
	public synchronized List<Region> all() {
		return this.sequence.regions();
	}

	/** Marks the files as complete. */
	synchronized void close() {
		this.sequence.close();
	}

}
