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
 * What the series of one metric have in common. There is one kind of family for each kind
 * of cells.
 */
public sealed interface Family permits TotalsFamily, SampleFamily, WindowMaxFamily, ExemplarsFamily {

	/**
	 * Creates a family whose series are added up.
	 * @param name see {@link FamilyMetadata#name()}
	 * @param help see {@link FamilyMetadata#help()}
	 * @param type a counter, a histogram or a summary
	 * @param labelNames see {@link FamilyMetadata#labelNames()}
	 * @param bounds see {@link #bounds()}
	 * @param divisor see {@link TotalsFamily#divisor()}
	 * @return the family
	 */
	static TotalsFamily totals(String name, String help, MetricType type, List<String> labelNames, List<Double> bounds,
			double divisor) {
		return new TotalsFamily(FamilyMetadata.of(name, help, type, labelNames), bounds, divisor);
	}

	/**
	 * Creates a family whose series are sampled.
	 * @param name see {@link FamilyMetadata#name()}
	 * @param help see {@link FamilyMetadata#help()}
	 * @param type any type
	 * @param mode see {@link #mode()}
	 * @param labelNames see {@link FamilyMetadata#labelNames()}
	 * @param bounds see {@link #bounds()}
	 * @return the family
	 */
	static SampleFamily samples(String name, String help, MetricType type, GaugeMode mode, List<String> labelNames,
			List<Double> bounds) {
		return new SampleFamily(FamilyMetadata.of(name, help, type, labelNames), mode, bounds);
	}

	/**
	 * Creates a gauge that shows the greatest value of the last
	 * {@code windows * windowMillis}.
	 * @param name see {@link FamilyMetadata#name()}
	 * @param help see {@link FamilyMetadata#help()}
	 * @param labelNames see {@link FamilyMetadata#labelNames()}
	 * @param divisor see {@link WindowMaxFamily#divisor()}
	 * @param windows see {@link WindowMaxFamily#windows()}
	 * @param windowMillis see {@link WindowMaxFamily#windowMillis()}
	 * @return the family
	 */
	static WindowMaxFamily windowMax(String name, String help, List<String> labelNames, double divisor, int windows,
			long windowMillis) {
		return new WindowMaxFamily(FamilyMetadata.of(name, help, MetricType.GAUGE, labelNames), divisor, windows,
				windowMillis);
	}

	FamilyMetadata metadata();

	/** The kind of cells that its series have. */
	CellKind kind();

	/** How the values of several instances become one. */
	GaugeMode mode();

	/**
	 * Returns whether its series are values of the moment, which mean nothing once their
	 * meters are removed; totals stay.
	 */
	default boolean isCurrent() {
		return false;
	}

	/**
	 * Upper bounds of the buckets, ascending, without +Inf; empty if it has no buckets.
	 */
	List<Double> bounds();

	/** Size in bytes of the cells of each series, a multiple of 8. */
	int cellBytes();

	/**
	 * What two families must have in common for their numbers to be added up: everything
	 * but help, unit and mode, which may differ while two versions of an application run
	 * side by side.
	 */
	Family mergeKey();

	default String name() {
		return metadata().name();
	}

	default String help() {
		return metadata().help();
	}

	default String unit() {
		return metadata().unit();
	}

	default MetricType type() {
		return metadata().type();
	}

	default List<String> labelNames() {
		return metadata().labelNames();
	}

	/**
	 * Creates the family of the exemplars of this family's series.
	 * @return a family with the same metadata and buckets
	 */
	default ExemplarsFamily exemplars() {
		return new ExemplarsFamily(metadata(), bounds());
	}

}
