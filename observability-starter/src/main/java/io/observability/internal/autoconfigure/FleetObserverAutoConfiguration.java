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

import io.observability.internal.actuate.FleetHealth;
import io.observability.internal.actuate.FleetMeters;
import io.observability.internal.actuate.FleetObserver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the fleet's observer, which health and the starter's own metrics
 * use.
 */
@AutoConfiguration(after = { ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBean(StoreMembership.class)
public final class FleetObserverAutoConfiguration {

	/**
	 * Does not read the metrics files: readers keep their contents in memory, which only
	 * the endpoints that show them need.
	 */
	@Bean
	FleetObserver observabilityFleetObserver(StoreMembership membership, MetricsProblems problems) {
		return new FleetObserver(membership::instance, null, problems.list());
	}

	@Bean
	FleetHealth observabilityFleetHealth(FleetObserver observer, Environment environment) {
		return new FleetHealth(ObservabilityAutoConfiguration.isEnabled(environment) ? observer : null,
				LoggingProperties.of(environment).maxBacklog().toBytes());
	}

	/** Only the shared registry gives these gauges their modes, see WellKnownGauges. */
	@Bean
	FleetMeters observabilityFleetMeters(FleetObserver observer) {
		return new FleetMeters(observer);
	}

}
