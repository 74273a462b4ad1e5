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

package io.observability.internal.metrics.format;

import java.util.List;

import io.observability.GaugeMode;

/**
 * What the series of one metric have in common.
 *
 * @param name the metric's name in the exposition, without suffixes such as
 * {@code _bucket}
 * @param help one line of text, may be blank
 * @param unit in which it is measured, as the name says at its end; empty if it is not
 * told
 * @param type what it is
 * @param mode how the values of several instances become one, for what is sampled; totals
 * are always added up
 * @param kind how its numbers are kept
 * @param labelNames in the order of each series' label values
 * @param bounds upper bounds of the buckets, ascending, without +Inf; empty if it has no
 * buckets
 * @param divisor by which sums and maxima are divided when read: 1e9 for nanoseconds
 * shown as seconds
 * @param windows number of time windows of a {@link CellKind#WINDOW_MAX}, else 0
 * @param windowMillis length of each of them, else 0
 */
public record Family(String name, String help, String unit, MetricType type, GaugeMode mode, CellKind kind,
		List<String> labelNames, List<Double> bounds, double divisor, int windows, long windowMillis) {

	public Family {
		labelNames = List.copyOf(labelNames);
		bounds = List.copyOf(bounds);
	}

	/**
	 * A family whose series are added up.
	 * @param name see {@link #name()}
	 * @param help see {@link #help()}
	 * @param type a counter, a histogram or a summary
	 * @param labelNames see {@link #labelNames()}
	 * @param bounds see {@link #bounds()}
	 * @param divisor see {@link #divisor()}
	 * @return the family
	 */
	public static Family totals(String name, String help, MetricType type, List<String> labelNames, List<Double> bounds,
			double divisor) {
		return new Family(name, help, "", type, GaugeMode.SUM, CellKind.TOTALS, labelNames, bounds, divisor, 0, 0);
	}

	/**
	 * A family whose series are sampled.
	 * @param name see {@link #name()}
	 * @param help see {@link #help()}
	 * @param type any type
	 * @param mode see {@link #mode()}
	 * @param labelNames see {@link #labelNames()}
	 * @param bounds see {@link #bounds()}
	 * @return the family
	 */
	public static Family samples(String name, String help, MetricType type, GaugeMode mode, List<String> labelNames,
			List<Double> bounds) {
		return new Family(name, help, "", type, mode, CellKind.SAMPLE, labelNames, bounds, 1, 0, 0);
	}

	/**
	 * A gauge that shows the greatest value of the last {@code windows * windowMillis}.
	 * @param name see {@link #name()}
	 * @param help see {@link #help()}
	 * @param labelNames see {@link #labelNames()}
	 * @param divisor see {@link #divisor()}
	 * @param windows see {@link #windows()}
	 * @param windowMillis see {@link #windowMillis()}
	 * @return the family
	 */
	public static Family windowMax(String name, String help, List<String> labelNames, double divisor, int windows,
			long windowMillis) {
		return new Family(name, help, "", MetricType.GAUGE, GaugeMode.MAX, CellKind.WINDOW_MAX, labelNames, List.of(),
				divisor, windows, windowMillis);
	}

	/**
	 * The same in a unit.
	 * @param unit see {@link #unit()}
	 * @return the family
	 */
	public Family in(String unit) {
		return new Family(this.name, this.help, unit, this.type, this.mode, this.kind, this.labelNames, this.bounds,
				this.divisor, this.windows, this.windowMillis);
	}

	/**
	 * The family of the exemplars of this one's series.
	 * @return a family with the same name, labels and buckets
	 */
	public Family exemplars() {
		return new Family(this.name, this.help, this.unit, this.type, GaugeMode.SUM, CellKind.EXEMPLARS,
				this.labelNames, this.bounds, 1, 0, 0);
	}

	/**
	 * Buckets in the file, the one up to +Inf included; a counter and a gauge have none.
	 */
	public int buckets() {
		return switch (this.type) {
			case HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, NATIVE_HISTOGRAM -> this.bounds.size() + 1;
			case COUNTER, GAUGE, INFO, STATE_SET, UNKNOWN, NATIVE_BUCKET -> 0;
		};
	}

	/** Bytes of numbers that each series takes, a multiple of 8. */
	public int cellBytes() {
		return switch (this.kind) {
			case TOTALS -> TotalsLayout.length(buckets());
			case SAMPLE -> SampleLayout.length(buckets());
			case EXEMPLARS -> ExemplarsLayout.length(buckets());
			case WINDOW_MAX -> WindowMaxLayout.length(this.windows);
		};
	}

}
