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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Region;
import io.observability.internal.segment.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of all instances of a store, living or terminated. Until this instance has
 * joined the fleet, those of this instance alone.
 */
public final class FleetMetrics implements MetricsSource, Closeable {

	private static final int MOST_ATTEMPTS = 10;

	private final List<OwnSegments> own;

	private final Problems problems;

	private volatile Runnable beforeReading = () -> {
	};

	private @Nullable Files files;

	private final RegionSegments unshared = new RegionSegments();

	private final Merger merger = new Merger();

	/**
	 * Creates the view; nothing is read yet.
	 * @param store the fleet's folder
	 * @param own segments of this instance's writers, for those that are in no file
	 * @param problems where files that can't be read are reported
	 */
	public FleetMetrics(StoreDirectory store, List<OwnSegments> own, Problems problems) {
		this(own, problems);
		join(store);
	}

	/**
	 * Creates the view of an instance that has not joined its fleet yet.
	 * @param own segments of this instance's writers
	 * @param problems where files that can't be read are reported
	 */
	public FleetMetrics(List<OwnSegments> own, Problems problems) {
		this.own = List.copyOf(own);
		this.problems = problems;
	}

	/**
	 * Has the files of the fleet read from now on, unless they are already. To be called
	 * before this instance's writers join, so that none of their series is missed.
	 * @param store the fleet's folder
	 */
	public final synchronized void join(StoreDirectory store) {
		if (this.files == null) {
			this.files = new Files(store.slots(), new FleetReader(store, this.problems));
		}
	}

	/**
	 * Has something run before each reading of the numbers, without a lock.
	 * @param action what is to be run
	 */
	public void beforeReading(Runnable action) {
		this.beforeReading = action;
	}

	@Override
	public <T> T collect(Function<Collection<MergedFamily>, T> use) throws IOException {
		this.beforeReading.run();
		synchronized (this) {
			return use.apply(this.merger.merge(read()));
		}
	}

	@Override
	public <T> T collect(MetricsSelection selection, Function<SelectedMetrics, T> use) throws IOException {
		this.beforeReading.run();
		synchronized (this) {
			return use.apply(selection.merge(read(), lastState()));
		}
	}

	private List<CollectedSegment> read() throws IOException {
		List<Region> unshared = readFiles();
		List<CollectedSegment> segments = new ArrayList<>();
		for (SequenceReader sequence : sequences()) {
			for (SegmentReader segment : sequence.segments()) {
				segments.add(new CollectedSegment(segment, sequence.isLive(), sequence.slot().number()));
			}
		}
		for (SegmentReader segment : this.unshared.refresh(unshared)) {
			segments.add(new CollectedSegment(segment, true, null));
		}
		SegmentReader archive = archive();
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
		Files files = this.files;
		if (files == null) {
			return;
		}
		try {
			files.reader.refresh();
			this.problems.resolve(files.slots, FleetReader.UNREADABLE);
		}
		catch (IOException ex) {
			this.problems.report(files.slots, FleetReader.UNREADABLE, ex);
		}
	}

	private List<SequenceReader> sequences() {
		return (this.files != null) ? this.files.reader.sequences() : List.of();
	}

	private @Nullable SegmentReader archive() {
		return (this.files != null) ? this.files.reader.archive() : null;
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
		for (SequenceReader sequence : sequences()) {
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
		SegmentReader archive = archive();
		return (archive != null) ? new StoreState(series, missing, archive.header().index(), archive.series().size())
				: new StoreState(series, missing, 0, 0);
	}

	@Override
	public synchronized void close() throws IOException {
		if (this.files != null) {
			this.files.reader.close();
		}
	}

	/**
	 * The files of the fleet.
	 *
	 * @param slots the folder that they are in
	 * @param reader reads them
	 */
	private record Files(Path slots, FleetReader reader) {
	}

}
