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
 * A counter, histogram or summary that threads add to: see {@link CellKind#TOTALS}. The
 * values of all instances are added up.
 *
 * @param metadata name, help, unit, type and label names
 * @param bounds upper bounds of the buckets, ascending, without +Inf; empty if it has no
 * buckets
 * @param divisor divides sums when they are read: 1e9 for nanoseconds shown as seconds
 */
public record TotalsFamily(FamilyMetadata metadata, List<Double> bounds, double divisor) implements Family {

	public TotalsFamily {
		bounds = List.copyOf(bounds);
	}

	@Override
	public CellKind kind() {
		return CellKind.TOTALS;
	}

	@Override
	public GaugeMode mode() {
		return GaugeMode.SUM;
	}

	/** Number of buckets in the file, see {@link MetricType#buckets(int)}. */
	public int buckets() {
		return type().buckets(this.bounds.size());
	}

	@Override
	public int cellBytes() {
		return TotalsLayout.length(buckets());
	}

	@Override
	public Family mergeKey() {
		return new TotalsFamily(this.metadata.mergeKey(), this.bounds, this.divisor);
	}

}
