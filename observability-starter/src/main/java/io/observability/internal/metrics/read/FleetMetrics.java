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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.Problems;

/**
 * The metrics of all instances of a store, living or terminated.
 */
public final class FleetMetrics implements MetricsSource, Closeable {

	private static final int MOST_ATTEMPTS = 10;

	private final StoreDirectory store;

	private final List<OwnSegments> own;

	private final Problems problems;

	private final FleetReader reader;

	private final RegionSegments unshared = new RegionSegments();

	private final Merger merger = new Merger();

	/**
	 * Creates the view; nothing is read yet.
	 * @param store the fleet's folder
	 * @param own segments of this instance's writers, for those that are in no file
	 * @param problems where files that can't be read are reported
	 */
	public FleetMetrics(StoreDirectory store, List<OwnSegments> own, Problems problems) {
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

	private List<CollectedSegment> read() throws IOException {
		List<Region> unshared = readFiles();
		List<CollectedSegment> segments = new ArrayList<>();
		for (SequenceReader sequence : this.reader.sequences()) {
			for (SegmentReader segment : sequence.segments()) {
				segments.add(new CollectedSegment(segment, sequence.isLive(), sequence.slot().number()));
			}
		}
		for (SegmentReader segment : this.unshared.refresh(unshared)) {
			segments.add(new CollectedSegment(segment, true, null));
		}
		SegmentReader archive = this.reader.archive();
		if (archive != null) {
			segments.add(new CollectedSegment(archive, false, null));
		}
		return segments;
	}

	/**
	 * Reads all files, and returns this instance's segments that are in none. If some of
	 * these have gone into files meanwhile, all is read again, so that each of their
	 * series is found once.
	 */
	private List<Region> readFiles() {
		List<Region> unshared;
		List<Region> before;
		int attempt = 0;
		do {
			before = unsharedRegions();
			refresh();
			unshared = unsharedRegions();
			attempt++;
		}
		while (!unshared.equals(before) && attempt < MOST_ATTEMPTS);
		return unshared;
	}

	private List<Region> unsharedRegions() {
		return this.own.stream().flatMap((writer) -> writer.unshared().stream()).toList();
	}

	private void refresh() {
		try {
			this.reader.refresh();
			this.problems.resolve(this.store.slots(), FleetReader.UNREADABLE);
		}
		catch (IOException ex) {
			this.problems.report(this.store.slots(), FleetReader.UNREADABLE, ex);
		}
	}

	/**
	 * Reads the files without merging them.
	 * @return the state of the files
	 */
	public synchronized StoreState state() {
		refresh();
		return lastState();
	}

	private StoreState lastState() {
		Map<Integer, Integer> series = new HashMap<>();
		Map<Integer, Integer> missing = new HashMap<>();
		for (SequenceReader sequence : this.reader.sequences()) {
			if (sequence.isLive()) {
				for (SegmentReader segment : sequence.segments()) {
					series.merge(sequence.slot().number(), segment.seriesInUse(), Integer::sum);
					if (segment.missing() > 0) {
						missing.merge(sequence.slot().number(), segment.missing(), Integer::sum);
					}
				}
			}
		}
		Map<Integer, Integer> ownMissing = new HashMap<>();
		this.own.forEach((writer) -> writer.addMissingSeries(ownMissing));
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
