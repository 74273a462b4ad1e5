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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.actuate.FleetEndpointWebExtension;
import io.observability.internal.actuate.FleetMeters;
import io.observability.internal.boot4.FleetHealthContributorAutoConfiguration;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.registry.SharedMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter's own metrics and health, by property.
 */
class FleetObserverAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
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
	void whatAllInstancesReadAlikeIsNotAddedUp() {
		runner().run((first) -> runner().run((second) -> {
			// Contexts of one process are one instance, with meters of their own.
			first.getBean(SharedMeterRegistry.class).sample();
			second.getBean(SharedMeterRegistry.class).sample();

			assertThat(scrape(first)).contains("\nobservability_instances 1.0", "\nobservability_log_backlog_bytes 0.0",
					"\nobservability_corrupt_files 0.0", "\nobservability_log_collector_lag_seconds 0.0",
					"\nobservability_archive_folds_total 0.0", "\nobservability_log_dropped_total{level=\"warn\"} 0.0");
			assertThat(scrape(first)).contains("\nobservability_scrape_seconds_count 1");
		}));
	}

	@Test
	void documentListsAllOfThem() throws IOException {
		String document = Files.readString(Path.of("..", "docs", "own-metrics.md"));
		TreeSet<String> documented = Pattern.compile("^\\| `(observability_\\w+)", Pattern.MULTILINE)
			.matcher(document)
			.results()
			.map((MatchResult result) -> result.group(1))
			.filter(FleetObserverAutoConfigurationTests::isAlwaysShown)
			.collect(Collectors.toCollection(TreeSet::new));

		runner().run((context) -> {
			scrape(context);
			TreeSet<String> shown = Pattern.compile("^# TYPE (observability_\\w+) ", Pattern.MULTILINE)
				.matcher(scrape(context))
				.results()
				.map((result) -> result.group(1))
				.filter((name) -> !name.endsWith("_max") && isAlwaysShown(name))
				.collect(Collectors.toCollection(TreeSet::new));
			assertThat(shown).isEqualTo(documented);
		});
	}

	/** Those of attached appenders are shown once this process has had such appenders. */
	private static boolean isAlwaysShown(String name) {
		return !name.startsWith("observability_log_appender_");
	}

	/** Boot orders and filters by it before it reads a class. */
	@Test
	void metadataListsAllAutoConfigurations() throws IOException {
		Properties metadata = new Properties();
		Path built = Path.of("target", "classes", "META-INF", "spring-autoconfigure-metadata.properties");
		try (InputStream file = Files.newInputStream(built)) {
			metadata.load(file);
		}
		List<String> imports = ImportCandidates.load(AutoConfiguration.class, null).getCandidates();
		assertThat(imports.stream().filter((name) -> name.startsWith("io.observability"))).hasSize(8)
			.allSatisfy((name) -> assertThat(metadata).containsKey(name));
	}

	@Test
	void healthIsAComponentThatDoesNotTakeTheInstanceOut() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		runner().run((context) -> {
			assertThat(context).hasBean("observabilityHealthContributor");
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("observability").getStatus().getCode())
				.isEqualTo("UP");
		});
		Path link = Files.createSymbolicLink(
				Files.createDirectories(this.directory.resolve(".local/state/observability")).resolve("shop"),
				file.getParent());
		assertThat(link).exists();
		runner().withSystemProperties("user.home=" + this.directory)
			.withPropertyValues("observability.store.directory=", "spring.application.name=shop")
			.run((context) -> {
				HealthEndpoint health = context.getBean(HealthEndpoint.class);
				assertThat(health.healthForPath("observability").getStatus().getCode()).isEqualTo("DEGRADED");
				assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
			});
	}

	@Test
	void healthIsSwitchedOffAsAnyOther() {
		runner().withPropertyValues("management.health.observability.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("observabilityHealthContributor"));
		runner().withPropertyValues("observability.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("observabilityHealthContributor")
				.doesNotHaveBean(FleetMeters.class));
	}

	@Test
	void endpointIsThereOnlyWhereItIsExposed() {
		runner().run((context) -> assertThat(context).hasSingleBean(FleetEndpoint.class)
			.hasSingleBean(FleetEndpointWebExtension.class));
		runner().withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(FleetEndpoint.class)
				.doesNotHaveBean(FleetEndpointWebExtension.class)
				.hasSingleBean(FleetMeters.class)
				.hasSingleBean(MeterRegistry.class));
		runner().withPropertyValues("management.endpoint.fleet.access=none")
			.run((context) -> assertThat(context).doesNotHaveBean(FleetEndpoint.class)
				.doesNotHaveBean(FleetEndpointWebExtension.class));
	}

	private static String scrape(ApplicationContext context) {
		byte[] body = context.getBean(PrometheusScrapeEndpoint.class)
			.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null)
			.getBody();
		return new String(body, StandardCharsets.UTF_8);
	}

}
