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

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.prometheus.ConflictListener;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a removed meter leaves behind: its totals, as those of a terminated instance.
 */
class RemovedTotalsTests {

	private static final String[] TOTALS = { "latency_seconds_count 1", "latency_seconds_sum 3.0",
			"orders_total{shop=\"north\"} 2.0", "size_count 1", "size_sum 5.0" };

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private SharedMeterRegistry registry;

	private PrometheusRegistry merged;

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		this.registry = new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM,
				this.fleet.start().writer(), new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
		this.merged = new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", this.registry::sample,
				ConflictListener.NONE);
		record();
		Gauge.builder("queue", () -> 7).register(this.registry);
		assertThat(Exposed.samples(this.merged)).contains(TOTALS).contains("queue{instance_id=\"0\"} 7.0");
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	private void record() {
		this.registry.counter("orders", "shop", "north").increment(2);
		this.registry.timer("latency").record(Duration.ofSeconds(3));
		this.registry.summary("size").record(5);
	}

	@Test
	void totalsOfARemovedMeterStayAndItsGaugesGo() {
		assertThatTotalsStayAfter((meters) -> meters.getMeters().forEach(meters::remove));
	}

	@Test
	void totalsStayWhenTheRegistryIsCleared() {
		assertThatTotalsStayAfter(MeterRegistry::clear);
	}

	private void assertThatTotalsStayAfter(Consumer<MeterRegistry> removal) {
		removal.accept(this.registry);
		assertThat(this.registry.getMeters()).isEmpty();
		assertThat(Exposed.samples(this.merged)).contains(TOTALS).noneMatch((line) -> line.startsWith("queue"));
	}

	@Test
	void meterThatIsRegisteredAgainGoesOnCounting() {
		Meter counter = this.registry.get("orders").counter();
		this.registry.remove(counter);
		assertThat(this.registry.counter("orders", "shop", "north").count()).isEqualTo(2);
		this.registry.clear();
		record();
		assertThat(this.registry.counter("orders", "shop", "north").count()).isEqualTo(4);
		assertThat(Exposed.samples(this.merged)).contains("latency_seconds_count 2", "latency_seconds_sum 6.0",
				"orders_total{shop=\"north\"} 4.0", "size_count 2", "size_sum 10.0");
	}

}
