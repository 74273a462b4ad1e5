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
import io.observability.internal.web.HttpMetricsFilter;
import io.observability.internal.web.HttpMetricsInterceptor;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * Auto-configuration of the request metrics of servlet applications.
 */
@AutoConfiguration(
		afterName = { BootAutoConfigurations.COMPOSITE_REGISTRY_3, BootAutoConfigurations.COMPOSITE_REGISTRY_4 })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = { "observability.enabled", "observability.http.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(HttpMetricsProperties.class)
@Import(HttpMeterNamesConfiguration.class)
public final class HttpMetricsAutoConfiguration {

	/** Directly before Boot's own observation filter. */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

	@Bean
	@ConditionalOnMissingBean(value = HttpMetricsFilter.class, parameterizedContainer = FilterRegistrationBean.class)
	FilterRegistrationBean<HttpMetricsFilter> httpMetricsFilter(MeterRegistry registry,
			HttpMetricsProperties properties, Environment environment,
			ObjectProvider<WebEndpointProperties> endpoints) {
		HttpMetricsFilter filter = new HttpMetricsFilter(registry, properties.appName(environment),
				properties.bucketBounds(),
				properties.paths(endpoints.getIfAvailable(WebEndpointProperties::new), environment));
		FilterRegistrationBean<HttpMetricsFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		registration.setOrder(ORDER);
		return registration;
	}

	/** Every handler mapping uses beans of this type. */
	@Bean
	MappedInterceptor httpMetricsInterceptor() {
		return new MappedInterceptor(null, new HttpMetricsInterceptor());
	}

}
