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

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import io.observability.internal.registry.SharedMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Application contexts of one process that share a store: what they have in common is
 * counted once.
 */
class SeveralContextsTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class,
					MergedMetricsAutoConfiguration.class, ScrapeEndpointAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					PrometheusMetricsExportAutoConfiguration.class, JvmMetricsAutoConfiguration.class,
					SystemMetricsAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=prometheus",
					"management.metrics.use-global-registry=true", "observability.metrics.gauges.default=livesum",
					"observability.metrics.gauges.modes.jvm.doors=livesum",
					"observability.store.directory=" + this.directory.resolve("store"));
	}

	@AfterEach
	void clearGlobalRegistry() {
		Metrics.globalRegistry.clear();
	}

	@Test
	void eventOfTheGlobalRegistryIsCountedOnce() {
		Metrics.counter("letters").increment(0);
		runner().run((first) -> {
			Metrics.counter("letters").increment();
			Metrics.gauge("mailbags", 3);
			runner().run((second) -> {
				Metrics.counter("letters").increment();
				Metrics.counter("parcels").increment();
				second.getBean(SharedMeterRegistry.class).sample();
				assertThat(scrape(first)).contains("\nletters_total 2.0\n", "\nparcels_total 1.0\n",
						"\nmailbags 3.0\n");
			});
			Metrics.counter("letters").increment();
			assertThat(scrape(first)).contains("\nletters_total 3.0\n");
		});
		assertThat(Metrics.globalRegistry.getRegistries()).noneMatch(SharedMeterRegistry.class::isInstance);
	}

	@Test
	void anotherContextTakesThePlaceInTheGlobalRegistry() {
		runner().run((first) -> runner().run((second) -> {
			Metrics.counter("letters").increment();
			first.close();
			Metrics.counter("letters").increment(2);
			assertThat(scrape(second)).contains("\nletters_total 3.0\n");
		}));
		assertThat(Metrics.globalRegistry.getRegistries()).noneMatch(SharedMeterRegistry.class::isInstance);
	}

	@Test
	void whatTheProcessHasUsedIsCountedOnce() {
		runner().run((first) -> runner().run((second) -> {
			for (ApplicationContext context : new ApplicationContext[] { first, second }) {
				String scrape = scrape(context);
				assertThat(value(scrape, "process_cpu_time_ns_total")).isPositive()
					.isLessThanOrEqualTo(cpuTimeOfThisProcess());
				assertThat(value(scrape, "jvm_memory_max_bytes{area=\"nonheap\",id=\"Metaspace\",instance_id=\"0\"}"))
					.isEqualTo(-1);
			}
		}));
		// Some time is with the first series, which is folded by now or not.
		runner().run((third) -> assertThat(value(scrape(third), "process_cpu_time_ns_total")).isPositive()
			.isLessThanOrEqualTo(cpuTimeOfThisProcess()));
	}

	private static double cpuTimeOfThisProcess() {
		return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getProcessCpuTime();
	}

	@Test
	void sourceThatTwoContextsBindIsCountedOnce() {
		AtomicLong source = new AtomicLong(5);
		runner().run((first) -> {
			bind(first, source);
			runner().run((second) -> {
				bind(second, source);
				first.getBean(SharedMeterRegistry.class).sample();
				assertThat(scrape(second)).contains("\ncalls_total{from=\"a\"} 5.0\n");
			});
			source.set(7);
			assertThat(scrape(first)).contains("\ncalls_total{from=\"a\"} 7.0\n");
		});
		source.set(8);
		runner().run((third) -> {
			bind(third, source);
			assertThat(scrape(third)).contains("\ncalls_total{from=\"a\"} 8.0\n", "\nwork_seconds_count 8\n",
					"\nwork_seconds_sum 8.0\n");
			source.set(2);
			assertThat(scrape(third)).contains("\ncalls_total{from=\"a\"} 10.0\n", "\nwork_seconds_count 10\n");
		});
	}

	@Test
	void differentSourcesOfTwoContextsAddUp() {
		AtomicLong one = new AtomicLong(5);
		AtomicLong other = new AtomicLong(6);
		runner().run((first) -> runner().run((second) -> {
			bind(first, one);
			bind(second, other);
			second.getBean(SharedMeterRegistry.class).sample();
			assertThat(scrape(first)).contains("\ncalls_total{from=\"a\"} 11.0\n");
		}));
	}

	@Test
	void contextThatLivesOnTakesOverWhatAnotherOneHasShown() {
		AtomicLong source = new AtomicLong(5);
		runner().run((first) -> runner().run((second) -> {
			for (ApplicationContext context : new ApplicationContext[] { first, second }) {
				bind(context, source);
				context.getBean(MeterRegistry.class).gauge("jvm.doors", source);
			}
			MeterRegistry[] registries = { first.getBean(SharedMeterRegistry.class),
					second.getBean(SharedMeterRegistry.class) };
			count(registries, 3);
			assertThat(scrape(first)).contains("\ncalls_total{from=\"a\"} 5.0\n", "\njvm_knocks_total 3.0\n",
					"\njvm_knocking_seconds_count 3\n", "\njvm_doors 5.0\n", "\njvm_threads_live_threads");
			double cpuTime = value(scrape(first), "process_cpu_time_ns_total");
			source.set(7);

			first.close();
			String after = scrape(second);
			assertThat(after).contains("\ncalls_total{from=\"a\"} 7.0\n", "\nwork_seconds_count 7\n",
					"\njvm_knocks_total 3.0\n", "\njvm_knocking_seconds_count 3\n", "\njvm_doors 7.0\n",
					"\njvm_threads_live_threads");
			assertThat(value(after, "process_cpu_time_ns_total")).isGreaterThanOrEqualTo(cpuTime)
				.isLessThanOrEqualTo(cpuTimeOfThisProcess());
			source.set(9);
			count(registries, 2);
			assertThat(scrape(second)).contains("\ncalls_total{from=\"a\"} 9.0\n", "\nwork_seconds_sum 9.0\n",
					"\njvm_knocks_total 5.0\n", "\njvm_knocking_seconds_count 5\n", "\njvm_knocking_seconds_sum 10.0\n",
					"\njvm_doors 9.0\n");
			assertThat(second.getBean(MeterRegistry.class).counter("jvm.knocks").count()).isEqualTo(5);
		}));
	}

	@Test
	void whatIsRemovedFromOneContextAnotherOneTakesOver() {
		AtomicLong source = new AtomicLong(5);
		runner().run((first) -> runner().run((second) -> {
			bind(first, source);
			bind(second, source);
			first.getBean(SharedMeterRegistry.class).sample();
			MeterRegistry registry = first.getBean(MeterRegistry.class);
			registry.remove(registry.get("calls").functionCounter());
			source.set(6);
			assertThat(scrape(second)).contains("\ncalls_total{from=\"a\"} 6.0\n", "\nwork_seconds_count 5\n");
		}));
	}

	/** Each context has a listener that is notified of each event of the process. */
	private static void count(MeterRegistry[] registries, int events) {
		for (MeterRegistry registry : registries) {
			for (int i = 0; i < events; i++) {
				registry.counter("jvm.knocks").increment();
				registry.timer("jvm.knocking").record(2, TimeUnit.SECONDS);
			}
		}
	}

	private static void bind(ApplicationContext context, AtomicLong source) {
		FunctionCounter.builder("calls", source, AtomicLong::get)
			.tag("from", "a")
			.register(context.getBean(MeterRegistry.class));
		FunctionTimer.builder("work", source, AtomicLong::get, AtomicLong::get, TimeUnit.SECONDS)
			.register(context.getBean(MeterRegistry.class));
	}

	private static double value(String scrape, String series) {
		return scrape.lines()
			.filter((line) -> line.startsWith(series + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(series.length() + 1)))
			.findFirst()
			.orElseThrow();
	}

	private static String scrape(ApplicationContext context) {
		byte[] body = context.getBean(PrometheusScrapeEndpoint.class)
			.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null)
			.getBody();
		return new String(body, StandardCharsets.UTF_8);
	}

}
