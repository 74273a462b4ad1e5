package io.observability.registry;

import java.util.Map;

import io.observability.store.GaugeMode;
import org.jspecify.annotations.Nullable;

/**
 * Which mode each gauge has, by the meter's name.
 */
public final class GaugeModes {

	private final GaugeMode defaultMode;

	private final Map<String, GaugeMode> configured;

	/**
	 * Creates the table.
	 * @param defaultMode of gauges that nothing else is said of
	 * @param configured by name of a meter, or by prefix followed by {@code *}; goes
	 * before what is known of well-known meters
	 */
	public GaugeModes(GaugeMode defaultMode, Map<String, GaugeMode> configured) {
		this.defaultMode = defaultMode;
		this.configured = Map.copyOf(configured);
	}

	/**
	 * Returns the mode of a meter.
	 * @param meterName the meter's name, or a metric's if it is not Micrometer's
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
