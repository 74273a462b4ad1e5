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

package io.observability.internal.registry;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * What removed meters leave behind.
 */
class RemovedMetersTests {

	private static final int MAX_SERIES = 500;

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Instance instance;

	private FleetMetrics observer;

	private SharedMeterRegistry registry;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.observer = this.fleet.observer();
		this.instance = this.fleet.start().instance();
		this.registry = registry(MetricsWriter.open(this.instance, MAX_SERIES, this.fleet.problems()));
	}

	private static SharedMeterRegistry registry(MetricsWriter writer) {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, writer,
				new GaugeModes(GaugeMode.LIVESUM, Map.of()), null);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void manyRemovedGaugesDoNotKeepNewSeriesOut() {
		for (int i = 0; i < 100_000; i++) {
			this.registry.remove(Gauge.builder("connection", () -> 1).tag("id", "c" + i).register(this.registry));
			if (i % 100 == 0) {
				this.registry.sample();
			}
		}
		this.registry.sample();
		Gauge.builder("connection", () -> 2).tag("id", "new").register(this.registry);
		this.registry.counter("orders").increment();
		this.registry.sample();
		assertThat(Shown.by(this.observer)).containsExactly(entry("connection{id=new}", "2.0"), entry("orders", "1.0"));
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void rowsThatAreNotExposedTakeNoRoom() {
		this.registry.counter("queue").increment();
		MultiGauge rows = MultiGauge.builder("queue").register(this.registry);
		long before = directMemory();
		for (int generation = 0; generation < 100; generation++) {
			List<MultiGauge.Row<?>> next = new ArrayList<>();
			for (int row = 0; row < 100; row++) {
				next.add(MultiGauge.Row.of(Tags.of("name", "job-" + generation + "-" + row), row));
			}
			rows.register(next, true);
		}
		this.registry.sample();
		assertThat(directMemory() - before).isLessThan(256 << 10);
		assertThat(Shown.by(this.observer)).containsExactly(entry("queue", "1.0"));
	}

	@ParameterizedTest(name = "the second context shows them for a while: {0}")
	@ValueSource(booleans = { false, true })
	void gaugesThatAnotherContextExposesTakeNoRoomForEver(boolean takenOver) {
		MetricsWriter writer = MetricsWriter.open(this.instance, MAX_SERIES, this.fleet.problems());
		SharedMeterRegistry second = registry(writer);
		List<Meter> before = List.of();
		List<Meter> beforeInSecond = List.of();
		for (int generation = 0; generation < 40; generation++) {
			List<Meter> gauges = gaugesOfTheProcess(this.registry, generation);
			List<Meter> gaugesInSecond = gaugesOfTheProcess(second, generation);
			if (takenOver) {
				before.forEach(this.registry::remove);
			}
			beforeInSecond.forEach(second::remove);
			before.forEach(this.registry::remove);
			before = gauges;
			beforeInSecond = gaugesInSecond;
			this.registry.sample();
			second.sample();
		}
		assertThat(Shown.by(this.observer)).hasSize(100).containsEntry("jvm_rows{name=39-99,@0}", "99.0");
		assertThat(this.fleet.warnings()).as("no series is beyond the limit").isEmpty();
		assertThat(writer.ownSegments().all().stream().mapToInt(Region::capacity).sum())
			.isLessThanOrEqualTo(takenOver ? 256 << 10 : 0);
	}

	private static List<Meter> gaugesOfTheProcess(SharedMeterRegistry registry, int generation) {
		return IntStream.range(0, 100)
			.<Meter>mapToObj(
					(i) -> Gauge.builder("jvm.rows", () -> i).tag("name", generation + "-" + i).register(registry))
			.toList();
	}

	private static long directMemory() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	@Test
	void rowsWithEverNewLabelsTakeNoMoreRoom() {
		MultiGauge rows = MultiGauge.builder("queue").register(this.registry);
		Gauge.builder("stays", () -> 7).register(this.registry);
		for (int generation = 0; generation < 1000; generation++) {
			List<MultiGauge.Row<?>> next = new ArrayList<>();
			for (int row = 0; row < 100; row++) {
				next.add(MultiGauge.Row.of(Tags.of("name", "job-" + generation + "-" + row), row));
			}
			rows.register(next, true);
			this.registry.sample();
			if (generation % 10 == 0) {
				assertThat(Shown.by(this.observer)).hasSize(101)
					.containsEntry("stays", "7.0")
					.containsEntry("queue{name=job-" + generation + "-99}", "99.0");
			}
		}
		assertThat(this.fleet.warnings()).isEmpty();
		assertThat(this.fleet.segments()).hasSize(1);
	}

	@Test
	void longTaskTimersAndInfosAreFreedToo() {
		for (int i = 0; i < 10 * MAX_SERIES; i++) {
			LongTaskTimer tasks = LongTaskTimer.builder("tasks").tag("id", "t" + i).register(this.registry);
			tasks.start();
			Gauge info = Gauge.builder("build.info", () -> 1).tag("version", "v" + i).register(this.registry);
			if (i % 10 == 0) {
				this.registry.sample();
			}
			this.registry.remove(tasks);
			this.registry.remove(info);
		}
		this.registry.sample();
		Counter.builder("orders").register(this.registry).increment();
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders", "1.0"));
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void totalsOfRemovedMetersStay() {
		this.registry.counter("orders").increment(3);
		this.registry.timer("work").record(2, TimeUnit.SECONDS);
		this.registry.more().counter("asked", List.of(), 5);
		this.registry.sample();
		List.copyOf(this.registry.getMeters()).forEach(this.registry::remove);
		this.registry.sample();
		this.registry.counter("orders").increment();
		assertThat(Shown.by(this.observer)).containsEntry("orders", "4.0")
			.containsEntry("work_seconds", "[1] 2.0")
			.containsEntry("asked", "5.0");
	}

}
