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

import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.actuate.FleetEndpointWebExtension;
import io.observability.internal.actuate.FleetObserver;
import io.observability.internal.actuate.LiveFleetReader;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.MetricsSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the fleet endpoint and its page.
 */
@AutoConfiguration(after = { FleetObserverAutoConfiguration.class, MergedMetricsAutoConfiguration.class })
@ConditionalOnBean(FleetObserver.class)
@ConditionalOnAvailableEndpoint(FleetEndpoint.class)
public final class FleetEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	FleetEndpoint fleetEndpoint(StoreMembership membership, ObjectProvider<MetricsSource> metrics,
			MetricsProblems problems) {
		return new FleetEndpoint(new FleetObserver(membership::instance,
				(metrics.getIfAvailable() instanceof FleetMetrics fleet) ? fleet : null, problems.list()));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = FleetEndpoint.class, exposure = EndpointExposure.WEB)
	FleetEndpointWebExtension fleetEndpointWebExtension(FleetEndpoint endpoint, FleetObserver observer,
			ObjectProvider<MetricsSource> metrics, Environment environment) {
		String application = environment.getProperty("spring.application.name", "application");
		return new FleetEndpointWebExtension(endpoint,
				new LiveFleetReader(application, observer, metrics.getIfAvailable(), PageLogSource.of(environment)));
	}

}
