package io.observability.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.observability.instance.Instance;
import io.observability.memory.Region;

/**
 * The metrics of one registry of this instance: hands out the cells of its series, and
 * writes down what they mean.
 *
 * <p>
 * Protocol. Creating a series takes this object's lock; recording into it does not touch
 * this object. Segments are filled one after the other, each twice the size of the one
 * before up to a limit. Where a file can't be had, the segment is made outside of any
 * file: this instance still sees what is recorded there, the others don't. Nothing needs
 * to be done when the process ends; {@link #close()} only lets others fold its files
 * before that.
 */
public final class MetricsWriter implements Closeable {

	private static final int FIRST_SEGMENT_BYTES = 256 << 10;

	private static final int LARGEST_SEGMENT_BYTES = 16 << 20;

	private static final int CACHE_LINE_BYTES = 64;

	private static final int MAX_STRIPES = 16;

	private static final AtomicInteger CHAINS = new AtomicInteger();

	private final ChainId chain;

	private final String instanceName;

	private final SegmentFactory factory;

	private final Consumer<IOException> onUnshared;

	private final Map<Family, Map<List<String>, Object>> series = new HashMap<>();

	private final Map<Family, Integer> familyOffsets = new HashMap<>();

	private final List<Region> unshared = new ArrayList<>();

	private final List<SegmentWriter> segments = new ArrayList<>();

	private MetricsWriter(ChainId chain, String instanceName, SegmentFactory factory,
			Consumer<IOException> onUnshared) {
		this.chain = chain;
		this.instanceName = instanceName;
		this.factory = factory;
		this.onUnshared = onUnshared;
	}

	/**
	 * A writer into the files of an instance.
	 * @param instance the instance, which must be kept open while the writer is
	 * @param onUnshared told each time a segment has to be made outside of the store
	 * @return the writer
	 */
	public static MetricsWriter open(Instance instance, Consumer<IOException> onUnshared) {
		ChainId chain = new ChainId(instance.info().id(), CHAINS.getAndIncrement());
		Path directory = instance.slot().directory();
		return new MetricsWriter(chain, instance.info().name(),
				(index, size) -> Region.create(directory.resolve(chain.fileName(index)), size), onUnshared);
	}

	/**
	 * A writer for when there is no store: everything stays in this process.
	 * @param instanceName value of the instance label
	 * @return the writer
	 */
	public static MetricsWriter unshared(String instanceName) {
		return new MetricsWriter(ChainId.of(0, CHAINS.getAndIncrement()), instanceName, (index, size) -> {
			throw new IOException("there is no store");
		}, (ex) -> {
		});
	}

	/**
	 * Returns the cells of a series that is added up, the same ones each time.
	 * @param family of kind {@link CellKind#TOTALS}
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Totals totals(Family family, List<String> labelValues) {
		return (Totals) series(family, labelValues,
				(cells) -> new Totals(new TotalsBlock(cells, family.buckets()), () -> stripes(family, labelValues)));
	}

	/**
	 * Returns the cells of a series that is sampled, the same ones each time.
	 * @param family of kind {@link CellKind#SAMPLE}
	 * @param labelValues in the order of the family's label names
	 * @return the cells
	 */
	public Sample sample(Family family, List<String> labelValues) {
		return (Sample) series(family, labelValues, (cells) -> new Sample(cells.region(), cells.offset()));
	}

	/**
	 * Returns the slots of a series' exemplars, the same ones each time.
	 * @param family of kind {@link CellKind#EXEMPLARS}
	 * @param labelValues in the order of the family's label names
	 * @return the slots
	 */
	public ExemplarSlots exemplars(Family family, List<String> labelValues) {
		return (ExemplarSlots) series(family, labelValues,
				(cells) -> new ExemplarSlots(cells.region(), cells.offset()));
	}

