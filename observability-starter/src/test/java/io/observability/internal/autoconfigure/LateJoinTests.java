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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.actuate.FleetEndpoint;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.segment.Problems;
import io.observability.testing.Shown;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that could not join its fleet when it started joins it later.
 */
@ExtendWith(OutputCaptureExtension.class)
class LateJoinTests {

	private final String application = "late-" + UUID.randomUUID();

	/** The default one: a configured one that is a file would fail the start. */
	private final Path directory = StoreLocation
		.of(new MockEnvironment().withProperty("spring.application.name", this.application))
		.directory();

	@BeforeEach
	void putAFileInTheWay() throws IOException {
		Files.createDirectories(this.directory.getParent());
		Files.createFile(this.directory);
	}

	@AfterEach
	void delete() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class,
					MergedMetricsAutoConfiguration.class, ScrapeEndpointAutoConfiguration.class,
					FleetObserverAutoConfiguration.class, FleetEndpointAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					PrometheusMetricsExportAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=prometheus,fleet",
					"spring.application.name=" + this.application, "observability.metrics.sample-interval=20ms");
	}

	@Test
	void whatWasRecordedUntilThenIsCountedOnce(CapturedOutput output) {
		runner().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			AtomicLong source = new AtomicLong(4);
			registry.counter("orders").increment(2);
			registry.timer("work").record(3, TimeUnit.SECONDS);
			registry.gauge("size", 5);
			FunctionCounter.builder("calls", source, AtomicLong::get).register(registry);
			Counter letters = Counter.builder()
				.name("letters")
				.withoutExemplars()
				.register(context.getBean(PrometheusRegistry.class));
			letters.inc(6);
			assertThat(scrape(context)).contains("\norders_total 2.0\n", "\nletters_total 6.0\n",
					"\nsize{instance_id=\"0\"} 5.0\n");
			assertThat(context.getBean(FleetEndpoint.class).fleet().problems())
				.containsOnlyKeys(this.directory.toString());

			Files.delete(this.directory);
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(FleetEndpoint.class).fleet().problems()).isEmpty());
			assertThat(context.getBean(FleetEndpoint.class).fleet().instances()).singleElement()
				.matches((member) -> member.self() && member.alive());
			registry.counter("orders").increment();
			registry.timer("work").record(1, TimeUnit.SECONDS);
			source.set(7);
			letters.inc();
			String own = scrape(context);
			assertThat(own).contains("\norders_total 3.0\n", "\nwork_seconds_count 2\n", "\nwork_seconds_sum 4.0\n",
					"\nwork_seconds_max 3.0\n", "\nsize{instance_id=\"0\"} 5.0\n", "\ncalls_total 7.0\n",
					"\nletters_total 7.0\n");
			try (FleetMetrics other = observer()) {
				assertThat(Shown.by(other)).containsEntry("orders", "3.0")
					.containsEntry("work_seconds", "[2] 4.0")
					.containsEntry("calls", "7.0")
					.containsEntry("letters", "7.0");
			}
		});
		runner().run((context) -> Awaitility.await()
			.untilAsserted(() -> assertThat(scrape(context)).contains("\norders_total 3.0\n", "\nletters_total 7.0\n",
					"\nobservability_archive_folds_total 1.0\n")));
		assertThat(output).containsOnlyOnce("store directory can't be used, ")
			.containsOnlyOnce("this instance has joined");
	}

	@Test
	void nothingOfWhatIsRecordedMeanwhileIsLost() {
		runner().run((context) -> {
			io.micrometer.core.instrument.Counter orders = context.getBean(MeterRegistry.class).counter("orders");
			AtomicLong recorded = new AtomicLong();
			AtomicBoolean done = new AtomicBoolean();
			Thread[] threads = new Thread[2];
			for (int i = 0; i < threads.length; i++) {
				threads[i] = new Thread(() -> {
					while (!done.get()) {
						orders.increment();
						recorded.incrementAndGet();
					}
				});
				threads[i].start();
			}
			Files.delete(this.directory);
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(FleetEndpoint.class).fleet().problems()).isEmpty());
			done.set(true);
			for (Thread thread : threads) {
				thread.join();
			}
			Awaitility.await().untilAsserted(() -> {
				try (FleetMetrics other = observer()) {
					assertThat(Shown.by(other)).containsEntry("orders", recorded.get() + ".0");
				}
			});
		});
	}

	@Test
	void applicationThatIsStoppedBeforeDoesNotJoin() throws IOException {
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(MeterRegistry.class).counter("orders").increment();
		});
		Files.delete(this.directory);
		assertThat(this.directory).doesNotExist();
	}

	private FleetMetrics observer() throws IOException {
		return new FleetMetrics(StoreDirectory.open(this.directory), List.of(), new Problems((text) -> {
		}));
	}

	private static String scrape(ApplicationContext context) {
		byte[] body = context.getBean(PrometheusScrapeEndpoint.class)
			.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null)
			.getBody();
		return new String(body, StandardCharsets.UTF_8);
	}

}
