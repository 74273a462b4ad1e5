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

package io.observability.internal.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.registry.GaugeModes;
import io.observability.internal.registry.SharedMeterRegistry;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Meters whose names or labels the formats can't express as they are: nothing disappears
 * without a word.
 */
class NamesAndLabelsTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private SharedMeterRegistry first;

	private SharedMeterRegistry second;

	private PrometheusRegistry merged;

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		this.first = registry();
		this.second = registry();
		this.merged = new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", () -> {
			this.first.sample();
			this.second.sample();
		}, this.fleet.problems()::report);
	}

	private SharedMeterRegistry registry() {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM,
				this.fleet.start().writer(), new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	private List<String> samples() {
		Exposed.inAllFormats(this.merged);
		return Exposed.samples(this.merged);
	}

	private Map<String, String> problems() {
		return this.fleet.problems().byMetric();
	}

	@Test
	void applicationsOwnInstanceLabelIsShownBesideTheInstance() {
		this.first.gauge("size", Tags.of("instance_id", "a"), 1);
		this.second.gauge("size", Tags.of("instance_id", "a"), 2);
		this.first.counter("orders", "instance_id", "a").increment();
		assertThat(samples()).containsExactly("orders_total{instance_id=\"a\"} 1.0",
				"size{exported_instance_id=\"a\",instance_id=\"0\"} 1.0",
				"size{exported_instance_id=\"a\",instance_id=\"1\"} 2.0");
	}

	@Test
	void commonTagCalledAsTheInstanceLabelIsShownBesideTheInstance() {
		for (SharedMeterRegistry registry : List.of(this.first, this.second)) {
			registry.config().commonTags("instance.id", "host", "exported.instance.id", "too");
			registry.gauge("size", 1);
		}
		assertThat(samples()).containsExactly(
				"size{exported_exported_instance_id=\"host\",exported_instance_id=\"too\",instance_id=\"0\"} 1.0",
				"size{exported_exported_instance_id=\"host\",exported_instance_id=\"too\",instance_id=\"1\"} 1.0");
	}

	@Test
	void tagsThatBecomeOneLabelAreBothShown() {
		this.first.counter("orders", "shop.name", "north", "shop_name", "south").increment();
		assertThat(samples()).containsExactly("orders_total{exported_shop_name=\"north\",shop_name=\"south\"} 1.0");
	}

	@Test
	void labelsOfTheFormatsThemselvesAreNotTaken() {
		Timer.builder("slow")
			.tag("le", "mine")
			.serviceLevelObjectives(Duration.ofSeconds(1))
			.register(this.first)
			.record(Duration.ofMillis(500));
		DistributionSummary.builder("size").tag("quantile", "mine").register(this.first).record(3);
		DistributionSummary.builder("plain").tag("le", "mine").register(this.first).record(3);
		Meter.builder("custom", Meter.Type.OTHER, List.of(new Measurement(() -> 1, Statistic.COUNT)))
			.tag("statistic", "mine")
			.register(this.first);
		assertThat(samples()).contains("slow_seconds_bucket{exported_le=\"mine\",le=\"1.0\"} 1",
				"slow_seconds_count{exported_le=\"mine\"} 1", "size_sum{exported_quantile=\"mine\"} 3.0",
				"plain_sum{le=\"mine\"} 3.0", "custom_total{exported_statistic=\"mine\",statistic=\"COUNT\"} 1.0");
		assertThat(problems()).isEmpty();
	}

	@Test
	void counterNamedAsTheSampleOfATimerKeepsItsType() {
		this.first.timer("slow").record(Duration.ofSeconds(2));
		this.second.counter("slow.seconds.count").increment(3);
		assertThat(Exposed.text(this.merged)).contains("# TYPE slow_seconds summary", "slow_seconds_count 1",
				"slow_seconds_sum 2.0", "# TYPE slow_seconds_count_total counter", "slow_seconds_count_total 3.0");
		Exposed.inAllFormats(this.merged);
		assertThat(problems()).isEmpty();
	}

	@Test
	void gaugeNamedAsTheMaximumOfATimerIsShownBesideIt() {
		this.first.timer("slow").record(Duration.ofSeconds(2));
		Gauge.builder("slow.seconds.max", () -> 7).register(this.second);
		assertThat(samples()).contains("slow_seconds_count 1", "slow_seconds_max{instance_id=\"1\"} 7.0",
				"slow_seconds_max 2.0");
		assertThat(problems()).isEmpty();
	}

	@Test
	void gaugeWithNameAndLabelsOfAMaximumIsNotCombinedWithIt() {
		SharedMeterRegistry summing = new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(),
				Clock.SYSTEM, this.fleet.start().writer(), new GaugeModes(GaugeMode.LIVESUM, Map.of()), null);
		this.first.timer("slow").record(Duration.ofSeconds(2));
		Gauge.builder("slow.seconds.max", () -> 7).register(summing);
		summing.sample();
		assertThat(samples()).contains("slow_seconds_count 1", "slow_seconds_max 7.0");
		assertThat(problems()).containsOnlyKeys("slow_seconds_max");
		assertThat(this.fleet.warnings()).singleElement()
			.asString()
			.contains("rename one of them", "metric=slow_seconds_max");
	}

	@Test
	void samplesWithoutTheirTypeAreReported() {
		this.first.counter("orders").increment(3);
		this.second.gauge("orders", 7);
		assertThat(samples()).containsExactly("orders{instance_id=\"1\"} 7.0", "orders_total 3.0");
		assertThat(problems()).containsOnlyKeys("orders");
		assertThat(this.fleet.warnings()).singleElement()
			.asString()
			.contains("type=COUNTER", "its type=GAUGE", "metric=orders");
	}

}
