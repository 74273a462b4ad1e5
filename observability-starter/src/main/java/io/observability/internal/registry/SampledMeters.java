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

package io.observability.internal.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Meter;
import io.observability.internal.metrics.sampling.Round;
import io.observability.internal.metrics.sampling.Sampler;

/**
 * The meters of a registry that are functions. Safe for any thread.
 *
 * <p>
 * A meter that is removed keeps its last value until all other meters have been asked, so
 * that no reader sees it gone and the one that replaces it without a value yet.
 */
final class SampledMeters {

	private final Map<Meter.Id, SampledSeries[]> sampled = new ConcurrentHashMap<>();

	private final Set<RemovedSeries> removed = ConcurrentHashMap.newKeySet();

	/** How often a meter was added or removed. */
	private final AtomicLong changes = new AtomicLong();

	/** After how many changes all meters have been asked. */
	private volatile long asked;

	/** The series of the meters, which change rarely. */
	private volatile Listing listing = new Listing(0, List.of(), List.of());

	private final Sampler sampler = new Sampler(this::round);

	/** Returns what asks them. */
	Sampler sampler() {
		return this.sampler;
	}

	/** Has a meter asked from now on. */
	void add(Meter.Id id, SampledSeries... series) {
		for (SampledSeries each : series) {
			each.claim();
		}
		this.sampled.put(id, series);
		this.changes.incrementAndGet();
	}

	/** Has a meter not asked any more, if it is one of these. */
	void remove(Meter.Id id) {
		SampledSeries[] series = this.sampled.remove(id);
		if (series != null) {
			this.changes.incrementAndGet();
			for (SampledSeries each : series) {
				this.removed.add(new RemovedSeries(each));
			}
		}
	}

	/** Has a meter not asked any more, if it has these series still. */
	boolean take(Meter.Id id, SampledSeries[] series) {
		boolean taken = this.sampled.remove(id, series);
		if (taken) {
			this.changes.incrementAndGet();
		}
		return taken;
	}

	private Round round() {
		// The removed ones first: the listing must not have them any more.
		List<RemovedSeries> removed = this.removed.isEmpty() ? List.of() : List.copyOf(this.removed);
		Listing listing = listing();
		return new Round() {

			@Override
			public Collection<SampledSeries> sources(boolean all) {
				return all ? listing.all : listing.totals;
			}

			@Override
			public boolean isPending() {
				return !removed.isEmpty() || listing.changes != SampledMeters.this.asked;
			}

			@Override
			public void end(boolean scrape) {
				SampledMeters.this.asked = listing.changes;
				removed.forEach((each) -> release(each, scrape));
			}

		};
	}

	private Listing listing() {
		Listing last = this.listing;
		// Before the meters are listed: a change meanwhile makes the next round list them
		// again.
		long changes = this.changes.get();
		if (last.changes == changes) {
			return last;
		}
		List<SampledSeries> all = new ArrayList<>();
		List<SampledSeries> totals = new ArrayList<>();
		for (SampledSeries[] ofMeter : this.sampled.values()) {
			for (SampledSeries series : ofMeter) {
				all.add(series);
				if (!series.isForReadersOnly()) {
					totals.add(series);
				}
			}
		}
		Listing listing = new Listing(changes, all, totals);
		this.listing = listing;
		return listing;
	}

	/**
	 * Releases a removed series, once however many passes have seen it removed. In the
	 * background only the second time, because its meter may be about to be replaced by
	 * another one.
	 */
	private void release(RemovedSeries removed, boolean scrape) {
		if ((scrape || removed.hasBeenSeen.getAndSet(true)) && this.removed.remove(removed)) {
			removed.series.release();
		}
	}

	/**
	 * The series of all meters.
	 *
	 * @param changes how often a meter had been added or removed before
	 * @param all the series
	 * @param totals those that are asked even if there are no readers
	 */
	private record Listing(long changes, List<SampledSeries> all, List<SampledSeries> totals) {
	}

	/** A series whose meter was removed. */
	private static final class RemovedSeries {

		private final SampledSeries series;

		private final AtomicBoolean hasBeenSeen = new AtomicBoolean();

		private RemovedSeries(SampledSeries series) {
			this.series = series;
		}

	}

}
