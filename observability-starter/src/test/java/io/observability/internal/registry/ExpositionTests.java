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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.GaugeMode;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.prometheus.ConflictListener;
import io.observability.internal.prometheus.InstanceCollector;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The exposition is, to the letter, that of Micrometer's own Prometheus registry: one
 * instance's own, and the merged one of a fleet of one.
 */
class ExpositionTests {

	private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

	private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

	// Registries refer to these weakly.
	private static final AtomicLong SOURCE = new AtomicLong(42);

	private static final List<Integer> LIST = List.of(1, 2);

	@TempDir
	private Path directory;

	private final StillClock clock = new StillClock();

	private TestFleet fleet;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@ParameterizedTest
	@MethodSource("meters")
	void isThatOfThePrometheusRegistry(Meters meters) throws IOException {
		assertSame(PrometheusConfig.DEFAULT, meters);
	}

	@ParameterizedTest
	@MethodSource("meters")
	void isThatOfThePrometheusRegistryWithoutDescriptions(Meters meters) throws IOException {
		assertSame(new PrometheusConfig() {

			@Override
			public String get(String key) {
				return null;
			}

			@Override
			public boolean descriptions() {
				return false;
			}

		}, meters);
	}

	private void assertSame(PrometheusConfig config, Meters meters) throws IOException {
		PrometheusMeterRegistry plain = new PrometheusMeterRegistry(config, new PrometheusRegistry(), this.clock);
		Member member = this.fleet.start();
		PrometheusRegistry own = new PrometheusRegistry();
		SharedMeterRegistry shared = registry(config, member, this.clock, own);
		MergedPrometheusRegistry merged = new MergedPrometheusRegistry(this.fleet.viewOf(member.writer()),
				"instance_id", shared::sample, ConflictListener.NONE);
		meters.feed.accept(plain);
		meters.feed.accept(shared);
		for (String format : List.of(TEXT, OPEN_METRICS)) {
			String expected = withoutQuantiles(plain.scrape(format));
			assertThat(expected.lines().count()).isGreaterThan(1);
			assertThat(shared.scrape(format)).isEqualTo(expected);
			assertThat(text(merged, format)).isEqualTo(expected);
		}
	}

	@Test
	void nameOfARemovedMeterIsFreeForAnotherType() throws IOException {
		Member member = this.fleet.start();
		SharedMeterRegistry shared = registry(PrometheusConfig.DEFAULT, member, this.clock, new PrometheusRegistry());
		Gauge gauge = Gauge.builder("shop.size", () -> 1).register(shared);
		shared.summary("shop.size", "of", "items").record(1);
		assertThat(shared.scrape(TEXT)).contains("shop_size 1.0").doesNotContain("shop_size_count");
		shared.remove(gauge);
		shared.summary("shop.size", "of", "orders").record(2);
		assertThat(shared.scrape(TEXT)).contains("shop_size_count{of=\"orders\"} 1").doesNotContain("shop_size 1.0");
	}

	/** Percentiles of several instances can't be merged, so there are none. */
	private static String withoutQuantiles(String text) {
		return text.replaceAll("(?m)^.*quantile=.*\n", "");
	}

