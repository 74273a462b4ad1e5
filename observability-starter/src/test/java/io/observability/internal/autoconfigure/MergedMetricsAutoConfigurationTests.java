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
import java.util.Set;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.registry.SharedMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application gets by the starter, by property.
 */
@ExtendWith(OutputCaptureExtension.class)
class MergedMetricsAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class,
					MergedMetricsAutoConfiguration.class, ScrapeEndpointAutoConfiguration.class,
					FleetObserverAutoConfiguration.class, FleetEndpointAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, PrometheusMetricsExportAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=prometheus,fleet");
	}

	private ApplicationContextRunner runnerWithStore() {
		return runner().withPropertyValues("observability.store.directory=" + store());
	}

	private Path store() {
		return this.directory.resolve("store");
	}

	@Test
	void theSharedRegistryIsTheOnlyOne() {
		runnerWithStore().run((context) -> {
			assertThat(context).hasSingleBean(MeterRegistry.class);
			assertThat(context.getBean(PrometheusMeterRegistry.class)).isInstanceOf(SharedMeterRegistry.class);
			assertThat(context).hasSingleBean(PrometheusRegistry.class).hasSingleBean(FleetEndpoint.class);
		});
	}

	@Test
	void twoContextsShowEachOthersMeters() {
		runnerWithStore().run((first) -> runnerWithStore().run((second) -> {
			first.getBean(MeterRegistry.class).counter("orders").increment(2);
			second.getBean(MeterRegistry.class).counter("orders").increment(3);

			assertThat(scrape(first)).contains("orders_total 5.0");
			assertThat(scrape(second)).contains("orders_total 5.0");
		}));
	}

	@Test
	void whatAnEndedContextCountedStays() {
		runnerWithStore().run((context) -> context.getBean(MeterRegistry.class).counter("orders").increment(2));

		runnerWithStore().run((context) -> {
			context.getBean(MeterRegistry.class).counter("orders").increment(3);
			assertThat(scrape(context)).contains("orders_total 5.0");
		});
	}

	@Test
	void includedNamesAreThoseShownOrThoseOfTheMetric() {
		runnerWithStore().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			registry.counter("orders").increment();
			registry.counter("returns").increment();

			assertThat(scrape(context, "orders_total")).contains("orders_total 1.0").doesNotContain("returns");
			assertThat(scrape(context, "orders")).contains("orders_total 1.0").doesNotContain("returns");
		});
	}

	@Test
	void theRegistryItselfShowsThisInstanceAlone() {
		runnerWithStore().run((first) -> runnerWithStore().run((second) -> {
			first.getBean(MeterRegistry.class).counter("orders").increment(2);
			second.getBean(MeterRegistry.class).counter("orders").increment(3);

			assertThat(first.getBean(PrometheusMeterRegistry.class).scrape()).contains("orders_total 2.0");
		}));
	}

	@Test
	void twoContextsShowEachOthersCollectors() {
		runnerWithStore().run((first) -> runnerWithStore().run((second) -> {
			count(first, 2);
			count(second, 3);

			// Each has been scraped once, and so has told what it has.
			assertThat(scrape(first)).contains("letters_total ");
			assertThat(scrape(second)).contains("letters_total 5.0");
			assertThat(scrape(first)).contains("letters_total 5.0");
			assertThat(first.getBean(PrometheusMeterRegistry.class).scrape()).contains("letters_total 2.0");
		}));
	}

	private static void count(ApplicationContext context, int letters) {
		Counter.builder()
			.name("letters")
			.withoutExemplars()
			.register(context.getBean(PrometheusRegistry.class))
			.inc(letters);
	}

	@Test
	void collectorsOnARegistryOfTheApplicationAreMerged() {
		runnerWithStore().withBean(PrometheusRegistry.class, PrometheusRegistry::new).run((context) -> {
			count(context, 2);
			assertThat(scrape(context)).contains("letters_total 2.0");
		});
	}

	@Test
	void gaugesMergeAsConfigured() {
		ApplicationContextRunner configured = runnerWithStore().withPropertyValues(
				"observability.metrics.gauges.default=livemax", "observability.metrics.gauges.modes.queue.*=livesum",
				"observability.metrics.gauges.modes.queue.size.max=livemin", "observability.instance.label=worker",
				"observability.metrics.gauges.modes.own=liveall");
		configured.run((first) -> configured.run((second) -> {
			registerGauges(first, 4);
			registerGauges(second, 5);

			// Two contexts of one process are one instance, so both have its name.
			assertThat(scrape(first)).contains("any 5.0", "queue_size 9.0", "queue_size_max 4.0", "own{worker=\"0\"} ");
		}));
	}

	private static void registerGauges(ApplicationContext context, int value) {
		SharedMeterRegistry registry = context.getBean(SharedMeterRegistry.class);
		for (String name : new String[] { "any", "queue.size", "queue.size.max", "own" }) {
			Gauge.builder(name, () -> value).register(registry);
		}
		registry.sample();
	}

	@Test
	void anInstanceHasTheNameThatItIsGiven() {
		runnerWithStore().withPropertyValues("observability.instance.id=blue").run((context) -> {
			registerGauges(context, 4);
			assertThat(scrape(context)).contains("any{instance_id=\"blue\"} 4.0");
		});
	}

	@Test
	void nothingIsThereWhenSwitchedOff() {
		runnerWithStore().withPropertyValues("observability.enabled=false").run((context) -> {
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> isOurs(context, name));
			assertThat(context.getBean(PrometheusMeterRegistry.class)).isNotInstanceOf(SharedMeterRegistry.class);
			assertThat(store()).doesNotExist();
			assertThat(ourThreads()).isEmpty();
		});
	}

	@Test
	void bootsOwnRegistryIsThereWhenMetricsAreSwitchedOff() {
		runnerWithStore().withPropertyValues("observability.metrics.enabled=false").run((context) -> {
			assertThat(context.getBean(PrometheusMeterRegistry.class)).isNotInstanceOf(SharedMeterRegistry.class);
			assertThat(context).hasSingleBean(FleetEndpoint.class);
		});
	}

	@Test
	void noThreadAndNoLockOutlivesTheContext() throws IOException {
		runnerWithStore().run((context) -> {
			assertThat(ourThreads()).isNotEmpty();
			assertThat(ProcessLock.isHeld(store().resolve("slots/0/lock"))).isTrue();
		});

		await().untilAsserted(() -> assertThat(ourThreads()).isEmpty());
		assertThat(ProcessLock.isHeld(store().resolve("slots/0/lock"))).isFalse();
	}

	@Test
	void aRegistryOfTheApplicationIsLeftAlone() {
		runnerWithStore()
			.withBean(PrometheusMeterRegistry.class,
					() -> new PrometheusMeterRegistry(io.micrometer.prometheusmetrics.PrometheusConfig.DEFAULT))
			.run((context) -> assertThat(context).doesNotHaveBean(SharedMeterRegistry.class)
				.hasSingleBean(PrometheusMeterRegistry.class));
	}

	@Test
	void anUnknownGaugeModeFailsTheStart() {
		runnerWithStore().withPropertyValues("observability.metrics.gauges.modes.orders=average")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("GaugeMode")
				.hasMessageContaining("average"));
	}

	@Test
	void aNonsensicalSampleIntervalFailsTheStart() {
		runnerWithStore().withPropertyValues("observability.metrics.sample-interval=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("observability.metrics.sample-interval"));
	}

	@Test
	void aConfiguredDirectoryThatCannotBeUsedFailsTheStart() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		runner().withPropertyValues("observability.store.directory=" + file.resolve("store"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidPropertyException.class, (ex) -> {
					assertThat(ex.getProperty()).isEqualTo("observability.store.directory");
					assertThat(ex.getValue()).isEqualTo(file.resolve("store").toString());
					assertThat(ex.getRemedy()).contains("Give a folder");
				}));
	}

	@Test
	void withoutAnyPropertyAnInstanceIsAFleetOfItsOwn() {
		runner().withSystemProperties("user.home=" + this.directory).run((context) -> {
			context.getBean(MeterRegistry.class).counter("orders").increment(2);
			assertThat(scrape(context)).contains("orders_total 2.0");
			assertThat(context.getBean(FleetEndpoint.class).fleet().instances()).singleElement()
				.satisfies((self) -> assertThat(self.alive() && self.self()).isTrue());
			assertThat(this.directory.resolve(".local/state/observability"))
				.isDirectoryContaining((folder) -> folder.getFileName().toString().matches("application~[0-9a-f]{20}"));
		});
	}

	@Test
	void aDefaultDirectoryThatCannotBeUsedIsDoneWithout(CapturedOutput output) throws IOException {
		Path link = Files.createDirectories(this.directory.resolve(".local/state/observability")).resolve("shop");
		Files.createSymbolicLink(link, Files.createDirectory(this.directory.resolve("elsewhere")));

		runner().withSystemProperties("user.home=" + this.directory)
			.withPropertyValues("spring.application.name=shop")
			.run((context) -> {
				context.getBean(MeterRegistry.class).counter("orders").increment(2);
				assertThat(scrape(context)).contains("orders_total 2.0");
				assertThat(context.getBean(FleetEndpoint.class).fleet().store()).isNull();
				assertThat(output).contains("store directory can't be used").contains("symbolic link");
				assertThat(this.directory.resolve("elsewhere")).isEmptyDirectory();
			});
	}

	private static String scrape(ApplicationContext context, String... includedNames) {
		byte[] body = context.getBean(PrometheusScrapeEndpoint.class)
			.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, (includedNames.length > 0) ? Set.of(includedNames) : null)
			.getBody();
		return new String(body, StandardCharsets.UTF_8);
	}

	private static boolean isOurs(ApplicationContext context, String beanName) {
		Class<?> type = context.getType(beanName);
		return type != null && type.getName().startsWith("io.observability.");
	}

	private static Set<String> ourThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter(Thread::isAlive)
			.map(Thread::getName)
			.filter((name) -> name.startsWith("observability-"))
			.collect(Collectors.toSet());
	}

}
