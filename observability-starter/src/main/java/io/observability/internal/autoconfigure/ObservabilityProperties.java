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

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.observability.GaugeMode;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Properties of the fleet and its metrics.
 *
 * @param enabled Whether the starter is enabled.
 */
@ConfigurationProperties("observability")
record ObservabilityProperties(@DefaultValue("true") boolean enabled, @DefaultValue Store store,
		@DefaultValue Instance instance, @DefaultValue Metrics metrics) {

	private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(1);

	/**
	 * The shared folder.
	 *
	 * @param directory Folder that all instances of the application share. The default is
	 * '.local/state/observability/' and 'spring.application.name' in the user's home, see
	 * the documentation for applications without a name and users without a home.
	 * @param retention How long a series stays in the merged view after the last instance
	 * that recorded it has terminated.
	 */
	record Store(@Nullable Path directory, @DefaultValue("7d") Duration retention) {

		Store {
			if (retention.compareTo(SHORTEST_RETENTION) < 0) {
				throw new InvalidPropertyException("observability.store.retention", retention,
						"Give a duration of at least '1s', as in '7d', or remove the property.");
			}
		}

	}

	/**
	 * This process as an instance of the fleet.
	 *
	 * @param id Value of the instance label. The default is the slot number of the
	 * instance.
	 * @param label Name of the label that distinguishes instances.
	 */
	record Instance(@Nullable String id, @DefaultValue("instance_id") String label) {

		Instance {
			if (!label.matches("[a-zA-Z_][a-zA-Z0-9_]*") || label.startsWith("__")) {
				throw new InvalidPropertyException("observability.instance.label", label,
						"Give a name of letters, digits and underscores that starts with a letter, as in "
								+ "'instance_id', or remove the property.");
			}
		}

	}

	/**
	 * The shared meter registry.
	 *
	 * @param enabled Whether meters are kept in the shared folder.
	 * @param sampleInterval Maximum age, in a scrape, of the gauges, function counters
	 * and function timers of other instances.
	 * @param maxSeries Maximum number of series that this instance keeps. Further series
	 * are not shown.
	 * @param gauges How the gauges of several instances are merged.
	 */
	record Metrics(@DefaultValue("true") boolean enabled, @DefaultValue("1s") Duration sampleInterval,
			@DefaultValue("100000") int maxSeries, @DefaultValue Gauges gauges) {

		private static final Duration SHORTEST = Duration.ofMillis(10);

		private static final Duration LONGEST = Duration.ofHours(1);

		Metrics {
			if (sampleInterval.compareTo(SHORTEST) < 0 || sampleInterval.compareTo(LONGEST) > 0) {
				throw new InvalidPropertyException("observability.metrics.sample-interval", sampleInterval,
						"Give a duration from '10ms' to '1h', or remove the property.");
			}
			if (maxSeries < 1) {
				throw new InvalidPropertyException("observability.metrics.max-series", maxSeries,
						"Give a number greater than 0, or remove the property.");
			}
		}

	}

	/**
	 * How the gauges of several instances are merged.
	 *
	 * @param defaultMode Mode of the gauges for which no other mode is configured.
	 * @param modes Modes by meter name, or by prefix followed by '*'. The longest match
	 * wins.
	 */
	record Gauges(@Name("default") @DefaultValue("liveall") GaugeMode defaultMode,
			@DefaultValue Map<String, GaugeMode> modes) {
	}

}
