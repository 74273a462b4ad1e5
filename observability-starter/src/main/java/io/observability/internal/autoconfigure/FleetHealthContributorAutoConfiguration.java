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

import io.observability.internal.actuate.FleetHealthIndicator;
import io.observability.internal.actuate.FleetObserver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the health of this instance's part in the fleet.
 */
@AutoConfiguration(after = FleetObserverAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(FleetObserver.class)
@ConditionalOnEnabledHealthIndicator("observability")
public final class FleetHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "observabilityHealthIndicator", "observabilityHealthContributor" })
	FleetHealthIndicator observabilityHealthContributor(FleetObserver observer, Environment environment) {
		return new FleetHealthIndicator(ObservabilityAutoConfiguration.isEnabled(environment) ? observer : null,
				LoggingProperties.of(environment).maxBacklog().toBytes());
	}

}