	private static String text(PrometheusRegistry registry, String format) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ExpositionFormats.init().findWriter(format).write(bytes, registry.scrape());
		return bytes.toString(StandardCharsets.UTF_8);
	}

	static Collection<Meters> meters() {
		List<Meters> all = new ArrayList<>();
		all.add(new Meters("counters", ExpositionTests::counters));
		all.add(new Meters("timers", ExpositionTests::timers));
		all.add(new Meters("summaries", ExpositionTests::summaries));
		all.add(new Meters("gauges", ExpositionTests::gauges));
		all.add(new Meters("functions", ExpositionTests::functions));
		all.add(new Meters("long task timers", ExpositionTests::longTaskTimers));
		all.add(new Meters("custom meters", ExpositionTests::customMeters));
		all.add(new Meters("numbers", ExpositionTests::numbers));
		all.add(new Meters("names", ExpositionTests::names));
		all.add(new Meters("clashes", ExpositionTests::clashes));
		all.add(new Meters("filters", ExpositionTests::filters));
		return all;
	}

	private static void counters(MeterRegistry registry) {
		Counter.builder("orders").description("Orders \"taken\" \\ so far\nand more").register(registry).increment();
		Counter.builder("orders.total").register(registry).increment(2);
		Counter.builder("bytes.read").baseUnit("bytes").register(registry).increment(1e12);
		Counter.builder("bytes.written.total").baseUnit("bytes").register(registry).increment(0.1);
		Counter.builder("never").register(registry);
		Counter.builder("tagged").tag("shop", "north").tag("kind", "gift").register(registry).increment(3);
		Counter.builder("tagged").tag("shop", "a \"b\" \\ c\nd ü 🛒").tag("kind", "").register(registry).increment(4);
		Counter.builder("other.tags").tag("a", "1").register(registry).increment();
		Counter.builder("other.tags").tag("b", "2").register(registry).increment();
		Counter.builder("other.tags").register(registry).increment();
		Counter fractions = registry.counter("fractions");
		for (int i = 0; i < 10; i++) {
			fractions.increment(0.1);
		}
	}

	private static void timers(MeterRegistry registry) {
		record(Timer.builder("plain").description("Plain.").register(registry));
		record(Timer.builder("tagged").tag("a", "1").register(registry));
		record(Timer.builder("tagged").tag("a", "2").register(registry));
		record(Timer.builder("slo")
			.serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1))
			.register(registry));
		record(Timer.builder("histogram").publishPercentileHistogram().register(registry));
		record(Timer.builder("narrow")
			.publishPercentileHistogram()
			.minimumExpectedValue(Duration.ofMillis(5))
			.maximumExpectedValue(Duration.ofSeconds(2))
			.serviceLevelObjectives(Duration.ofMillis(1234))
			.register(registry));
		record(Timer.builder("percentiles").publishPercentiles(0.5, 0.99).register(registry));
		record(Timer.builder("seconds.timer.seconds").register(registry));
		Timer.builder("never").register(registry);
	}

	private static void record(Timer timer) {
		timer.record(Duration.ofMillis(100));
		timer.record(Duration.ofMillis(101));
		timer.record(123_456_789, TimeUnit.NANOSECONDS);
		timer.record(Duration.ofSeconds(70));
		timer.record(Duration.ZERO);
		timer.record(Duration.ofSeconds(-1));
	}

	private static void summaries(MeterRegistry registry) {
		record(DistributionSummary.builder("plain").description("Plain.").baseUnit("bytes").register(registry));
		record(DistributionSummary.builder("slo").serviceLevelObjectives(1, 3, 1000).register(registry));
		record(DistributionSummary.builder("scaled").scale(100).serviceLevelObjectives(50, 250).register(registry));
		record(DistributionSummary.builder("histogram")
			.publishPercentileHistogram()
			.minimumExpectedValue(1.0)
			.maximumExpectedValue(100.0)
			.register(registry));
		record(DistributionSummary.builder("percentiles").publishPercentiles(0.9).register(registry));
		record(DistributionSummary.builder("both")
			.publishPercentiles(0.9)
			.serviceLevelObjectives(2)
			.register(registry));
	}

	private static void record(DistributionSummary summary) {
		for (double amount : new double[] { 1, 2.5, 2.515625, 1000, 0, 1e10, -1, 0.125, 0.25 }) {
			summary.record(amount);
		}
	}

	private static void gauges(MeterRegistry registry) {
		Gauge.builder("queue", () -> 3).description("Waiting.").register(registry);
		Gauge.builder("negative", () -> -1.5e-7).baseUnit("celsius").register(registry);
		Gauge.builder("nothing", () -> null).register(registry);
		Gauge.builder("infinite", () -> Double.NEGATIVE_INFINITY).register(registry);
		Gauge.builder("build.info", () -> 1).tag("version", "1.2").description("Build.").register(registry);
		Gauge.builder("total.total", () -> 5).register(registry);
		registry.gaugeCollectionSize("list.size", Tags.of("list", "a"), LIST);
		TimeGauge.builder("uptime", () -> 1500, TimeUnit.MILLISECONDS).register(registry);
		MultiGauge multi = MultiGauge.builder("rows").tag("db", "x").register(registry);
		multi.register(
				List.of(MultiGauge.Row.of(Tags.of("table", "a"), 1), MultiGauge.Row.of(Tags.of("table", "b"), 2)));
		multi.register(
				List.of(MultiGauge.Row.of(Tags.of("table", "b"), 3), MultiGauge.Row.of(Tags.of("table", "c"), 4)),
				true);
		registry.remove(Gauge.builder("removed", () -> 1).register(registry));
	}

	private static void functions(MeterRegistry registry) {
		FunctionCounter.builder("asked", SOURCE, AtomicLong::get).description("Asked.").register(registry);
		FunctionCounter.builder("asked.bytes", SOURCE, (s) -> s.get() / 10.0).baseUnit("bytes").register(registry);
		FunctionTimer.builder("asked.timer", SOURCE, AtomicLong::get, (s) -> s.get() * 1e6, TimeUnit.NANOSECONDS)
			.tag("a", "b")
			.register(registry);
	}

	private static void longTaskTimers(MeterRegistry registry) {
		LongTaskTimer plain = LongTaskTimer.builder("task").description("Tasks.").register(registry);
		plain.start();
		LongTaskTimer.builder("idle.task").tag("a", "b").register(registry);
		LongTaskTimer histogram = LongTaskTimer.builder("slow.task")
			.serviceLevelObjectives(Duration.ofMinutes(1), Duration.ofHours(1))
			.register(registry);
		histogram.start();
		histogram.start().stop();
		LongTaskTimer.builder("wide.task").publishPercentileHistogram().register(registry).start();
	}

	private static void customMeters(MeterRegistry registry) {
		List<Measurement> measurements = new ArrayList<>();
		for (Statistic statistic : Statistic.values()) {
			double value = 7.5 + measurements.size();
			measurements.add(new Measurement(() -> value, statistic));
		}
		Meter.builder("custom", Meter.Type.OTHER, measurements)
			.tag("a", "b")
			.description("Custom.")
			.baseUnit("things")
			.register(registry);
	}

	private static void numbers(MeterRegistry registry) {
		List<Double> numbers = List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0, 0.0,
				Double.MIN_VALUE, Double.MAX_VALUE, 1e-9, -1e300, 1e15 + 0.3, 9007199254740991.0);
		for (double number : numbers) {
			Tags tags = Tags.of("number", Double.toString(number));
			Gauge.builder("gauge", () -> number).tags(tags).register(registry);
			registry.counter("counter", tags).increment(number);
			registry.summary("summary", tags).record(number);
			DistributionSummary.builder("buckets")
				.tags(tags)
				.serviceLevelObjectives(1)
				.register(registry)
				.record(number);
			Counter twice = registry.counter("counter.twice", tags);
			twice.increment(0.5);
			twice.increment(number);
			twice.increment(2);
		}
		registry.timer("longest").record(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
		registry.timer("zero").record(-0, TimeUnit.NANOSECONDS);
	}

	private static void names(MeterRegistry registry) {
		for (String name : List.of("camelCase", "with-dash", "1digit", "under_score", "a.b_c", "ünicode", "x:y",
				"total", "info", "max", "sum.max", "bucket", "created", "a.b.count", "some.seconds")) {
			registry.counter("counter." + name, "some-key", "v").increment();
			registry.timer("timer." + name, Tags.of(Tag.of("Key.2", "v"))).record(Duration.ofSeconds(1));
			registry.gauge("gauge." + name, 1);
			registry.counter(name).increment();
		}
	}

	private static void clashes(MeterRegistry registry) {
		registry.counter("a.b").increment();
		registry.counter("a_b").increment(10);
		registry.gauge("typed.a", 1);
		registry.counter("typed_a").increment();
		registry.counter("typed.b").increment();
		registry.gauge("typed_b", 1);
		registry.timer("typed.c").record(Duration.ofSeconds(1));
		DistributionSummary.builder("typed.c.seconds").register(registry).record(1);
		Timer.builder("slos").tag("a", "1").serviceLevelObjectives(Duration.ofSeconds(1)).register(registry);
		Timer.builder("slos").tag("a", "2").serviceLevelObjectives(Duration.ofSeconds(2)).register(registry);
		Counter.builder("worded").tag("a", "1").description("First.").register(registry);
		Counter.builder("worded").tag("a", "2").description("Second.").register(registry);
	}

	private static void filters(MeterRegistry registry) {
		registry.config()
			.commonTags("app", "shop")
			.meterFilter(MeterFilter.denyNameStartsWith("secret"))
			.meterFilter(MeterFilter.renameTag("renamed", "old", "new"))
			.meterFilter(new MeterFilter() {

				@Override
				public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
					return DistributionStatisticConfig.builder().percentilesHistogram(true).build().merge(config);
				}

			});
		registry.counter("secret.counter").increment();
		registry.counter("renamed.counter", "old", "x").increment();
		Timer.builder("filtered").register(registry).record(Duration.ofMillis(3));
	}

	@Test
	void ownNamingConventionIsKept() throws IOException {
		assertSame(PrometheusConfig.DEFAULT, new Meters("named", (registry) -> {
			registry.config().namingConvention(new NamingConvention() {

				@Override
				public String name(String name, Meter.Type type, String baseUnit) {
					return "shop_" + NamingConvention.snakeCase.name(name, type, baseUnit);
				}

				@Override
				public String tagKey(String key) {
					return "tag_" + key;
				}

			});
			registry.counter("orders.taken", "shop", "north").increment();
			registry.timer("latency").record(Duration.ofSeconds(1));
		}));
	}

	/** Each of these makes a scrape of Micrometer's registry fail. */
	@Test
	void whatNoFormatCanSayHidesNothingElse() {
		SharedMeterRegistry shared = registry(this.fleet.start(), this.clock, new PrometheusRegistry());
		Timer.builder("mixed").tag("a", "1").register(shared).record(Duration.ofSeconds(1));
		Timer.builder("mixed")
			.tag("a", "2")
			.serviceLevelObjectives(Duration.ofSeconds(2))
			.register(shared)
			.record(Duration.ofSeconds(1));
		shared.timer("twice").record(Duration.ofSeconds(1));
		shared.gauge("twice.seconds.max", 9);
		Timer.builder("reserved.le").tag("le", "2").serviceLevelObjectives(Duration.ofSeconds(2)).register(shared);
		shared.summary("reserved.quantile", "quantile", "2").record(1);
		Meter.builder("label.twice", Meter.Type.OTHER, List.of(new Measurement(() -> 1, Statistic.VALUE)))
			.tag("statistic", "value")
			.register(shared);
		shared.counter("orders").increment();
		assertThat(shared.scrape()).contains("mixed_seconds_count{a=\"1\"} 1", "twice_seconds_count 1",
				"orders_total 1.0");
	}

	/** Where Micrometer's registry rounds amounts up to whole numbers first. */
	@Test
	void fractionIsCountedInTheBucketWhoseBoundItReaches() {
		Member member = this.fleet.start();
		SharedMeterRegistry shared = registry(member, this.clock, new PrometheusRegistry());
		DistributionSummary.builder("size").serviceLevelObjectives(2.5).register(shared).record(2.5);
		assertThat(shared.scrape()).contains("size_bucket{le=\"2.5\"} 1");
	}

	@Test
	void maximumIsShownAtOnceAndOnTheSystemsClockToo() {
		Member member = this.fleet.start();
		SharedMeterRegistry shared = registry(member, Clock.SYSTEM, new PrometheusRegistry());
		shared.timer("latency").record(Duration.ofSeconds(3));
		assertThat(shared.scrape()).contains("latency_seconds_max 3.0");
		assertThat(shared.timer("latency").max(TimeUnit.SECONDS)).isEqualTo(3);
	}

	private static SharedMeterRegistry registry(Member member, Clock clock, PrometheusRegistry own) {
		return registry(PrometheusConfig.DEFAULT, member, clock, own);
	}

	private static SharedMeterRegistry registry(PrometheusConfig config, Member member, Clock clock,
			PrometheusRegistry own) {
		// A mode that adds no label.
		SharedMeterRegistry shared = new SharedMeterRegistry(config, own, clock, member.writer(),
				new GaugeModes(GaugeMode.LIVESUM, Map.of("*", GaugeMode.LIVESUM)), null);
		own.register(new InstanceCollector(new InstanceMetrics(member.writer().ownSegments()), shared::sample));
		return shared;
	}

	/** What is registered and recorded. */
	record Meters(String what, Consumer<MeterRegistry> feed) {

		@Override
		public String toString() {
			return this.what;
		}

	}

	/**
	 * The time of the system when the test began: maxima are not old, tasks take no time.
	 */
	private static final class StillClock implements Clock {

		private final long wallTime = System.currentTimeMillis();

		@Override
		public long wallTime() {
			return this.wallTime;
		}

		@Override
		public long monotonicTime() {
			return 1_000_000_000;
		}

	}

}
