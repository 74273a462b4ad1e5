package io.observability.registry;

import java.util.HashMap;
import java.util.Map;

import io.observability.store.GaugeMode;

/**
 * Which mode each gauge has, by the meter's name.
 */
public final class GaugeModes {

	// What most people want of well-known meters; what is configured goes before it.
	private static final Map<String, GaugeMode> PRESETS = Map.of("http.requests.in.progress", GaugeMode.LIVESUM);

	private final GaugeMode defaultMode;

	private final Map<String, GaugeMode> modes;

	/**
	 * Creates the table.
	 * @param defaultMode of gauges that nothing else is said of
	 * @param configured by name of a meter, or by prefix followed by {@code *}
	 */
	public GaugeModes(GaugeMode defaultMode, Map<String, GaugeMode> configured) {
		this.defaultMode = defaultMode;
		this.modes = new HashMap<>(PRESETS);
		this.modes.putAll(configured);
	}

	/**
	 * The mode of a meter: its own, else that of its longest prefix, else the default.
	 */
	GaugeMode of(String meterName) {
		GaugeMode exact = this.modes.get(meterName);
		if (exact != null) {
			return exact;
		}
		for (int length = meterName.length(); length >= 0; length--) {
			GaugeMode prefixed = this.modes.get(meterName.substring(0, length) + "*");
			if (prefixed != null) {
				return prefixed;
			}
		}
		return this.defaultMode;
	}

}