	/**
	 * Returns the cells of a maximum, the same ones each time.
	 * @param family of kind {@link CellKind#WINDOW_MAX}
	 * @param labelValues in the order of the family's label names
	 * @param nowMillis the time, since the epoch
	 * @return the cells
	 */
	public WindowMax windowMax(Family family, List<String> labelValues, long nowMillis) {
		return (WindowMax) series(family, labelValues, (cells) -> {
			WindowMax max = new WindowMax(cells.region(), cells.offset(), family.windows(), family.windowMillis(),
					nowMillis);
			// Before anything is recorded: a first interval that began later would clear
			// it.
			max.rotate(nowMillis);
			return max;
		});
	}

	private synchronized Object series(Family family, List<String> labelValues, CellsFactory cells) {
		return this.series.computeIfAbsent(family, (key) -> new HashMap<>())
			.computeIfAbsent(List.copyOf(labelValues),
					(labels) -> cells.create(append(family, labels, SegmentLayout.ALIGNMENT)));
	}

	/** Blocks for the threads of a series beside its first one. */
	private synchronized TotalsBlock[] stripes(Family family, List<String> labelValues) {
		int processors = Runtime.getRuntime().availableProcessors();
		int all = Math.min(MAX_STRIPES, Integer.highestOneBit(2 * processors - 1) << 1);
		TotalsBlock[] stripes = new TotalsBlock[all - 1];
		for (int i = 0; i < stripes.length; i++) {
			stripes[i] = new TotalsBlock(append(family, labelValues, CACHE_LINE_BYTES), family.buckets());
		}
		return stripes;
	}

	private Cells append(Family family, List<String> labelValues, int alignment) {
		byte[] familyRecord = RecordEncoder.family(family);
		int cellBytes = (family.cellBytes() + alignment - 1) & -alignment;
		int recordBytes = familyRecord.length + RecordEncoder.seriesLength(labelValues);
		SegmentWriter segment = segmentFor(recordBytes, cellBytes, alignment);
		Integer familyOffset = this.familyOffsets.get(family);
		if (familyOffset == null) {
			familyOffset = segment.append(familyRecord);
			this.familyOffsets.put(family, familyOffset);
		}
		int cells = segment.allocateCells(cellBytes, alignment);
		segment.append(RecordEncoder.series(familyOffset, cells, System.currentTimeMillis(), labelValues));
		return new Cells(segment.region(), cells);
	}

	private SegmentWriter segmentFor(int recordBytes, int cellBytes, int alignment) {
		int index = this.segments.size();
		if (index > 0 && this.segments.get(index - 1).hasRoomFor(recordBytes, cellBytes, alignment)) {
			return this.segments.get(index - 1);
		}
		int needed = recordBytes + cellBytes + alignment + SegmentLayout.headerLength(4 * this.instanceName.length())
				+ SegmentLayout.ALIGNMENT;
		int usual = (int) Math.min(LARGEST_SEGMENT_BYTES, (long) FIRST_SEGMENT_BYTES << Math.min(index, 16));
		SegmentWriter segment = new SegmentWriter(create(index, Math.max(usual, needed)));
		segment.open(this.chain, index, SegmentLayout.STATE_OPEN, this.instanceName, System.currentTimeMillis());
		this.segments.add(segment);
		this.familyOffsets.clear();
		return segment;
	}

	private Region create(int index, int size) {
		try {
			return this.factory.create(index, size);
		}
		catch (IOException ex) {
			this.onUnshared.accept(ex);
			Region region = Region.allocate(size);
			this.unshared.add(region);
			return region;
		}
	}

	/** Segments that no file holds. */
	synchronized List<Region> unsharedSegments() {
		return List.copyOf(this.unshared);
	}

	/** All segments. */
	synchronized List<Region> segments() {
		return this.segments.stream().map(SegmentWriter::region).toList();
	}

	/**
	 * Says that nothing more will be recorded. What is, all the same, is lost.
	 */
	@Override
	public synchronized void close() {
		if (!this.segments.isEmpty()) {
			this.segments.get(0).close();
		}
	}

	@FunctionalInterface
	private interface CellsFactory {

		Object create(Cells cells);

	}

}
