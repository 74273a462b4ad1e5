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
 * A metric of any type whose values are sampled: see {@link CellKind#SAMPLE}.
 *
 * @param metadata name, help, unit, type and label names
 * @param mode how the values of several instances become one
 * @param bounds upper bounds of the buckets, ascending, without +Inf; empty if it has no
 * buckets
 */
public record SampleFamily(FamilyMetadata metadata, GaugeMode mode, List<Double> bounds) implements Family {

	public SampleFamily {
		bounds = List.copyOf(bounds);
	}

	@Override
	public CellKind kind() {
		return CellKind.SAMPLE;
	}

	@Override
	public boolean isCurrent() {
		return switch (type()) {
			case GAUGE, GAUGE_HISTOGRAM, INFO, STATE_SET, UNKNOWN -> true;
			// A long task timer is a summary of the tasks that run.
			case COUNTER, HISTOGRAM, SUMMARY, NATIVE_HISTOGRAM, NATIVE_BUCKET -> this.mode != GaugeMode.SUM;
		};
	}

	/** Number of buckets in the file, see {@link MetricType#buckets(int)}. */
	public int buckets() {
		return type().buckets(this.bounds.size());
	}

	@Override
	public int cellBytes() {
		return SampleLayout.length(buckets());
	}

	@Override
	public Family mergeKey() {
		// Any mode, as long as it is always the same one.
		return new SampleFamily(this.metadata.mergeKey(), GaugeMode.ALL, this.bounds);
	}

}
