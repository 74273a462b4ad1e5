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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.sampling.BackgroundSampling;
import io.observability.internal.metrics.sampling.FleetSource;
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

/**
 * What another instance sees of meters that are functions, whatever these return.
 */
class SampledMetersTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private FleetMetrics observer;

	private SharedMeterRegistry registry;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.observer = this.fleet.observer();
		this.registry = registry();
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private SharedMeterRegistry registry() {
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM,
				this.fleet.start().writer(), new GaugeModes(GaugeMode.LIVESUM, Map.of()), null);
	}

	private SortedMap<String, String> shown() {
		return Shown.by(this.observer);
	}

	private void sampleInBackground(SharedMeterRegistry registry) {
		BackgroundSampling.last(registry.sampler());
	}

	@Test
	void whatIsFoundOutOfTheWholeFleetIsNotAskedWhileThereIsNoReader() throws Exception {
		AtomicInteger total = new AtomicInteger();
		OwnGauge own = new OwnGauge();
		AtomicInteger ofApplication = new AtomicInteger();
		FunctionCounter.builder("calls", total, AtomicInteger::incrementAndGet).register(this.registry);
		Gauge.builder("observability.instances", own, (gauge) -> gauge.asked.incrementAndGet()).register(this.registry);
		Gauge.builder("observability.log.backlog", ofApplication, AtomicInteger::incrementAndGet)
			.register(this.registry);
		this.registry.sample();
		int before = own.asked.get();
		int beforeOfApplication = ofApplication.get();
		BackgroundSampling background = new BackgroundSampling(List.of(this.registry.sampler()), Duration.ofNanos(1),
				() -> false);
		int asked = total.get();
		background.run();
		// Waits for the first pass.
		background.run();
		assertThat(total).hasValueGreaterThan(asked);
		assertThat(own.asked).hasValue(before);
		assertThat(ofApplication).as("time of the last change").hasValueGreaterThan(beforeOfApplication);
	}

	private static final class OwnGauge implements FleetSource {

		private final AtomicInteger asked = new AtomicInteger();

	}

	@Test
	void functionCounterThatBeginsAnewGoesOn() {
		SharedMeterRegistry second = registry();
		Totals one = new Totals(1_000, 0);
		Totals other = new Totals(1_000_000, 0);
		FunctionCounter.builder("calls", one, Totals::count).register(this.registry);
		FunctionCounter.builder("calls", other, Totals::count).register(second);
		this.registry.sample();
		second.sample();
		assertThat(shown()).containsEntry("calls", "1001000.0");
		one.count = 3;
		this.registry.sample();
		second.sample();
		assertThat(shown()).containsEntry("calls", "1001003.0");
	}

	@ParameterizedTest
	@ValueSource(doubles = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1 })
	void totalThatMakesNoSenseChangesNothing(double nonsense) {
		Totals totals = new Totals(5, 7);
		FunctionCounter.builder("calls", totals, Totals::count).register(this.registry);
		FunctionTimer.builder("work", totals, (source) -> (long) source.count, Totals::total, TimeUnit.SECONDS)
			.register(this.registry);
		this.registry.sample();
		totals.count = nonsense;
		totals.total = nonsense;
		this.registry.sample();
		totals.count = 6;
		totals.total = 8;
		this.registry.sample();
		assertThat(shown()).containsEntry("calls", "6.0").containsEntry("work_seconds", "[6.0] 8.0");
	}

	@Test
	void functionTimerThatBeginsAnewGoesOn() {
		Totals totals = new Totals(100, 50);
		FunctionTimer.builder("work", totals, (source) -> (long) source.count, Totals::total, TimeUnit.SECONDS)
			.register(this.registry);
		this.registry.sample();
		totals.count = 2;
		totals.total = 60;
		this.registry.sample();
		assertThat(shown()).containsEntry("work_seconds", "[102.0] 110.0");
	}

	@Test
	void totalsOfACustomMeterThatBeginAnewGoOn() {
		Totals totals = new Totals(10, 20);
		Meter
			.builder("custom", Meter.Type.OTHER, List.of(new Measurement(totals::count, Statistic.COUNT),
					new Measurement(totals::total, Statistic.TOTAL)))
			.register(this.registry);
		this.registry.sample();
		totals.count = 1;
		totals.total = 2;
		this.registry.sample();
		assertThat(shown()).containsEntry("custom{statistic=COUNT}", "11.0")
			.containsEntry("custom_sum{statistic=TOTAL}", "22.0");
	}

	@Test
	void functionCounterThatIsRegisteredAgainGoesOn() {
		Totals totals = new Totals(10, 20);
		for (int i = 0; i < 3; i++) {
			FunctionCounter calls = FunctionCounter.builder("calls", totals, Totals::count).register(this.registry);
			FunctionTimer work = FunctionTimer
				.builder("work", totals, (source) -> (long) source.count, Totals::total, TimeUnit.SECONDS)
				.register(this.registry);
			this.registry.sample();
			this.registry.remove(calls);
			this.registry.remove(work);
			totals.count++;
			this.registry.sample();
		}
		assertThat(shown()).containsEntry("calls", "12.0").containsEntry("work_seconds", "[12.0] 20.0");
	}

	@Test
	void ofTwoMetersWithOneSeriesTheLastOneCounts() {
		Totals large = new Totals(1_000, 0);
		Totals small = new Totals(5, 0);
		FunctionCounter.builder("calls", large, Totals::count).tag("a.b", "1").register(this.registry);
		FunctionCounter.builder("calls", small, Totals::count).tag("a_b", "1").register(this.registry);
		for (int i = 0; i < 3; i++) {
			this.registry.sample();
			assertThat(shown()).containsEntry("calls{a_b=1}", "5.0");
		}
	}

	@Test
	void functionThatThrowsHoldsUpNoOther() {
		AtomicBoolean missing = new AtomicBoolean();
		Totals totals = new Totals(1, 0);
		FunctionCounter.builder("broken", totals, (source) -> {
			if (missing.get()) {
				throw new NoClassDefFoundError("planted");
			}
			return source.count;
		}).register(this.registry);
		for (int i = 0; i < 20; i++) {
			FunctionCounter.builder("calls", totals, Totals::count)
				.tag("i", Integer.toString(i))
				.register(this.registry);
		}
		this.registry.sample();
		missing.set(true);
		totals.count = 2;
		this.registry.sample();
		assertThat(shown()).containsEntry("broken", "1.0");
		for (int i = 0; i < 20; i++) {
			assertThat(shown()).containsEntry("calls{i=" + i + "}", "2.0");
		}
	}

	@Test
	void rowsThatAreReplacedAreThereAllTheTime() {
		List<Integer> missing = new ArrayList<>();
		MultiGauge rows = MultiGauge.builder("rows").register(this.registry);
		Gauge.builder("watch", () -> {
			missing.add(100 - countRows());
			return 1;
		}).register(this.registry);
		rows.register(rows(1), true);
		sampleInBackground(this.registry);
		missing.clear();
		for (int generation = 2; generation < 10; generation++) {
			rows.register(rows(generation), true);
			missing.add(100 - countRows());
			sampleInBackground(this.registry);
			missing.add(100 - countRows());
			this.registry.sample();
			missing.add(100 - countRows());
			assertThat(shown()).containsEntry("rows{i=0}", generation + ".0");
		}
		assertThat(missing).hasSizeGreaterThan(30).containsOnly(0);
	}

	private static List<MultiGauge.Row<?>> rows(int value) {
		return IntStream
			.range(0, 100).<MultiGauge
					.Row<?>>mapToObj((i) -> MultiGauge.Row.of(Tags.of("i", Integer.toString(i)), value))
			.toList();
	}

	private int countRows() {
		return (int) shown().keySet().stream().filter((series) -> series.startsWith("rows{")).count();
	}

	@Test
	void gaugeThatIsReplacedByOneWithOtherLabelsStaysUntilThatHasAValue() {
		AtomicReference<SortedMap<String, String>> seen = new AtomicReference<>();
		Gauge old = Gauge.builder("state", () -> 1).tag("is", "old").register(this.registry);
		this.registry.sample();
		this.registry.remove(old);
		Gauge.builder("state", () -> 1).tag("is", "new").register(this.registry);
		assertThat(shown()).containsEntry("state{is=old}", "1.0");
		Gauge.builder("watch", () -> {
			seen.set(shown());
			return 1;
		}).register(this.registry);
		sampleInBackground(this.registry);
		assertThat(seen.get()).containsKey("state{is=old}");
		assertThat(shown()).containsKey("state{is=new}");
		sampleInBackground(this.registry);
		assertThat(shown()).containsKey("state{is=new}").doesNotContainKey("state{is=old}");
	}

	@Test
	void gaugeThatIsReplacedDuringTwoScrapesAtATimeIsThere() {
		Gauge old = Gauge.builder("state", () -> 1).register(this.registry);
		this.registry.sample();
		this.registry.remove(old);
		Gauge.builder("state", () -> 2).register(this.registry);
		Gauge.builder("watch", () -> {
			this.registry.sample();
			return 1;
		}).register(this.registry);
		this.registry.sample();
		assertThat(shown()).containsEntry("state", "2.0");
	}

	@Test
	void scrapeShowsNoRemovedGauge() {
		Gauge gauge = Gauge.builder("state", () -> 1).register(this.registry);
		this.registry.sample();
		this.registry.remove(gauge);
		this.registry.sample();
		assertThat(shown()).doesNotContainKey("state");
	}

	@Test
	void gaugeThatIsRemovedWhileItIsAskedIsGone() throws InterruptedException {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch removed = new CountDownLatch(1);
		Gauge gauge = Gauge.builder("slow", () -> {
			asked.countDown();
			await(removed);
			return 1;
		}).register(this.registry);
		Thread scrape = new Thread(this.registry::sample);
		scrape.start();
		await(asked);
		this.registry.remove(gauge);
		this.registry.sample();
		removed.countDown();
		scrape.join();
		assertThat(shown()).doesNotContainKey("slow");
	}

	@Test
	void tagValuesAreNotChanged() {
		this.registry.config().namingConvention(new NamingConvention() {

			@Override
			public String name(String name, Meter.Type type, String baseUnit) {
				return name;
			}

			@Override
			public String tagValue(String value) {
				return "changed";
			}

		});
		this.registry.counter("orders", "shop", "North").increment();
		assertThat(shown()).containsEntry("orders{shop=North}", "1.0");
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static final class Totals {

		private double count;

		private double total;

		private Totals(double count, double total) {
			this.count = count;
			this.total = total;
		}

		double count() {
			return this.count;
		}

		double total() {
			return this.total;
		}

	}

}
