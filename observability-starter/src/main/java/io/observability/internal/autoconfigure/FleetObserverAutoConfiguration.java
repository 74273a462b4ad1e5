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

import io.observability.internal.actuate.FleetMeters;
import io.observability.internal.actuate.FleetObserver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what looks at the fleet for health and for the starter's own
 * metrics.
 */
@AutoConfiguration(after = { ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBean(StoreMembership.class)
public final class FleetObserverAutoConfiguration {

	/**
	 * Does not look at the metrics files: they are for those to read, and to keep in
	 * memory, who are asked for what is in them.
	 */
	@Bean
	FleetObserver observabilityFleetObserver(StoreMembership membership,
			ObjectProvider<MergedMetricsAutoConfiguration.MetricsProblems> problems) {
		MergedMetricsAutoConfiguration.MetricsProblems found = problems.getIfAvailable();
		return new FleetObserver(membership.instance(), null, (found != null) ? found.list() : null);
	}

	/** Has the right gauge modes in the shared registry only: see WellKnownGauges. */
	@Bean
	FleetMeters observabilityFleetMeters(FleetObserver observer) {
		return new FleetMeters(observer);
	}

}
