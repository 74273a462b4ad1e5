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

package io.observability.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import io.observability.internal.metrics.read.MergedExemplars;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MergedWindowMax;
import io.observability.internal.metrics.read.MetricsSource;

/**
 * Merged metrics as text, to be compared: {@code name{label=value,@instance}} on the one
 * side, {@code 1.0}, or {@code [counts per bucket] sum}, on the other.
 */
public final class Shown {

	private Shown() {
	}

	/**
	 * Collects what there is now.
	 * @param source where from
	 * @return values by series
	 */
	public static SortedMap<String, String> by(MetricsSource source) {
		return by(source, System.currentTimeMillis());
	}

	/**
	 * Collects what there is now.
	 * @param source where from
	 * @param nowMillis the time that maxima are asked at
	 * @return values by series
	 */
	public static SortedMap<String, String> by(MetricsSource source, long nowMillis) {
		SortedMap<String, String> shown = new TreeMap<>();
		try {
			source.collect((families) -> {
				for (MergedFamily family : families) {
					for (MergedSeries series : family.series()) {
						if (series.isPresent()) {
							String key = key(family, series);
							while (shown.containsKey(key)) {
								key += " again";
							}
							shown.put(key, value(series, nowMillis));
						}
					}
				}
				return null;
			});
			return shown;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String key(MergedFamily merged, MergedSeries series) {
		StringBuilder key = new StringBuilder();
		List<String> names = merged.family().labelNames();
		for (int i = 0; i < names.size(); i++) {
			key.append((i > 0) ? "," : "").append(names.get(i)).append('=').append(series.labelValues().get(i));
		}
		if (series.instance() != null) {
			key.append(key.isEmpty() ? "@" : ",@").append(series.instance());
		}
		return merged.family().name() + (key.isEmpty() ? "" : "{" + key + "}");
	}

	private static String value(MergedSeries series, long nowMillis) {
		if (series instanceof MergedTotals totals) {
			return value(Arrays.toString(totals.counts()), totals.sum());
		}
		if (series instanceof MergedExemplars exemplars) {
			return exemplars.exemplars().toString();
		}
		if (series instanceof MergedSample sample) {
			return value(Arrays.toString(sample.counts()), sample.value());
		}
		return Double.toString(((MergedWindowMax) series).max(nowMillis));
	}

	private static String value(String counts, double sum) {
		return counts.equals("[]") ? Double.toString(sum) : counts + " " + sum;
	}

}
