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
 * @param enabled Whether the starter does anything at all.
 */
@ConfigurationProperties("observability")
record ObservabilityProperties(@DefaultValue("true") boolean enabled, @DefaultValue Store store,
		@DefaultValue Instance instance, @DefaultValue Metrics metrics) {

	private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(1);

	/**
	 * The shared folder.
	 *
	 * @param directory Folder that all instances of the application share. By default one
	 * in 'java.io.tmpdir' named after the user and 'spring.application.name'.
	 * @param retention How long a series stays in the merged view after the last instance
	 * that had it has ended.
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
	 * This process as one of the fleet.
	 *
	 * @param id Value of the instance label. By default the number of the slot that the
	 * instance has taken.
	 * @param label Name of the label that tells instances apart.
	 */
	record Instance(@Nullable String id, @DefaultValue("instance_id") String label) {

		Instance {
			if (!label.matches("[a-zA-Z_][a-zA-Z0-9_]*") || label.startsWith("__")) {
				throw new InvalidPropertyException("observability.instance.label", label,
						"Give a label name of letters, digits and underscores that begins with a letter, as in "
								+ "'instance_id', or remove the property.");
			}
		}

	}

	/**
	 * The shared meter registry.
	 *
	 * @param enabled Whether meters are kept in the shared folder.
	 * @param sampleInterval How old the gauges, function counters and function timers of
	 * another instance may be in a scrape.
	 * @param maxSeries Most series that this instance keeps; more are not shown.
	 * @param gauges How gauges of several instances become one.
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
	 * How gauges of several instances become one.
	 *
	 * @param defaultMode Mode of the gauges that nothing else is said of.
	 * @param modes Modes by name of a meter, or by prefix followed by '*'. The longest
	 * match wins.
	 */
	record Gauges(@Name("default") @DefaultValue("liveall") GaugeMode defaultMode,
			@DefaultValue Map<String, GaugeMode> modes) {
	}

}
