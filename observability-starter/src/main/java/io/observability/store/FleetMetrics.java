package io.observability.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observability.instance.StoreDirectory;
import io.observability.memory.Region;

/**
 * The metrics of all instances of a store, alive or not.
 */
public final class FleetMetrics implements MetricsSource, Closeable {

	private final StoreDirectory store;

	private final List<MetricsWriter> own;

	private final Problems problems;

	private final FleetReader reader;

	private final RegionSegments unshared = new RegionSegments();

	private final Merger merger = new Merger();

	/**
	 * Creates the view; nothing is read yet.
	 * @param store the fleet's folder
	 * @param own this instance's writers, for what they could not put into files
	 * @param problems where files are told that can't be read
	 */
	public FleetMetrics(StoreDirectory store, List<MetricsWriter> own, Problems problems) {
		this.store = store;
		this.own = List.copyOf(own);
		this.problems = problems;
		this.reader = new FleetReader(store, problems);
	}

	@Override
	public synchronized <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		return use.apply(this.merger.merge(read()));
	}

	@Override
	public synchronized <T> T collect(MetricsSelection selection, Function<SelectedMetrics, T> use) throws IOException {
		return use.apply(selection.merge(read(), lastState()));
	}

	private List<MetricsPart> read() throws IOException {
		refresh();
		List<MetricsPart> parts = new ArrayList<>();
		for (ChainReader chain : this.reader.chains()) {
			for (SegmentReader segment : chain.segments()) {
				parts.add(new MetricsPart(segment, chain.isLive(), chain.slot().number()));
			}
		}
		for (SegmentReader segment : this.unshared.refresh(unsharedRegions())) {
			parts.add(new MetricsPart(segment, true, null));
		}
		SegmentReader archive = this.reader.archive();
		if (archive != null) {
			parts.add(new MetricsPart(archive, false, null));
		}
		return parts;
	}

	private List<Region> unsharedRegions() {
		return this.own.stream().flatMap((writer) -> writer.unsharedSegments().stream()).toList();
	}

	private void refresh() {
		try {
			this.reader.refresh();
		}
		catch (IOException ex) {
			this.problems.found(this.store.slots(), ex);
		}
	}

	/**
	 * Reads what there is, without its numbers.
	 * @return the state of the files
	 */
	public synchronized StoreState state() {
		refresh();
		return lastState();
	}

	private StoreState lastState() {
		Map<Integer, Integer> series = new HashMap<>();
		Map<Integer, Integer> missing = new HashMap<>();
		for (ChainReader chain : this.reader.chains()) {
			if (chain.isLive()) {
				for (SegmentReader segment : chain.segments()) {
					series.merge(chain.slot().number(), segment.series().size(), Integer::sum);
					if (segment.missing() > 0) {
						missing.merge(chain.slot().number(), segment.missing(), Integer::sum);
					}
				}
			}
		}
		Map<Integer, Integer> ownMissing = new HashMap<>();
		this.own.forEach((writer) -> writer.tellMissing(ownMissing));
		missing.putAll(ownMissing);
		SegmentReader archive = this.reader.archive();
		return (archive != null) ? new StoreState(series, missing, archive.header().index(), archive.series().size())
				: new StoreState(series, missing, 0, 0);
	}

	@Override
	public synchronized void close() throws IOException {
		this.reader.close();
	}

}
