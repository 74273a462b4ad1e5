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

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.actuate.FleetEndpointWebExtension;
import io.observability.internal.actuate.FleetObserver;
import io.observability.internal.actuate.LiveFleetReader;
import io.observability.internal.actuate.LogTail;
import io.observability.internal.actuate.PageLog;
import io.observability.internal.boot4.FleetHealthContributorAutoConfiguration;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.web.HttpMetricsFilter;
import io.observability.internal.web.HttpMetricsHandlerMapping;
import io.observability.internal.web.HttpMetricsWebFilter;
import io.observability.internal.web.RequestPaths;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's own bean wins over each bean that it may replace.
 */
class ReplaceableBeansTests {

	private static final RequestPaths ALL_PATHS = new RequestPaths(List.of(), List.of());

	@TempDir
	private Path directory;

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner()
			.withInitializer(
					(context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
			.withConfiguration(
					AutoConfigurations.of(ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class,
							ScrapeEndpointAutoConfiguration.class, FleetObserverAutoConfiguration.class,
							FleetEndpointAutoConfiguration.class, FleetHealthContributorAutoConfiguration.class,
							MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							PrometheusMetricsExportAutoConfiguration.class, HealthContributorAutoConfiguration.class,
							HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=prometheus,health,fleet",
					"observability.store.directory=" + this.directory.resolve("store"));
	}

	@Test
	void meterRegistry() {
		PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		application().withBean("own", PrometheusMeterRegistry.class, () -> own)
			.run((context) -> assertOnly(context, MeterRegistry.class, own));
	}

	@Test
	void prometheusRegistry() {
		PrometheusRegistry own = new PrometheusRegistry();
		application().withBean("own", PrometheusRegistry.class, () -> own)
			.run((context) -> assertOnly(context, PrometheusRegistry.class, own));
	}

	@Test
	void scrapeEndpoint() {
		PrometheusScrapeEndpoint own = new PrometheusScrapeEndpoint(new PrometheusRegistry(), new Properties());
		application().withBean("own", PrometheusScrapeEndpoint.class, () -> own)
			.run((context) -> assertOnly(context, PrometheusScrapeEndpoint.class, own));
	}

	@Test
	void fleetEndpoint() {
		application().withUserConfiguration(OwnFleetEndpoint.class)
			.run((context) -> assertOnly(context, FleetEndpoint.class, context.getBean("own")));
	}

	@Test
	void fleetEndpointWebExtension() {
		application().withUserConfiguration(OwnFleetEndpointWebExtension.class)
			.run((context) -> assertOnly(context, FleetEndpointWebExtension.class, context.getBean("own")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "observabilityHealthIndicator", "observabilityHealthContributor" })
	void healthContributor(String name) {
		application().withBean(name, HealthIndicator.class, () -> () -> Health.unknown().build()).run((context) -> {
			assertThat(context.getBeansOfType(HealthIndicator.class).keySet())
				.filteredOn((bean) -> bean.startsWith("observability"))
				.containsExactly(name);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("observability").getStatus().getCode())
				.isEqualTo("UNKNOWN");
		});
	}

	@Test
	void requestFilter() {
		HttpMetricsFilter own = new HttpMetricsFilter(new SimpleMeterRegistry(), "own", List.of(), ALL_PATHS);
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("own", HttpMetricsFilter.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class)
				.getBean(HttpMetricsFilter.class)
				.isSameAs(own));
	}

	@Test
	void reactiveRequestFilter() {
		reactive(OwnWebFilter.class)
			.run((context) -> assertThat(context).getBean(HttpMetricsWebFilter.class).isSameAs(context.getBean("own")));
	}

	@Test
	void reactiveHandlerMapping() {
		reactive(OwnHandlerMapping.class).run((context) -> assertThat(context).getBean(HttpMetricsHandlerMapping.class)
			.isSameAs(context.getBean("own")));
	}

	private static ReactiveWebApplicationContextRunner reactive(Class<?> configuration) {
		return new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ReactiveHttpMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withUserConfiguration(configuration);
	}

	private static <T> void assertOnly(AssertableApplicationContext context, Class<T> type, Object bean) {
		assertThat(context).getBean(type).isSameAs(bean);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFleetEndpoint {

		@Bean
		FleetEndpoint own(FleetObserver observer) {
			return new FleetEndpoint(observer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFleetEndpointWebExtension {

		@Bean
		FleetEndpointWebExtension own(FleetEndpoint endpoint, FleetObserver observer) {
			return new FleetEndpointWebExtension(endpoint, new LiveFleetReader("own", observer, null,
					() -> new PageLog(new LogTail(null, StandardCharsets.UTF_8), null)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWebFilter {

		@Bean
		HttpMetricsWebFilter own(MeterRegistry registry, ApplicationContext application) {
			return new HttpMetricsWebFilter(registry, "own", List.of(), ALL_PATHS, application);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnHandlerMapping {

		@Bean
		HttpMetricsHandlerMapping own() {
			return new HttpMetricsHandlerMapping(DispatcherHandler::new);
		}

	}

}
