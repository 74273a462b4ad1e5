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
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.GaugeMode;
import io.observability.internal.prometheus.ConflictListener;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which recorded values become exemplars.
 */
class ExemplarTests {

	@TempDir
	private Path directory;

	private final MockClock clock = new MockClock();

	private final Spans spans = new Spans();

	private TestFleet fleet;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private SharedMeterRegistry registry(TestFleet.Member member) {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), this.clock, member.writer(),
				new GaugeModes(GaugeMode.LIVESUM, Map.of()), this.spans);
	}

	private String openMetrics() {
		return Exposed.openMetrics(new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", () -> {
		}, ConflictListener.NONE));
	}

	@Test
	void areThoseOfThePrometheusRegistry() {
		SharedMeterRegistry shared = registry(this.fleet.start());
		PrometheusMeterRegistry plain = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(),
				this.clock, this.spans);
		record(shared);
		record(plain);
		String expected = withoutTimes(Exposed.openMetrics(plain.getPrometheusRegistry()));
		assertThat(expected).contains("orders_total 2.0 # {span_id=\"s1\",trace_id=\"t1\"} 2.0",
				"latency_seconds_bucket{le=\"0.2\"} 1 # {span_id=\"s1\",trace_id=\"t1\"} 0.15");
		assertThat(withoutTimes(openMetrics())).isEqualTo(expected);
	}

	private void record(MeterRegistry registry) {
		this.spans.count = 0;
		this.spans.begin();
		registry.counter("orders").increment(2);
		Timer.builder("latency")
			.serviceLevelObjectives(Duration.ofMillis(200), Duration.ofSeconds(1))
			.register(registry)
			.record(150, TimeUnit.MILLISECONDS);
		Timer.builder("plain").register(registry).record(150, TimeUnit.MILLISECONDS);
		DistributionSummary.builder("size").serviceLevelObjectives(5, 10).register(registry).record(10);
		DistributionSummary.builder("scaled").scale(100).serviceLevelObjectives(5).register(registry).record(2);
		this.spans.end();
		registry.counter("without").increment();
	}

	private static String withoutTimes(String text) {
		return text.replaceAll("(# \\{.*\\} \\S+) [0-9.]+", "$1").replaceAll("(?m)^.*_max .*\n", "");
	}

	@Test
	void newestOfAllInstancesIsShown() {
		SharedMeterRegistry first = registry(this.fleet.start());
		SharedMeterRegistry second = registry(this.fleet.start());
		this.spans.begin();
		first.counter("orders").increment(2);
		this.clock.add(Duration.ofSeconds(1));
		this.spans.begin();
		second.counter("orders").increment(3);
		assertThat(openMetrics()).contains("orders_total 5.0 # {span_id=\"s2\",trace_id=\"t2\"} 3.0");
		this.clock.add(Duration.ofSeconds(1));
		first.sample();
		this.spans.begin();
		first.counter("orders").increment(4);
		assertThat(openMetrics()).contains("orders_total 9.0 # {span_id=\"s3\",trace_id=\"t3\"} 4.0");
	}

	@Test
	void endedInstancesExemplarsStay() {
		TestFleet.Member member = this.fleet.start();
		this.spans.begin();
		registry(member).counter("orders").increment(2);
		member.kill();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(openMetrics()).contains("orders_total 2.0 # {span_id=\"s1\",trace_id=\"t1\"} 2.0");
	}

	@Test
	void oneIsTakenBetweenTwoSamplings() {
		SharedMeterRegistry registry = registry(this.fleet.start());
		Counter counter = registry.counter("orders");
		for (int i = 0; i < 3; i++) {
			this.spans.begin();
			counter.increment();
		}
		assertThat(this.spans.marked).isEqualTo(1);
		assertThat(openMetrics()).contains("trace_id=\"t1\"");
		registry.sample();
		counter.increment();
		assertThat(this.spans.marked).isEqualTo(2);
		assertThat(openMetrics()).contains("trace_id=\"t3\"");
	}

	@Test
	void spansThatAreNotSampledAreNoExemplars() {
		SharedMeterRegistry registry = registry(this.fleet.start());
		this.spans.begin();
		this.spans.sampled = false;
		registry.counter("orders").increment();
		assertThat(openMetrics()).contains("orders_total 1.0\n");
		assertThat(this.spans.marked).isZero();
	}

	@Test
	void tracerThatFailsDoesNotHurt() {
		SharedMeterRegistry registry = registry(this.fleet.start());
		this.spans.fails = true;
		registry.counter("orders").increment();
		this.spans.fails = false;
		this.spans.begin();
		registry.sample();
		registry.counter("orders").increment();
		assertThat(openMetrics()).contains("orders_total 2.0 # {span_id=\"s1\",trace_id=\"t1\"} 1.0");
	}

	@Test
	void removedMetersExemplarsAreNotLookedAfter() {
		SharedMeterRegistry registry = registry(this.fleet.start());
		Counter counter = registry.counter("orders");
		this.spans.begin();
		counter.increment();
		registry.remove(counter);
		registry.sample();
		counter.increment();
		assertThat(this.spans.marked).isEqualTo(1);
	}

	@Test
	void withoutATracerThereIsNoRoomForThem() {
		TestFleet.Member member = this.fleet.start();
		new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, member.writer(),
				new GaugeModes(GaugeMode.LIVESUM, Map.of()), null)
			.counter("orders")
			.increment();
		assertThat(this.fleet.shown()).containsOnlyKeys("orders");
	}

	private static final class Spans implements SpanContext {

		private int count;

		private boolean sampled;

		private boolean fails;

		private int marked;

		void begin() {
			this.count++;
			this.sampled = true;
		}

		void end() {
			this.sampled = false;
		}

		@Override
		public @Nullable String getCurrentTraceId() {
			return "t" + this.count;
		}

		@Override
		public @Nullable String getCurrentSpanId() {
			return "s" + this.count;
		}

		@Override
		public boolean isCurrentSpanSampled() {
			if (this.fails) {
				throw new IllegalStateException("no tracer");
			}
			return this.sampled;
		}

		@Override
		public void markCurrentSpanAsExemplar() {
			this.marked++;
		}

	}

}
