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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.actuate.Fleet;
import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.boot4.FleetHealthContributorAutoConfiguration;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.registry.SharedMeterRegistry;
import io.observability.internal.web.HttpMetricsFilter;
import io.observability.testing.SmallDisk;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.Filter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What can't be shown, or not as it should be, is reported: in the log once, by the fleet
 * endpoint, in health, and in a metric.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReportedProblemsTests {

	@TempDir
	private Path directory;

	private WebApplicationContextRunner runner(Path store) {
		return new WebApplicationContextRunner()
			.withInitializer(
					(context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
			.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class,
					MergedMetricsAutoConfiguration.class, ScrapeEndpointAutoConfiguration.class,
					FleetObserverAutoConfiguration.class, FleetEndpointAutoConfiguration.class,
					FleetHealthContributorAutoConfiguration.class, HttpMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					PrometheusMetricsExportAutoConfiguration.class, HealthContributorAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=prometheus,health,fleet",
					"management.endpoint.health.show-details=always", "observability.store.directory=" + store);
	}

	private WebApplicationContextRunner runner() {
		return runner(this.directory.resolve("store"));
	}

	@Test
	void requestsAreNotMixedWithAnApplicationsOwnCounter(CapturedOutput output) {
		runner().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			registry.counter("http.requests", "shop", "north").increment(7);
			registry.counter("http.requests", "shop", "south").increment(8);
			request(context);

			assertThat(scrape(context).lines().filter((line) -> line.startsWith("http_requests_total"))).singleElement()
				.asString()
				.startsWith("http_requests_total{app_name=\"application\",")
				.endsWith(" 1.0");
			assertThat(scrape(context)).contains("exported_http_requests_total{shop=\"north\"} 7.0",
					"exported_http_requests_total{shop=\"south\"} 8.0");
			assertReported(context, "http.requests");
		});
		assertThat(output).containsOnlyOnce("metric=http.requests");
	}

	@Test
	void collectorsAreNotMixedWithTheStartersOwnMetrics(CapturedOutput output) {
		runner().run((context) -> {
			PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
			Counter.builder().name("http_requests_total").withoutExemplars().register(registry).inc(7);
			Counter.builder().name("observability_archive_folds").withoutExemplars().register(registry).inc(8);
			Counter.builder().name("https_requests").withoutExemplars().register(registry).inc(9);
			request(context);

			assertThat(scrape(context).lines().filter((line) -> line.startsWith("http_requests_total"))).singleElement()
				.asString()
				.startsWith("http_requests_total{app_name=\"application\",")
				.endsWith(" 1.0");
			assertThat(scrape(context)).contains("\nexported_http_requests_total 7.0",
					"\nexported_observability_archive_folds_total 8.0", "\nobservability_archive_folds_total 0.0",
					"\nhttps_requests_total 9.0");
			assertReported(context, "http_requests");
			assertReported(context, "observability_archive_folds");
		});
		assertThat(output).containsOnlyOnce("metric=http_requests")
			.containsOnlyOnce("metric=observability_archive_folds");
		runner().withPropertyValues("observability.http.enabled=false").run((context) -> {
			Counter.builder()
				.name("http_requests")
				.withoutExemplars()
				.register(context.getBean(PrometheusRegistry.class))
				.inc(7);
			assertThat(scrape(context)).contains("\nhttp_requests_total 7.0");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http.requests", "http.request.latency", "http.requests.in.progress" })
	void requestsAreCountedThoughAnApplicationHasTheirNames(String name) {
		runner().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Gauge.builder(name, () -> 7).tag("a", "gauge").register(registry);
			registry.summary(name, "b", "summary").record(3);
			registry.timer(name, "c", "timer");
			registry.counter(name.replace('.', '_') + "_total");
			request(context);

			assertThat(scrape(context)).contains("\n# TYPE http_requests_total counter",
					"\nhttp_requests_total{app_name=\"application\",",
					"\n# TYPE http_request_latency_seconds histogram");
			assertReported(context, name);
		});
	}

	@Test
	void namesAreTheApplicationsWithoutTheRequestFilter() {
		runner().withPropertyValues("observability.http.enabled=false").run((context) -> {
			context.getBean(MeterRegistry.class).counter("http.requests").increment(7);

			assertThat(scrape(context)).contains("\nhttp_requests_total 7.0");
			assertThat(fleet(context).problems()).isEmpty();
		});
	}

	@Test
	void meterThatIsNotExposedIsReportedUntilItIsRemoved(CapturedOutput output) {
		runner().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Gauge.builder("shop.size", () -> 1).register(registry);
			Meter unexposed = registry.counter("shop_size");

			assertThat(scrape(context)).contains("\nshop_size{instance_id=\"0\"} 1.0")
				.doesNotContain("shop_size_total");
			assertReported(context, "shop_size");
			registry.remove(unexposed);
			assertThat(fleet(context).problems()).isEmpty();
			assertThat(health(context).getStatus().getCode()).isEqualTo("UP");
		});
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN") && line.contains("shop_size")))
			.singleElement()
			.asString()
			.contains("meter is not exposed; rename it or the other one");
	}

	@Test
	void metricWhoseNameAnotherHasIsReported() {
		runner().run((context) -> {
			context.getBean(MeterRegistry.class).gauge("slow.seconds.count", 7);
			context.getBean(MeterRegistry.class).timer("slow");

			assertThat(scrape(context)).contains("\nslow_seconds_count{instance_id=\"0\"} 7.0");
			assertReported(context, "slow_seconds");
		});
	}

	@Test
	void collectorThatIsAddedUpWithAMeterIsReported() {
		runner().run((context) -> {
			context.getBean(MeterRegistry.class).counter("letters").increment();
			Counter.builder()
				.name("letters")
				.withoutExemplars()
				.register(context.getBean(PrometheusRegistry.class))
				.inc(2);

			assertThat(scrape(context)).contains("\nletters_total 3.0");
			assertReported(context, "letters");
		});
	}

	@Test
	void meterThatIsOfAnotherKindInANewVersionIsNotReported() {
		runner().run((context) -> context.getBean(MeterRegistry.class).counter("letters").increment());
		runner().run((context) -> {
			FunctionCounter.builder("letters", this, (source) -> 2).register(context.getBean(MeterRegistry.class));
			context.getBean(SharedMeterRegistry.class).sample();
			Awaitility.await().untilAsserted(() -> {
				assertThat(scrape(context)).contains("\nletters_total 3.0", "\nobservability_archive_folds_total 1.0");
				assertThat(context.getBean(MetricsProblems.class).list().byMetric()).isEmpty();
			});
		});
	}

	@Test
	void tooManySeriesAreReported() {
		runner().withPropertyValues("observability.metrics.max-series=1").run((context) -> {
			context.getBean(MeterRegistry.class).counter("orders");

			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			assertThat(health(context).getDetails().get("problems").toString()).contains("too many series", "limit=1");
		});
	}

	@Test
	void instanceIdOfAnotherInstanceIsReported() {
		runner().withPropertyValues("observability.instance.id=blue").run((first) -> {
			Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory);
			runner(link.resolve("store")).withPropertyValues("observability.instance.id=blue").run((second) -> {
				Gauge.builder("size", () -> 1).register(first.getBean(MeterRegistry.class));
				Gauge.builder("size", () -> 2).register(second.getBean(MeterRegistry.class));

				scrape(first);
				assertThat(scrape(second)).contains("\nsize{instance_id=\"blue\"} 1.0",
						"\nsize{instance_id=\"blue-1\"} 2.0");
				assertThat(fleet(first).problems()).isEmpty();
				assertThat(fleet(second).problems().values()).singleElement()
					.asString()
					.contains("instance id is not the configured one", "observability.instance.id=blue, used=blue-1");
				assertThat(health(second).getStatus().getCode()).isEqualTo("DEGRADED");
			});
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "4m", "4m,nr_inodes=6" })
	void diskThatIsFullAtTheStartDoesNotFailIt(String options, CapturedOutput output) throws IOException {
		try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(this.directory.resolve("disk")), options)) {
			assumeThat(disk).as("needs the rights of root").isNotNull();
			// There was an instance before. (To the lock, a path below /proc is one of a
			// file.)
			Path slot = Files.createDirectories(disk.path().resolve("store/slots/0"));
			Files.createFile(slot.resolve("lock"));
			disk.fill();
			runner(disk.path().resolve("store")).withPropertyValues("observability.metrics.sample-interval=50ms")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					context.getBean(MeterRegistry.class).counter("orders").increment();
					assertThat(scrape(context)).contains("\norders_total 1.0");
					assertThat(fleet(context).problems().keySet())
						.containsExactly(disk.path().resolve("store").toString());
					assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
					if (!options.contains("inodes")) {
						disk.free();
						Awaitility.await()
							.untilAsserted(() -> assertThat(health(context).getStatus().getCode()).isEqualTo("UP"));
						assertThat(scrape(context)).contains("\norders_total 1.0");
					}
				});
			assertThat(output).containsOnlyOnce("store directory can't be used, this instance shows");
			if (!options.contains("inodes")) {
				runner(disk.path().resolve("store")).run((context) -> {
					assertThat(fleet(context).problems()).isEmpty();
					assertThat(health(context).getStatus().getCode()).isEqualTo("UP");
				});
			}
		}
	}

	/** As the kernel mounts it again after errors of the disk. */
	@Test
	void diskThatIsReadOnlyDoesNotFailTheStart() throws Exception {
		String disk = Files.createDirectory(this.directory.resolve("disk")).toString();
		assumeThat(run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", disk)).as("needs the rights of root").isZero();
		try {
			runner(Path.of(disk, "store")).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			});
		}
		finally {
			run("umount", disk);
		}
	}

	private static int run(String... command) throws Exception {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
	}

	@Test
	void whatTheWorldHasPutIntoAStoreDoesNotFailTheStart() throws IOException {
		Path store = this.directory.resolve("store");
		Files.createDirectories(store.resolve("slots"));
		Files.createFile(store.resolve("slots/0"));
		Files.createFile(store.resolve("archive"));
		Files.createDirectories(store.resolve("slots/1/lock/content"));
		runner(store).run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(MeterRegistry.class).counter("orders").increment();
			assertThat(scrape(context)).contains("\norders_total 1.0");
			assertThat(fleet(context).instances()).extracting(Fleet.Member::slot).containsExactly(1);
			assertThat(fleet(context).problems()).containsOnlyKeys(store.resolve("slots/0").toString());
		});
	}

	@Test
	void wrongDirectoryFailsTheStart() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory);
		Path slotsIsAFile = Files.createDirectory(this.directory.resolve("store-of-another-kind"));
		Files.createFile(slotsIsAFile.resolve("slots"));
		for (Path wrong : Stream
			.of(file, file.resolve("store"), link, slotsIsAFile, this.directory.resolve("x".repeat(300)),
					Path.of("/proc/self/store"))
			.toList()) {
			runner(wrong).run((context) -> assertThat(context).as(wrong.toString())
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class));
		}
	}

	private static void assertReported(AssertableWebApplicationContext context, String metric) {
		assertThat(fleet(context).problems()).containsKey("metric " + metric);
		assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
		assertThat(health(context).getDetails().get("problems").toString()).contains("metric " + metric + "=");
	}

	private static void request(ApplicationContext context) throws Exception {
		Filter filter = context.getBean(FilterRegistrationBean.class).getFilter();
		assertThat(filter).isInstanceOf(HttpMetricsFilter.class);
		filter.doFilter(new MockHttpServletRequest("GET", "/orders"), new MockHttpServletResponse(),
				new MockFilterChain());
	}

	private static Fleet fleet(ApplicationContext context) {
		return context.getBean(FleetEndpoint.class).fleet();
	}

	private static IndicatedHealthDescriptor health(ApplicationContext context) {
		return (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath("observability");
	}

	private static String scrape(ApplicationContext context) {
		byte[] body = context.getBean(PrometheusScrapeEndpoint.class)
			.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null)
			.getBody();
		return new String(body, StandardCharsets.UTF_8);
	}

}
