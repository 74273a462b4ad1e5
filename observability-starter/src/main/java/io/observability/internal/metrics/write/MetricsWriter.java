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
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Cells;
import io.observability.internal.metrics.cells.ExemplarSlots;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.SeriesCells;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.TotalsBlock;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.CellKind;
import io.observability.internal.metrics.format.ExemplarsFamily;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.SegmentLayout;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.read.ArchiveFile;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.segment.ChainId;
import io.observability.internal.segment.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one registry of this instance: hands out the cells of its series, and
 * writes down what they mean.
 *
 * <p>
 * Protocol. Creating a series takes this object's lock; recording into it does not touch
 * this object. {@link #repair()} is called every now and then: what others have deleted
 * or cut off is made anew, and the series in it get other cells. It does so while it
 * holds the archive's lock, so that nobody folds the files in the middle of it; if they
 * have been folded already, because somebody had deleted the sign that this instance
 * lives, it begins at zero beside what the archive has. Nothing needs to be done when the
 * process ends; {@link #close()} only lets others fold its files before that.
 */
public final class MetricsWriter implements OwnSegments, Closeable {

	// Two lines: processors fetch them in pairs.
	private static final int CACHE_LINE_BYTES = 128;

	private static final int MAX_STRIPES = 32;

	private static final AtomicInteger CHAINS = new AtomicInteger();

	private final @Nullable Instance instance;

	private final int maxSeries;

	private final Problems problems;

	private final Map<Family, Map<List<String>, SeriesCells>> series = new HashMap<>();

	// Takes the series that are too many: the application may record into them.
	private final SegmentChain overflow;

	private SegmentChain chain;

	private int seriesCount;

	private int overflowCount;

	private MetricsWriter(@Nullable Instance instance, int maxSeries, Problems problems, SegmentChain chain,
			SegmentChain overflow) {
		this.instance = instance;
		this.maxSeries = maxSeries;
		this.problems = problems;
		this.chain = chain;
		this.overflow = overflow;
	}

	/**
	 * A writer into the files of an instance.
	 * @param instance the instance, which must be kept open while the writer is
	 * @param maxSeries the most series that are kept
	 * @param problems told of files that can't be made, and of too many series
	 * @return the writer
	 */
	public static MetricsWriter open(Instance instance, int maxSeries, Problems problems) {
		String name = instance.info().name();
		return new MetricsWriter(instance, maxSeries, problems, newChain(instance, problems), inMemory(name));
	}

	/**
	 * A writer for when there is no store: everything stays in this process.
	 * @param instanceName value of the instance label
	 * @return the writer
	 */
	public static MetricsWriter unshared(String instanceName) {
		return new MetricsWriter(null, Integer.MAX_VALUE, new Problems((text) -> {
		}), inMemory(instanceName), inMemory(instanceName));
	}

	private static SegmentChain newChain(Instance instance, Problems problems) {
		return new SegmentChain(new ChainId(instance.info().id(), CHAINS.getAndIncrement()),
				instance.slot().directory(), instance.info().name(), problems);
	}

	private static SegmentChain inMemory(String instanceName) {
		return new SegmentChain(ChainId.of(0, CHAINS.getAndIncrement()), null, instanceName, new Problems((text) -> {
		}));
	}

	/**
	 * Returns the cells of a series that is added up, the same ones each time.
	 * @param family of kind {@link CellKind#TOTALS}
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Totals totals(TotalsFamily family, List<String> labelValues) {
		return (Totals) series(family, labelValues, (cells) -> new Totals(this,
				new TotalsBlock(cells, family.buckets()), () -> stripes(family, labelValues)));
	}

	/**
	 * Returns the cells of a series that is sampled, the same ones each time.
	 * @param family of kind {@link CellKind#SAMPLE}
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Sample sample(SampleFamily family, List<String> labelValues) {
		return (Sample) series(family, labelValues, Sample::new);
	}

	/**
	 * Returns the slots of a series' exemplars, the same ones each time.
	 * @param family of kind {@link CellKind#EXEMPLARS}
	 * @param labelValues in the order of the family's label names
	 * @return the slots
	 */
	public ExemplarSlots exemplars(ExemplarsFamily family, List<String> labelValues) {
		return (ExemplarSlots) series(family, labelValues, ExemplarSlots::new);
	}

	/**
	 * Returns the cells of a maximum, the same ones each time.
	 * @param family of kind {@link CellKind#WINDOW_MAX}
	 * @param labelValues in the order of the family's label names
	 * @param nowMillis the time, since the epoch
	 * @return the cells
	 */
	public WindowMax windowMax(WindowMaxFamily family, List<String> labelValues, long nowMillis) {
		return (WindowMax) series(family, labelValues, (cells) -> {
			WindowMax max = new WindowMax(cells, family.windows(), family.windowMillis(), nowMillis);
			// Before anything is recorded: a first interval that began later would clear
			// it.
			max.rotate(nowMillis);
			return max;
		});
	}

	private synchronized SeriesCells series(Family family, List<String> labelValues,
			Function<Cells, SeriesCells> factory) {
		Map<List<String>, SeriesCells> bySeries = this.series.computeIfAbsent(family, (key) -> new HashMap<>());
		SeriesCells known = bySeries.get(labelValues);
		if (known != null) {
			return known;
		}
		List<String> labels = List.copyOf(labelValues);
		SeriesCells made = factory.apply(admit(family, labels).append(family, labels, SegmentLayout.ALIGNMENT));
		bySeries.put(labels, made);
		return made;
	}

	/** Where a new series is to be kept. */
	private SegmentChain admit(Family family, List<String> labelValues) {
		if (this.seriesCount < this.maxSeries) {
			this.seriesCount++;
			return this.chain;
		}
		if (this.overflowCount == 0 && this.instance != null) {
			this.problems.tooManySeries(this.instance.slot().directory(), this.maxSeries, family.name(), labelValues);
		}
		this.overflowCount++;
		return this.overflow;
	}

	/** Blocks for the threads of a series beside its first one. */
	private synchronized TotalsBlock[] stripes(TotalsFamily family, List<String> labelValues) {
		int processors = Runtime.getRuntime().availableProcessors();
		int all = Math.min(MAX_STRIPES, Integer.highestOneBit(2 * processors - 1) << 2);
		TotalsBlock[] stripes = new TotalsBlock[all - 1];
		for (int i = 0; i < stripes.length; i++) {
			Cells cells = this.chain.append(family, labelValues, CACHE_LINE_BYTES);
			stripes[i] = new TotalsBlock(cells, family.buckets());
		}
		return stripes;
	}

	/**
	 * Makes good what others have done to the files of this instance, and puts into files
	 * what could not be put there before. Does nothing if all is well.
	 */
	public synchronized void repair() {
		if (this.instance == null) {
			return;
		}
		try {
			if (!this.instance.isIntact() || !this.chain.isIntact()) {
				repair(this.instance);
			}
		}
		catch (IOException | InternalError ex) {
			this.problems.notRepaired(this.instance.store().path(), ex);
		}
		this.chain.putMissing(this.overflowCount + this.chain.unsharedSeries());
	}

	/** As {@link #repair()}, at once where that would wait before it tries again. */
	public synchronized void retry() {
		this.chain.retryNow();
		repair();
	}

	private void repair(Instance instance) throws IOException {
		boolean sameSlot = instance.repair();
		ProcessLock folding = ProcessLock.tryAcquire(ArchiveFile.lock(instance.store()));
		if (folding == null) {
			return;
		}
		try (folding) {
			if (sameSlot && !ArchiveFile.holds(instance.store(), this.chain.id())) {
				move(this.chain.takeLost());
			}
			else {
				Map<Region, Integer> abandoned = this.chain.abandoned();
				this.chain = newChain(instance, this.problems);
				move(abandoned);
			}
		}
	}

	private void move(Map<Region, Integer> lost) {
		if (lost.isEmpty()) {
			return;
		}
		this.series.forEach((family, bySeries) -> bySeries.forEach((labels, cells) -> {
			Supplier<Cells> fresh = () -> this.chain.append(family, labels, SegmentLayout.ALIGNMENT);
			cells.move(lost, fresh);
		}));
	}

	@Override
	public synchronized void addMissing(Map<Integer, Integer> bySlot) {
		int missing = this.overflowCount + this.chain.unsharedSeries();
		if (this.instance != null && missing > 0) {
			bySlot.merge(this.instance.slot().number(), missing, Integer::sum);
		}
	}

	@Override
	public synchronized List<Region> unsharedSegments() {
		return this.chain.unsharedRegions();
	}

	@Override
	public synchronized List<Region> segments() {
		return this.chain.regions();
	}

	/**
	 * Says that nothing more will be recorded. What is, all the same, is lost.
	 */
	@Override
	public synchronized void close() {
		this.chain.close();
	}

}
