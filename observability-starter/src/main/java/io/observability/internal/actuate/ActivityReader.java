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

package io.observability.internal.actuate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MetricsSelection;

/**
 * Derives the numbers that the fleet page shows from merged metrics.
 */
final class ActivityReader {

	private static final String REQUESTS = "http_requests";

	private static final String LATENCY = "http_request_latency_seconds";

	private static final String IN_PROGRESS = "http_requests_in_progress";

	private static final String MEMORY = "jvm_memory_used_bytes";

	private final MetricsSelection selection = new MetricsSelection(Set.of(REQUESTS, LATENCY, IN_PROGRESS, MEMORY));

	MetricsSelection selection() {
		return this.selection;
	}

	LiveFleet.Traffic traffic(Collection<MergedFamily> families) {
		Map<String, Double> byStatus = new HashMap<>();
		SortedMap<Double, Long> latency = new TreeMap<>();
		double inProgress = 0;
		for (MergedFamily family : families) {
			switch (family.family().name()) {
				case REQUESTS -> addUp(family, byStatus);
				case LATENCY -> addUp(family, latency);
				case IN_PROGRESS -> inProgress += total(family, "", "");
				default -> {
					// Not a metric of requests.
				}
			}
		}
		return new LiveFleet.Traffic(byStatus, inProgress, buckets(latency));
	}

	private static void addUp(MergedFamily family, Map<String, Double> byStatus) {
		int status = family.family().labelNames().indexOf("http_status");
		for (MergedSeries series : family.series()) {
			String value = (status >= 0) ? series.labelValues().get(status) : "";
			String statusClass = value.isEmpty() ? "other" : value.charAt(0) + "xx";
			byStatus.merge(statusClass, value(series), Double::sum);
		}
	}

	/**
	 * Versions of the application may have different bounds, so counts are added by
	 * bound.
	 */
	private static void addUp(MergedFamily family, SortedMap<Double, Long> byBound) {
		List<Double> bounds = family.family().bounds();
		for (MergedSeries series : family.series()) {
			if (series instanceof MergedTotals totals) {
				long[] counts = totals.counts();
				for (int i = 0; i < counts.length; i++) {
					byBound.merge((i < bounds.size()) ? bounds.get(i) : Double.POSITIVE_INFINITY, counts[i], Long::sum);
				}
			}
		}
	}

	private static List<LiveFleet.Bucket> buckets(SortedMap<Double, Long> byBound) {
		List<LiveFleet.Bucket> buckets = new ArrayList<>();
		byBound.forEach((bound, count) -> buckets.add(new LiveFleet.Bucket(bound.isInfinite() ? null : bound, count)));
		return buckets;
	}

	Map<Integer, LiveFleet.Activity> bySlot(Map<Integer, Collection<MergedFamily>> families) {
		Map<Integer, LiveFleet.Activity> bySlot = new HashMap<>();
		families.forEach((slot, own) -> bySlot.put(slot, activity(own)));
		return bySlot;
	}

	private static LiveFleet.Activity activity(Collection<MergedFamily> families) {
		double requests = 0;
		double heap = 0;
		for (MergedFamily family : families) {
			switch (family.family().name()) {
				case REQUESTS -> requests += total(family, "", "");
				case MEMORY -> heap += total(family, "area", "heap");
				default -> {
					// Shown for the whole fleet only.
				}
			}
		}
		return new LiveFleet.Activity(requests, heap);
	}

	/** Sums the series with a label value, or all series if the label is empty. */
	private static double total(MergedFamily family, String label, String value) {
		Family labels = family.family();
		double total = 0;
		for (MergedSeries series : family.series()) {
			int index = labels.labelNames().indexOf(label);
			if (label.isEmpty() || (index >= 0 && series.labelValues().get(index).equals(value))) {
				total += value(series);
			}
		}
		return total;
	}

	private static double value(MergedSeries series) {
		if (!series.isPresent()) {
			return 0;
		}
		double value = 0;
		if (series instanceof MergedTotals totals) {
			value = totals.sum();
		}
		else if (series instanceof MergedSample sample) {
			value = sample.value();
		}
		return Double.isNaN(value) ? 0 : value;
	}

}
