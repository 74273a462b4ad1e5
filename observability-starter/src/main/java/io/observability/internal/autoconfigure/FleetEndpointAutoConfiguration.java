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

import java.util.List;

import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.actuate.FleetEndpointWebExtension;
import io.observability.internal.actuate.FleetObserver;
import io.observability.internal.actuate.FleetPage;
import io.observability.internal.actuate.LiveFleetReader;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.web.RequestPaths;
import io.observability.internal.web.ResponseHeadersInterceptor;
import io.observability.internal.web.ResponseHeadersWebFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

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

	/** Path patterns of the page and of what it requests. */
	private static List<String> paths(WebEndpointProperties endpoints) {
		String path = HttpMetricsProperties.path(endpoints, "fleet");
		return List.of(path, path + "/**");
	}

	/** Every handler mapping uses interceptor beans, also one of the management port. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(DispatcherServlet.class)
	static class ServletHeadersConfiguration {

		@Bean
		MappedInterceptor observabilityFleetHeaders(ObjectProvider<WebEndpointProperties> endpoints) {
			return new MappedInterceptor(
					paths(endpoints.getIfAvailable(WebEndpointProperties::new)).toArray(String[]::new),
					new ResponseHeadersInterceptor(FleetPage.HEADERS));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(DispatcherHandler.class)
	static class ReactiveHeadersConfiguration {

		@Bean
		ResponseHeadersWebFilter observabilityFleetHeaders(ObjectProvider<WebEndpointProperties> endpoints) {
			List<PathPattern> patterns = paths(endpoints.getIfAvailable(WebEndpointProperties::new)).stream()
				.map(PathPatternParser.defaultInstance::parse)
				.toList();
			return new ResponseHeadersWebFilter(new RequestPaths(patterns, List.of()), FleetPage.HEADERS);
		}

	}

}
