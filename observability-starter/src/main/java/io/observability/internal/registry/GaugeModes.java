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

import java.util.Map;

import io.observability.GaugeMode;
import org.jspecify.annotations.Nullable;

/**
 * The mode of each gauge, by the name of its meter.
 */
public final class GaugeModes {

	private final GaugeMode defaultMode;

	private final Map<String, GaugeMode> configured;

	/**
	 * Creates the table.
	 * @param defaultMode mode of all other gauges
	 * @param configured modes by meter name, or by prefix followed by {@code *}; they
	 * take precedence over {@link WellKnownGauges}
	 */
	public GaugeModes(GaugeMode defaultMode, Map<String, GaugeMode> configured) {
		this.defaultMode = defaultMode;
		this.configured = Map.copyOf(configured);
	}

	/**
	 * Returns the mode of a meter.
	 * @param meterName name of the meter, or of a metric that has no meter
	 * @return the mode
	 */
	public GaugeMode of(String meterName) {
		GaugeMode mode = longestMatch(meterName, this.configured);
		if (mode == null) {
			mode = longestMatch(meterName, WellKnownGauges.MODES);
		}
		return (mode != null) ? mode : this.defaultMode;
	}

	private static @Nullable GaugeMode longestMatch(String meterName, Map<String, GaugeMode> modes) {
		GaugeMode match = modes.get(meterName);
		for (int length = meterName.length(); match == null && length >= 0; length--) {
			match = modes.get(meterName.substring(0, length) + "*");
		}
		return match;
	}

}
