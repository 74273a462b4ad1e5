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

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.observability.internal.instance.Instance;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.segment.Problems;
import io.observability.internal.segment.SequenceId;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a writer: sequences in files for the series within the limit, and
 * sequences in memory for the others, which the application may go on recording into.
 * Current values have sequences of their own, whose segments can be replaced: see
 * {@link Compaction}. As long as this process could not join its fleet, all are in
 * memory.
 *
 * <p>
 * Its monitor is the lock of the whole writer. Callers of the methods that are not
 * synchronized hold it.
 */
final class WriterSegments implements OwnSegments {

	private static final String TOO_MANY_SERIES = "too many series, more are not kept; "
			+ "is there a label with ever new values? ";

	private static final AtomicInteger SEQUENCES = new AtomicInteger();

	private @Nullable Instance instance;

	private final Problems problems;

	private final SequenceFiles.Factory files;

	private final SeriesLimit limit;

	private final Sequences overflow;

	private Sequences shared;

	private WriterSegments(@Nullable Instance instance, Problems problems, SequenceFiles.Factory files,
			SeriesLimit limit, Sequences overflow, Sequences shared) {
		this.instance = instance;
		this.problems = problems;
		this.files = files;
		this.limit = limit;
		this.overflow = overflow;
		this.shared = shared;
	}

	static WriterSegments inFiles(Instance instance, int maxSeries, Problems problems, SequenceFiles.Factory files) {
		return new WriterSegments(instance, problems, files, limit(maxSeries, instance.slot().directory(), problems),
				sequencesInMemory(instance.info().name()), sequencesInFiles(instance, problems, files));
	}

	/**
	 * Returns the usual access to files.
	 * @param problems where a file that can't be created is reported
	 * @param nanoTime tells the time, see {@link System#nanoTime()}
	 */
	static SequenceFiles.Factory files(Problems problems, LongSupplier nanoTime) {
		return (id, slot) -> new SequenceFiles(id, slot, problems, nanoTime);
	}

	/** Returns segments in memory, which {@link #share} can move into files later. */
	static WriterSegments waiting(Path store, String instanceName, int maxSeries, Problems problems) {
		return new WriterSegments(null, problems, files(problems, System::nanoTime), limit(maxSeries, store, problems),
				sequencesInMemory(instanceName), sequencesInMemory(instanceName));
	}

	private static SeriesLimit limit(int maxSeries, Path directory, Problems problems) {
		return new SeriesLimit(maxSeries,
				(family, labelValues) -> problems.reportLasting(directory, TOO_MANY_SERIES,
						"limit=" + maxSeries + ", first too many=" + family.name() + labelValues),
				() -> problems.resolve(directory, TOO_MANY_SERIES));
	}

	static WriterSegments inMemory(String instanceName) {
		SeriesLimit limit = new SeriesLimit(Integer.MAX_VALUE, (family, labelValues) -> {
		}, () -> {
		});
		return new WriterSegments(null, silent(), files(silent(), System::nanoTime), limit,
				sequencesInMemory(instanceName), sequencesInMemory(instanceName));
	}

	private static Sequences sequencesInFiles(Instance instance, Problems problems, SequenceFiles.Factory files) {
		return new Sequences(sequenceInFiles(instance, problems, files), sequenceInFiles(instance, problems, files));
	}

	private static SequenceWriter sequenceInFiles(Instance instance, Problems problems, SequenceFiles.Factory files) {
		SequenceId id = new SequenceId(instance.info().id(), SEQUENCES.getAndIncrement());
		return new SequenceWriter(id, files.of(id, instance.slot()), instance.info().name(), problems);
	}

	private static Sequences sequencesInMemory(String instanceName) {
		return new Sequences(sequenceInMemory(instanceName), sequenceInMemory(instanceName));
	}

