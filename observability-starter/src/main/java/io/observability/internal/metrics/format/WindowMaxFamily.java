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
 * A gauge that shows the greatest value of a moving time window: see
 * {@link CellKind#WINDOW_MAX}. Of several instances the greatest one counts.
 *
 * @param metadata name, help, unit and label names; the type is a gauge
 * @param divisor divides maxima when they are read: 1e9 for nanoseconds shown as seconds
 * @param windows number of time windows
 * @param windowMillis length of each time window
 */
public record WindowMaxFamily(FamilyMetadata metadata, double divisor, int windows,
		long windowMillis) implements Family {

	@Override
	public CellKind kind() {
		return CellKind.WINDOW_MAX;
	}

	@Override
	public GaugeMode mode() {
		return GaugeMode.MAX;
	}

	@Override
	public List<Double> bounds() {
		return List.of();
	}

	@Override
	public int cellBytes() {
		return WindowMaxLayout.length(this.windows);
	}

	@Override
	public Family mergeKey() {
		return new WindowMaxFamily(this.metadata.mergeKey(), this.divisor, this.windows, this.windowMillis);
	}

}
