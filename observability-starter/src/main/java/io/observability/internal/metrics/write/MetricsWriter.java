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

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.observability.internal.instance.Instance;
import io.observability.internal.metrics.cells.ExemplarSlots;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.ExemplarsFamily;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.segment.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one registry of this instance: creates its series and keeps their files
 * intact.
 *
 * <p>
 * Protocol. Creating, repairing and reading back take the lock of the
 * {@link WriterSegments}; recording into a series touches none of this. Nothing needs to
 * be done when the process terminates: {@link #close()} only lets other instances fold
 * the files before that.
 */
public final class MetricsWriter implements Closeable {

	private final @Nullable Path store;

	private final WriterSegments segments;

	private final SeriesTable series;

	private final Problems problems;

	/** Guarded by the lock of the segments; null as long as there are no files. */
	private @Nullable SegmentRepair repair;

	private MetricsWriter(@Nullable Path store, WriterSegments segments, SeriesTable series, Problems problems,
			@Nullable SegmentRepair repair) {
		this.store = store;
		this.segments = segments;
		this.series = series;
		this.problems = problems;
		this.repair = repair;
	}

	/**
	 * Creates a writer into the files of an instance.
	 * @param instance the instance, which must stay open as long as the writer is used
	 * @param maxSeries the highest number of series that are shared
	 * @param problems where failures to create files, and too many series, are reported
	 * @return the writer
	 */
	public static MetricsWriter open(Instance instance, int maxSeries, Problems problems) {
		return open(instance, maxSeries, problems, System::nanoTime);
	}

	/**
	 * Creates a writer into the files of an instance.
	 * @param instance the instance, which must stay open as long as the writer is used
	 * @param maxSeries the highest number of series that are shared
	 * @param problems where failures to create files, and too many series, are reported
	 * @param nanoTime tells when a file that could not be created is tried again, see
	 * {@link System#nanoTime()}
	 * @return the writer
	 */
	public static MetricsWriter open(Instance instance, int maxSeries, Problems problems, LongSupplier nanoTime) {
		WriterSegments segments = WriterSegments.inFiles(instance, maxSeries, problems,
				WriterSegments.files(problems, nanoTime));
		SeriesTable series = new SeriesTable(segments);
		return new MetricsWriter(instance.store().path(), segments, series, problems,
				new SegmentRepair(instance, segments, series, problems, Map.of()));
	}

	/**
	 * Creates a writer of a process that could not join its fleet yet: until it
	 * {@linkplain #join joins}, its metrics stay in this process.
	 * @param store the fleet's folder
	 * @param instanceName value of the instance label until then
	 * @param maxSeries the highest number of series that are shared then
	 * @param problems where failures to create files, and too many series, are reported
	 * @return the writer
	 */
	public static MetricsWriter waiting(Path store, String instanceName, int maxSeries, Problems problems) {
		WriterSegments segments = WriterSegments.waiting(store, instanceName, maxSeries, problems);
		return new MetricsWriter(store, segments, new SeriesTable(segments), problems, null);
	}

	/**
	 * Creates a writer that works without a store: its metrics stay in this process.
	 * @param instanceName value of the instance label
	 * @return the writer
	 */
	public static MetricsWriter unshared(String instanceName) {
		WriterSegments segments = WriterSegments.inMemory(instanceName);
		return new MetricsWriter(null, segments, new SeriesTable(segments), new Problems((text) -> {
		}), null);
	}

	/**
	 * Moves all series of a {@linkplain #waiting waiting} writer into files of the
	 * instance, with their numbers. Does nothing if they are there already.
	 * @param instance the instance, which must stay open as long as the writer is used
	 */
	public void join(Instance instance) {
		synchronized (this.segments) {
			if (this.repair == null) {
				SegmentRepair repair = new SegmentRepair(instance, this.segments, this.series, this.problems,
						this.segments.readable());
				this.segments.share(instance);
				this.repair = repair;
				repair.moveSeries();
			}
		}
	}

	/**
	 * Returns the cells of a series that threads add to, the same ones each time.
	 * @param family the family
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Totals totals(TotalsFamily family, List<String> labelValues) {
		synchronized (this.segments) {
			return (Totals) this.series.get(family, labelValues, (cells, labels, appender) -> new Totals(this.segments,
					new TotalsBlock(cells, family.buckets()), new TotalsStripes(family, labels, appender)));
		}
	}

	/**
	 * Returns the cells of a series that is sampled, the same ones each time. If they are
	 * of current values, each caller is to {@linkplain Sample#release() release} them.
	 * @param family the family
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Sample sample(SampleFamily family, List<String> labelValues) {
		synchronized (this.segments) {
			return (Sample) this.series.get(family, labelValues, (cells, labels, appender) -> family.isCurrent()
					? Sample.current(cells, (sample) -> release(family, labels, sample)) : new Sample(cells));
		}
	}

	private void release(SampleFamily family, List<String> labelValues, Sample sample) {
		synchronized (this.segments) {
			this.series.release(family, labelValues, sample);
		}
	}

	/**
	 * Returns the exemplar slots of a series, the same ones each time.
	 * @param family the family
	 * @param labelValues in the order of the family's label names
	 * @return the slots
	 */
	public ExemplarSlots exemplars(ExemplarsFamily family, List<String> labelValues) {
		synchronized (this.segments) {
			return (ExemplarSlots) this.series.get(family, labelValues,
					(cells, labels, appender) -> new ExemplarSlots(cells));
		}
	}

	/**
	 * Returns the cells of a window maximum, the same ones each time.
	 * @param family the family
	 * @param labelValues in the order of the family's label names
	 * @param nowMillis the time, since the epoch
	 * @return the cells
	 */
	public WindowMax windowMax(WindowMaxFamily family, List<String> labelValues, long nowMillis) {
		synchronized (this.segments) {
			return (WindowMax) this.series.get(family, labelValues, (cells, labels, appender) -> {
				WindowMax max = new WindowMax(cells, family.windows(), family.windowMillis(), nowMillis);
				// Before the first recording: an interval that began later would clear
				// it.
				max.rotate(nowMillis);
				return max;
			});
		}
	}

	/**
	 * Replaces files that were deleted or truncated, and moves series into files that
	 * could not be created before, or that the limit kept out. Does nothing if all is
	 * well.
	 */
	public void repair() {
		synchronized (this.segments) {
			if (this.repair != null) {
				this.repair.run();
			}
		}
	}

	/**
	 * Repairs like {@link #repair()}. To be called periodically: that a file was
	 * truncated, or a lock lost, is noticed by one call in ten seconds only, deletion by
	 * each.
	 */
	public void repairIfDue() {
		synchronized (this.segments) {
			if (this.repair != null) {
				this.repair.runIfDue();
			}
		}
	}

	/**
	 * Returns the folder that the metrics are shared in, or will be.
	 * @return the store's path, or null if they stay in this process
	 */
	public @Nullable Path store() {
		return this.store;
	}

	/**
	 * Returns this writer's own segments, to be read from memory.
	 * @return the segments
	 */
	public OwnSegments ownSegments() {
		return this.segments;
	}

	/**
	 * Declares that recording is over. What is recorded later may be lost.
	 */
	@Override
	public void close() {
		this.segments.close();
	}

}
