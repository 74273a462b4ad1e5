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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observability.internal.web.HttpMetricsFilter;
import io.observability.internal.web.HttpMetricsInterceptor;
import io.observability.internal.web.RequestPaths;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.handler.MappedInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link HttpMetricsAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HttpMetricsAutoConfigurationTests {

	@TempDir
	private Path store;

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void registersFilterForTheRequestDispatchAroundAllOthers() {
		this.servlet.run((context) -> {
			FilterRegistrationBean<?> registration = context.getBean(FilterRegistrationBean.class);
			assertThat(registration.getFilter()).isInstanceOf(HttpMetricsFilter.class);
			assertThat(registration.determineDispatcherTypes()).containsOnly(DispatcherType.REQUEST);
			assertThat(registration.getOrder()).isEqualTo(Integer.MIN_VALUE);
			assertThat(context.getBean(MappedInterceptor.class).getInterceptor())
				.isInstanceOf(HttpMetricsInterceptor.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "observability.enabled=false", "observability.http.enabled=false" })
	void backsOffWhenSwitchedOff(String property) {
		this.servlet.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HttpMetricsAutoConfiguration.class));
	}

	@Test
	void backsOffWithoutMeterRegistry() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HttpMetricsAutoConfiguration.class));
	}

	@Test
	void leavesTheApplicationItsOwnFilter() {
		HttpMetricsFilter own = new HttpMetricsFilter(new SimpleMeterRegistry(), "own", List.of(),
				new RequestPaths(List.of(), List.of()));
		this.servlet.withBean(HttpMetricsFilter.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(HttpMetricsFilter.class)
				.doesNotHaveBean(FilterRegistrationBean.class)
				.hasSingleBean(MappedInterceptor.class));
	}

	@Test
	void backsOffInReactiveApplicationWithoutServletClasses() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web.servlet"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HttpMetricsAutoConfiguration.class));
	}

	@Test
	void backsOffInApplicationWithoutWebClasses() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(HttpMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HttpMetricsAutoConfiguration.class));
	}

	@Test
	void appNameIsThePropertyOrTheNameOfTheApplication() {
		this.servlet.run((context) -> assertThat(timer(context).getId().getTag("app_name")).isEqualTo("application"));
		this.servlet.withPropertyValues("spring.application.name=shop")
			.run((context) -> assertThat(timer(context).getId().getTag("app_name")).isEqualTo("shop"));
		this.servlet.withPropertyValues("spring.application.name=shop", "observability.http.app-name=till")
			.run((context) -> assertThat(timer(context).getId().getTag("app_name")).isEqualTo("till"));
	}

	@Test
	void bucketsAreThoseOfPythonsClientByDefault() {
		this.servlet.run((context) -> assertThat(buckets(context)).containsExactly(.005, .01, .025, .05, .075, .1, .25,
				.5, .75, 1.0, 2.5, 5.0, 7.5, 10.0));
	}

	@Test
	void bucketsCanBeSet() {
		this.servlet.withPropertyValues("observability.http.buckets=0.1,1,60")
			.run((context) -> assertThat(buckets(context)).containsExactly(0.1, 1.0, 60.0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1,1", "1,1", "1,0.5", "NaN", "Infinity", "1e300", "1e-12", "" })
	void bucketsThatMakeNoSenseFailTheStart(String buckets) {
		this.servlet.withPropertyValues("observability.http.buckets=" + buckets)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageStartingWith("invalid property: observability.http.buckets=["));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			include | /api/{        | /api/{
			include | api/**        | api/**
			exclude | /ok,/**/{     | /**/{
			""")
	void patternsThatMakeNoSenseFailTheStart(String property, String patterns, String wrong) {
		this.servlet.withPropertyValues("observability.http." + property + "=" + patterns)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessage("invalid property: observability.http." + property + "=" + wrong));
	}

	@Test
	void failedStartNamesPropertyValueAndRemedy(CapturedOutput output) {
		assertThatThrownBy(() -> SpringApplication.run(TestApplication.class, "--server.port=0",
				"--observability.store.directory=" + this.store, "--observability.http.buckets=1,0.5"))
			.hasRootCauseInstanceOf(InvalidPropertyException.class);
		assertThat(output).contains("The value of the property 'observability.http.buckets' is not valid: '[1.0, 0.5]'")
			.contains("Give the upper bounds of the buckets in seconds");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/prometheus", "/manage/scrape" })
	void exposesTheContractsNamesAndDoesNotCountTheScrape(String scrape) throws Exception {
		String base = scrape.substring(0, scrape.lastIndexOf('/'));
		try (ServletWebServerApplicationContext application = (ServletWebServerApplicationContext) SpringApplication
			.run(TestApplication.class, "--server.port=0", "--spring.application.name=shop",
					"--observability.store.directory=" + this.store, "--management.endpoints.web.exposure.include=*",
					"--management.endpoints.web.base-path=" + base,
					"--management.endpoints.web.path-mapping.prometheus=" + scrape.substring(base.length() + 1))) {
			assertThat(get(application, "/nothing").statusCode()).isEqualTo(404);
			assertThat(get(application, scrape).statusCode()).isEqualTo(200);
			assertThat(get(application, base + "/metrics/http.requests").statusCode()).isEqualTo(200);
			assertThat(get(application, scrape).body()).contains(
					"http_requests_total{app_name=\"shop\",endpoint=\"UNMATCHED\",http_status=\"404\",method=\"GET\"} 1.0",
					"http_requests_total{app_name=\"shop\",endpoint=\"" + base
							+ "/metrics/{requiredMetricName}\",http_status=\"200\",method=\"GET\"} 1.0",
					"# TYPE http_request_latency_seconds histogram",
					"http_request_latency_seconds_bucket{app_name=\"shop\",endpoint=\"UNMATCHED\",le=\"0.005\"}",
					"http_request_latency_seconds_bucket{app_name=\"shop\",endpoint=\"UNMATCHED\",le=\"+Inf\"} 1",
					"http_request_latency_seconds_count{app_name=\"shop\",endpoint=\"UNMATCHED\"} 1",
					"# TYPE http_requests_in_progress gauge", "http_requests_in_progress{app_name=\"shop\",endpoint=\"")
				.doesNotContain("endpoint=\"" + scrape + "\"");
		}
	}

	@Test
	void scrapeIsCountedIfNothingIsExcluded() throws Exception {
		try (ServletWebServerApplicationContext application = (ServletWebServerApplicationContext) SpringApplication
			.run(TestApplication.class, "--server.port=0", "--observability.store.directory=" + this.store,
					"--management.endpoints.web.exposure.include=*", "--observability.http.exclude=")) {
			get(application, "/actuator/prometheus");
			assertThat(get(application, "/actuator/prometheus").body())
				.contains("endpoint=\"/actuator/prometheus\",http_status=\"200\",method=\"GET\"} 1.0");
		}
	}

	@Test
	void excludesAndIncludesByPath() throws Exception {
		try (ServletWebServerApplicationContext application = (ServletWebServerApplicationContext) SpringApplication
			.run(TestApplication.class, "--server.port=0", "--server.servlet.context-path=/shop",
					"--observability.store.directory=" + this.store, "--management.endpoints.web.exposure.include=*",
					"--observability.http.include=/api/**", "--observability.http.exclude=/api/internal")) {
			get(application, "/shop/other");
			get(application, "/shop/api/internal");
			get(application, "/shop/api/items");
			assertThat(get(application, "/shop/actuator/prometheus").body()).containsOnlyOnce("http_requests_total{")
				.contains("endpoint=\"UNMATCHED\",http_status=\"404\",method=\"GET\"} 1.0");
		}
	}

	private static HttpResponse<String> get(ServletWebServerApplicationContext application, String path)
			throws Exception {
		URI uri = URI.create("http://localhost:" + application.getWebServer().getPort() + path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
	}

	private static List<Double> buckets(ApplicationContext context) throws Exception {
		return Stream.of(timer(context).takeSnapshot().histogramCounts())
			.map((bucket) -> bucket.bucket(TimeUnit.SECONDS))
			.toList();
	}

	private static Timer timer(ApplicationContext context) throws Exception {
		Filter filter = context.getBean(FilterRegistrationBean.class).getFilter();
		filter.doFilter(new MockHttpServletRequest(), new MockHttpServletResponse(), new MockFilterChain());
		return context.getBean(MeterRegistry.class).get("http.request.latency").timer();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

	}

}
