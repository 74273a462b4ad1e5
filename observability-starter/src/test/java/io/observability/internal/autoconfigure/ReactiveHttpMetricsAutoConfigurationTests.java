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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observability.internal.web.HttpMetricsHandlerMapping;
import io.observability.internal.web.HttpMetricsWebFilter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactiveHttpMetricsAutoConfiguration}.
 */
class ReactiveHttpMetricsAutoConfigurationTests {

	@TempDir
	private Path store;

	private final ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(HttpMetricsAutoConfiguration.class, ReactiveHttpMetricsAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void makesFilterAndMappingWithoutServletClasses() {
		this.reactive.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web.servlet"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(HttpMetricsWebFilter.class)
				.hasSingleBean(HttpMetricsHandlerMapping.class));
	}

	@Test
	void backsOffInServletApplicationWithoutReactiveClasses() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class,
					ReactiveHttpMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams",
					"org.springframework.web.reactive", "org.springframework.web.server"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(HttpMetricsAutoConfiguration.class)
				.doesNotHaveBean(ReactiveHttpMetricsAutoConfiguration.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "observability.enabled=false", "observability.http.enabled=false" })
	void backsOffWhenSwitchedOff(String property) {
		this.reactive.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ReactiveHttpMetricsAutoConfiguration.class));
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/prometheus, ''", "/manage/scrape, ''", "/actuator/prometheus, /context" })
	void exposesTheContractsNamesAndDoesNotCountTheScrape(String scrape, String contextPath) throws Exception {
		String base = scrape.substring(0, scrape.lastIndexOf('/'));
		try (ReactiveWebServerApplicationContext application = start("--spring.application.name=shop",
				"--spring.webflux.base-path=" + contextPath, "--management.endpoints.web.base-path=" + base,
				"--management.endpoints.web.path-mapping.prometheus=" + scrape.substring(base.length() + 1))) {
			int port = application.getWebServer().getPort();
			assertThat(get(port, contextPath + "/nothing").statusCode()).isEqualTo(404);
			assertThat(get(port, contextPath + scrape).statusCode()).isEqualTo(200);
			assertThat(get(port, contextPath + base + "/metrics/http.requests").statusCode()).isEqualTo(200);
			awaitScrape(port, contextPath + scrape, (body) -> assertThat(body).contains(
					"http_requests_total{app_name=\"shop\",endpoint=\"UNMATCHED\",http_status=\"404\",method=\"GET\"} 1.0",
					"http_requests_total{app_name=\"shop\",endpoint=\"" + base
							+ "/metrics/{requiredMetricName}\",http_status=\"200\",method=\"GET\"} 1.0",
					"http_request_latency_seconds_bucket{app_name=\"shop\",endpoint=\"UNMATCHED\",le=\"+Inf\"} 1",
					"# TYPE http_requests_in_progress gauge")
				.doesNotContain("endpoint=\"" + scrape + "\""));
		}
	}

	@Test
	void managementPortOfItsOwnWorksAndIsNotCounted() throws Exception {
		try (ReactiveWebServerApplicationContext application = start("--management.server.port=0")) {
			assertThat(get(application.getWebServer().getPort(), "/nothing").statusCode()).isEqualTo(404);
			int port = application.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
			assertThat(get(port, "/actuator/fleet").statusCode()).isEqualTo(200);
			awaitScrape(port, "/actuator/prometheus",
					(body) -> assertThat(body).containsOnlyOnce("http_requests_total{")
						.contains("endpoint=\"UNMATCHED\",http_status=\"404\",method=\"GET\"} 1.0"));
		}
	}

	@Test
	void excludesAndIncludesByPath() throws Exception {
		try (ReactiveWebServerApplicationContext application = start("--observability.http.include=/api/**",
				"--observability.http.exclude=/api/internal")) {
			int port = application.getWebServer().getPort();
			get(port, "/other");
			get(port, "/api/internal");
			get(port, "/api/items");
			awaitScrape(port, "/actuator/prometheus",
					(body) -> assertThat(body).containsOnlyOnce("http_requests_total{")
						.contains("endpoint=\"UNMATCHED\",http_status=\"404\",method=\"GET\"} 1.0"));
		}
	}

	private ReactiveWebServerApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(TestApplication.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		List<String> arguments = new ArrayList<>(List.of("--server.port=0",
				"--observability.store.directory=" + this.store, "--management.endpoints.web.exposure.include=*"));
		arguments.addAll(List.of(properties));
		return (ReactiveWebServerApplicationContext) application.run(arguments.toArray(String[]::new));
	}

	/**
	 * A request is counted when its response has been written, which its client may see
	 * before.
	 */
	private static void awaitScrape(int port, String path, Consumer<String> assertion) {
		Awaitility.await().untilAsserted(() -> assertion.accept(get(port, path).body()));
	}

	private static HttpResponse<String> get(int port, String path) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

	}

}