	private static SequenceWriter sequenceInMemory(String instanceName) {
		SequenceId id = SequenceId.of(0, SEQUENCES.getAndIncrement());
		Problems problems = silent();
		return new SequenceWriter(id, new SequenceFiles(id, null, problems, System::nanoTime), instanceName, problems);
	}

	private static Problems silent() {
		return new Problems((text) -> {
		});
	}

	/** Counts a new series and returns where it belongs. */
	CellAppender admit(Family family, List<String> labelValues) {
		return this.limit.admit(family, labelValues) ? this::append : this::appendToOverflow;
	}

	/** Appends a series within the limit to the sequence of the moment. */
	Cells append(Family family, List<String> labelValues, int alignment) {
		return this.shared.of(family).append(family, labelValues, alignment);
	}

	private Cells appendToOverflow(Family family, List<String> labelValues, int alignment) {
		return this.overflow.of(family).append(family, labelValues, alignment);
	}

	/** Counts a series of current values in this segment as no longer in use. */
	void release(Region region) {
		if (this.overflow.current.release(region)) {
			this.limit.releaseRejected();
		}
		else {
			this.shared.current.release(region);
			this.limit.releaseAdmitted();
		}
	}

	/** Returns whether there are series beyond the limit that are not any more. */
	boolean canAdmitLater() {
		return this.limit.hasRoomForRejected();
	}

	/**
	 * Admits a series of current values in this segment, if it was beyond the limit and
	 * is not any more.
	 */
	boolean admitLater(Region region) {
		return this.overflow.current.contains(region) && this.limit.admitRejected()
				&& this.overflow.current.release(region);
	}

	/** The sequences in files. */
	List<SequenceWriter> sequences() {
		return List.of(this.shared.totals, this.shared.current);
	}

	/** Returns whether all segments of these sequences have files. */
	boolean areAllShared() {
		return this.shared.totals.isShared() && this.shared.current.isShared();
	}

	/** The sequences of current values. */
	List<SequenceWriter> current() {
		return List.of(this.shared.current, this.overflow.current);
	}

	/**
	 * Returns the segments of the series within the limit, and how many bytes of each are
	 * readable.
	 */
	Map<Region, Integer> readable() {
		Map<Region, Integer> readable = new HashMap<>(this.shared.totals.readable());
		readable.putAll(this.shared.current.readable());
		return readable;
	}

	/**
	 * Begins sequences in files in place of those in memory, whose series are to be
	 * moved.
	 */
	void share(Instance instance) {
		this.shared = sequencesInFiles(instance, this.problems, this.files);
		this.instance = instance;
	}

	/**
	 * Begins a new sequence in place of another, in the slot that the instance has now.
	 */
	void beginAnew(SequenceWriter former, Instance instance) {
		SequenceWriter fresh = sequenceInFiles(instance, this.problems, this.files);
		this.shared = (former == this.shared.totals) ? new Sequences(fresh, this.shared.current)
				: new Sequences(this.shared.totals, fresh);
	}

	/** Writes for other instances how many series are in no file. */
	void publishMissingSeries() {
		int missing = missingSeries();
		this.shared.totals.putMissing(missing);
		this.shared.current.putMissing(this.shared.totals.isEmpty() ? missing : 0);
	}

	private int missingSeries() {
		return this.limit.rejected() + this.shared.totals.unsharedSeries() + this.shared.current.unsharedSeries();
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
		return sequences().stream().flatMap((sequence) -> sequence.unsharedRegions().stream()).toList();
	}

	@Override
	public synchronized List<Region> all() {
		return sequences().stream().flatMap((sequence) -> sequence.regions().stream()).toList();
	}

	/** Marks the files as complete. */
	synchronized void close() {
		sequences().forEach(SequenceWriter::close);
	}

	/**
	 * Where series go.
	 *
	 * @param totals sequence of those that stay
	 * @param current sequence of those that can be released
	 */
	private record Sequences(SequenceWriter totals, SequenceWriter current) {

		private SequenceWriter of(Family family) {
			return family.isCurrent() ? this.current : this.totals;
		}

	}

}
