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

import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.web.HttpMetricsHandlerMapping;
import io.observability.internal.web.HttpMetricsWebFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Auto-configuration of the request metrics of reactive applications.
 */
@AutoConfiguration(
		afterName = { BootAutoConfigurations.COMPOSITE_REGISTRY_3, BootAutoConfigurations.COMPOSITE_REGISTRY_4 })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = { "observability.enabled", "observability.http.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HttpMetricsProperties.class)
@Import(HttpMeterNamesConfiguration.class)
public final class ReactiveHttpMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	HttpMetricsWebFilter httpMetricsWebFilter(MeterRegistry registry, HttpMetricsProperties properties,
			ApplicationContext application, ObjectProvider<WebEndpointProperties> endpoints) {
		return new HttpMetricsWebFilter(registry, properties.appName(application.getEnvironment()),
				properties.bucketBounds(),
				properties.paths(endpoints.getIfAvailable(WebEndpointProperties::new), application.getEnvironment()),
				application);
	}

	@Bean
	@ConditionalOnMissingBean
	HttpMetricsHandlerMapping httpMetricsHandlerMapping(ObjectProvider<DispatcherHandler> dispatcher) {
		return new HttpMetricsHandlerMapping(dispatcher::getIfUnique);
	}

}
