package io.observability.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.observability.store.GaugeMode;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Reads the gauge modes that are given by prefix. Boot's binder takes the {@code *} out
 * of a property's name unless the name stands in brackets.
 */
final class GaugeModePrefixes {

	private static final String PROPERTY = "observability.metrics.gauges.modes.";

	private GaugeModePrefixes() {
	}

	static Map<String, GaugeMode> of(ConfigurableEnvironment environment) {
		Map<String, GaugeMode> modes = new HashMap<>();
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					if (name.startsWith(PROPERTY) && name.endsWith("*")) {
						modes.put(name.substring(PROPERTY.length()), mode(name, environment.getProperty(name, "")));
					}
				}
			}
		}
		return modes;
	}

	private static GaugeMode mode(String property, String value) {
		try {
			return GaugeMode.valueOf(value.trim().toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, value,
					"Give one of " + Arrays.toString(GaugeMode.values()) + ", or remove the property.");
		}
	}

}
