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

package io.observability.internal.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.observability.GaugeMode;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Reads the gauge modes that are configured by prefix. Boot's binder drops the {@code *}
 * from a property's name unless the name is in brackets.
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
