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
 * Exemplars of another family's series: see {@link CellKind#EXEMPLARS}. Of several
 * instances the newest one of each bucket counts.
 *
 * @param metadata that of the other family
 * @param bounds those of the other family
 */
public record ExemplarsFamily(FamilyMetadata metadata, List<Double> bounds) implements Family {

	public ExemplarsFamily {
		bounds = List.copyOf(bounds);
	}

	@Override
	public CellKind kind() {
		return CellKind.EXEMPLARS;
	}

	@Override
	public GaugeMode mode() {
		return GaugeMode.SUM;
	}

	/** Number of exemplars that each series has room for. */
	public int slots() {
		return ExemplarsLayout.slots(buckets());
	}

	private int buckets() {
		return type().buckets(this.bounds.size());
	}

	@Override
	public int cellBytes() {
		return ExemplarsLayout.length(buckets());
	}

	@Override
	public Family mergeKey() {
		return new ExemplarsFamily(this.metadata.mergeKey(), this.bounds);
	}

}
