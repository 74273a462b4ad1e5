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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.sampling.BackgroundSampling;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications register on client_java's registry themselves is merged.
 */
class CollectorPublisherTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private PrometheusRegistry merged;

	private final List<String> warnings = new ArrayList<>();

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.merged = new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", () -> {
		}, ConflictListener.NONE);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	private CollectorPublisher publisher(PrometheusRegistry registry, Function<String, GaugeMode> modes) {
		return new CollectorPublisher(registry, this.fleet.start().writer(), modes, UnaryOperator.identity(),
				this.warnings::add);
	}

	private CollectorPublisher publisher(PrometheusRegistry registry) {
		return publisher(registry, (name) -> GaugeMode.LIVESUM);
	}

	/** Publishes a snapshot, and another one each time that one is set. */
	private AtomicReference<MetricSnapshot> collector(PrometheusRegistry registry) {
		AtomicReference<MetricSnapshot> snapshot = new AtomicReference<>(GaugeSnapshot.builder().name("none").build());
		Collector collector = snapshot::get;
		registry.register(collector);
		return snapshot;
	}

	@Test
	void allTypesAreShownAsTheyAreByThemselves() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		registerAllTypes(registry);
		publisher(registry, (name) -> GaugeMode.LIVESUM).publish();
		assertThat(Exposed.openMetrics(this.merged))
			.isEqualTo(Exposed.openMetrics(registry).replaceAll("(?m)^.*quantile=.*\n", ""))
			.contains("# UNIT latency_seconds seconds", "# TYPE door stateset", "door{door=\"open\"} 1",
					"build_info{version=\"1\"} 1", "native_count 100", "both_bucket{le=\"+Inf\"} 100");
		assertThat(withoutTimes(Exposed.protobuf(this.merged)))
			.isEqualTo(withoutTimes(Exposed.protobuf(registry)).replaceAll("(?s)    quantile \\{.*?\\}\n", ""));
	}

	private static String withoutTimes(String protobuf) {
		return protobuf.replaceAll("(?s)    created_timestamp \\{.*?\\}\n", "");
	}

	private static void registerAllTypes(PrometheusRegistry registry) {
		Counter counter = Counter.builder()
			.name("bytes_read_bytes_total")
			.unit(Unit.BYTES)
			.help("Read.")
			.labelNames("file")
			.withoutExemplars()
			.register(registry);
		counter.labelValues("b").inc(0.1);
		counter.labelValues("a").inc(2);
		Gauge.builder().name("queue").help("Queue.").withoutExemplars().register(registry).set(-3.5);
		Info.builder().name("build").labelNames("version").register(registry).addLabelValues("1");
		StateSet door = StateSet.builder().name("door").states("open", "closed").register(registry);
		door.setTrue("open");
		Summary summary = Summary.builder().name("size").quantile(0.5).withoutExemplars().register(registry);
		summary.observe(3);
		summary.observe(4.5);
		Histogram classic = Histogram.builder()
			.name("latency_seconds")
			.unit(Unit.SECONDS)
			.classicOnly()
			.classicUpperBounds(0.1, 1)
			.withoutExemplars()
			.register(registry);
		Histogram nativeOnly = Histogram.builder().name("native").nativeOnly().withoutExemplars().register(registry);
		Histogram both = Histogram.builder().name("both").withoutExemplars().register(registry);
		Random random = new Random(1);
		for (int i = 0; i < 100; i++) {
			double value = Math.exp(random.nextGaussian() * 3);
			classic.observe(value);
			nativeOnly.observe((i % 10 == 0) ? 0 : (i % 10 == 1) ? -value : value);
			both.observe(value);
		}
		Collector unknown = () -> UnknownSnapshot.builder()
			.name("odd")
			.dataPoint(UnknownSnapshot.UnknownDataPointSnapshot.builder().value(5).build())
			.build();
		registry.register(unknown);
		MultiCollector several = () -> MetricSnapshots.of(gauge("first", 1), gauge("second", 2));
		registry.register(several);
	}

	private static GaugeSnapshot gauge(String name, double value) {
		return GaugeSnapshot.builder()
			.name(name)
			.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
			.build();
	}

	@Test
	void instancesAreMerged() {
		for (String state : new String[] { "open", "closed" }) {
			PrometheusRegistry registry = new IsolatingPrometheusRegistry();
			Counter.builder().name("orders").withoutExemplars().register(registry).inc(2);
			Gauge.builder().name("queue").withoutExemplars().register(registry).set(3);
			Gauge.builder().name("own").withoutExemplars().register(registry).set(4);
			StateSet.builder().name("door").states("open", "closed", "lost").register(registry).setTrue(state);
			Summary.builder().name("size").withoutExemplars().register(registry).observe(5);
			publisher(registry, (name) -> name.equals("own") ? GaugeMode.LIVEALL : GaugeMode.LIVESUM).publish();
		}
		assertThat(Exposed.samples(this.merged)).containsExactly("door{door=\"closed\"} 1", "door{door=\"lost\"} 0",
				"door{door=\"open\"} 1", "orders_total 4.0", "own{instance_id=\"0\"} 4.0", "own{instance_id=\"1\"} 4.0",
				"queue 6.0", "size_count 2", "size_sum 10.0");
	}

	@Test
	void totalsOfEndedInstancesStay() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		registerAllTypes(registry);
		TestFleet.Member member = this.fleet.start();
		CollectorPublisher publisher = new CollectorPublisher(registry, member.writer(), (name) -> GaugeMode.LIVESUM,
				UnaryOperator.identity(), this.warnings::add);
		publisher.publish();
		String living = Exposed.protobuf(this.merged);
		assertThat(living).contains("name: \"queue\"", "name: \"door\"", "positive_span");
		publisher.close();
		member.kill();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(Exposed.samples(this.merged))
			.contains("bytes_read_bytes_total{file=\"a\"} 2.0", "size_count 2", "both_bucket{le=\"+Inf\"} 100",
					"native_count 100")
			.noneMatch((line) -> line.startsWith("queue") || line.startsWith("door") || line.startsWith("build"));
		String ended = Exposed.protobuf(this.merged);
		assertThat(nativeBuckets(ended)).isNotEmpty().isEqualTo(nativeBuckets(living));
	}

	private static List<String> nativeBuckets(String protobuf) {
		return protobuf.lines().filter((line) -> line.contains("_span") || line.contains("_delta")).toList();
	}

	@Test
	void seriesThatAnotherCollectorReportsFromNowOnIsNeverMissing() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> one = collector(registry);
		AtomicReference<MetricSnapshot> other = collector(registry);
		MetricSnapshot none = one.get();
		CollectorPublisher publisher = publisher(registry);
		one.set(gauge("moving", 1));
		publisher.publish();
		for (int i = 2; i < 10; i++) {
			one.set((i % 2 == 0) ? none : gauge("moving", i));
			other.set((i % 2 == 0) ? gauge("moving", i) : none);
			publisher.publish();
			assertThat(Exposed.samples(this.merged)).containsExactly("moving " + i + ".0");
		}
		one.set(none);
		other.set(none);
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).isEmpty();
	}

	@Test
	void whatCollectorsDoNotTellAnyMoreGoesUnlessItIsATotal() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		Counter counter = Counter.builder().name("c").labelNames("a").withoutExemplars().register(registry);
		Gauge gauge = Gauge.builder().name("g").labelNames("a").withoutExemplars().register(registry);
		Info info = Info.builder().name("i").labelNames("a").register(registry);
		StateSet states = StateSet.builder().name("s").states("open").register(registry);
		counter.labelValues("1").inc(5);
		gauge.labelValues("1").set(5);
		gauge.labelValues("2").set(6);
		info.setLabelValues("1");
		states.setTrue("open");
		CollectorPublisher publisher = publisher(registry);
		publisher.publish();
		counter.clear();
		gauge.remove("1");
		info.setLabelValues("2");
		registry.unregister(states);
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total{a=\"1\"} 5.0", "g{a=\"2\"} 6.0",
				"i_info{a=\"2\"} 1");
		counter.labelValues("1").inc(7);
		gauge.labelValues("1").set(1);
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).contains("c_total{a=\"1\"} 12.0", "g{a=\"1\"} 1.0");
	}

	@Test
	void collectorThatIsRegisteredAgainGoesOn() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		Counter counter = Counter.builder().name("c").withoutExemplars().register(registry);
		Histogram nativeOnly = Histogram.builder().name("n").nativeOnly().withoutExemplars().register(registry);
		CollectorPublisher publisher = publisher(registry);
		for (int i = 0; i < 3; i++) {
			counter.inc();
			nativeOnly.observe(1);
			publisher.publish();
			registry.unregister(counter);
			registry.unregister(nativeOnly);
			publisher.publish();
			registry.register(counter);
			registry.register(nativeOnly);
		}
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total 3.0", "n_bucket{le=\"+Inf\"} 3", "n_count 3",
				"n_sum 3.0");
	}

	@Test
	void collectorThatIsReplacedGoesOnWithoutAGap() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		CollectorPublisher publisher = publisher(registry);
		Counter counter = Counter.builder().name("c").withoutExemplars().register(registry);
		Gauge gauge = Gauge.builder().name("g").withoutExemplars().register(registry);
		counter.inc(5);
		gauge.set(1);
		publisher.publish();
		registry.unregister(counter);
		registry.unregister(gauge);
		BackgroundSampling.last(publisher.sampler());
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total 5.0", "g 1.0");
		Counter.builder().name("c").withoutExemplars().register(registry).inc(7);
		Gauge.builder().name("g").withoutExemplars().register(registry).set(2);
		BackgroundSampling.last(publisher.sampler());
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total 12.0", "g 2.0");
		registry.clear();
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total 12.0");
	}

	@Test
	void counterThatMakesNoSenseChangesNothing() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> snapshot = collector(registry);
		CollectorPublisher publisher = publisher(registry);
		for (double told : new double[] { 5, Double.NaN, Double.POSITIVE_INFINITY, 6 }) {
			snapshot.set(CounterSnapshot.builder()
				.name("c")
				.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(told).build())
				.build());
			publisher.publish();
		}
		assertThat(Exposed.samples(this.merged)).containsExactly("c_total 6.0");
	}

	@Test
	void collectorThatThrowsAnErrorStopsNoOther() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		Collector broken = () -> {
			throw new NoClassDefFoundError("planted");
		};
		registry.register(broken);
		for (int i = 0; i < 20; i++) {
			Counter.builder().name("c" + i).withoutExemplars().register(registry).inc();
		}
		publisher(registry).publish();
		assertThat(Exposed.samples(this.merged)).hasSize(20);
	}

	@Test
	void counterThatBeginsAnewGoesOn() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> snapshot = collector(registry);
		CollectorPublisher publisher = publisher(registry);
		double[] told = { 5, 5, 2, 3, 0, 10 };
		double[] shown = { 5, 5, 7, 8, 8, 18 };
		for (int i = 0; i < told.length; i++) {
			snapshot.set(CounterSnapshot.builder()
				.name("c")
				.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(told[i]).build())
				.build());
			publisher.publish();
			assertThat(Exposed.samples(this.merged)).containsExactly("c_total " + shown[i]);
		}
	}

	@Test
	void histogramThatBeginsAnewGoesOn() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> snapshot = collector(registry);
		CollectorPublisher publisher = publisher(registry);
		snapshot.set(histogram(classic(3, 2), null, -5));
		publisher.publish();
		snapshot.set(histogram(classic(1, 2), null, -1));
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).containsExactly("h_bucket{le=\"1.0\"} 4", "h_bucket{le=\"+Inf\"} 8",
				"h_count 8", "h_sum -6.0");
		snapshot.set(histogram(classic(1, 3), null, -4));
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).contains("h_count 9", "h_sum -9.0");
	}

	@Test
	void nativeHistogramsAreBroughtToTheLowestSchema() {
		NativeBuckets fine = buckets(3, 0.5, 7, new int[] { -7, 0, 1, 8, 9 }, new long[] { 1, 2, 4, 8, 16 });
		NativeBuckets coarse = buckets(1, 0.25, 1, new int[] { -1, 0, 2 }, new long[] { 32, 64, 128 });
		for (NativeBuckets one : List.of(fine, coarse)) {
			PrometheusRegistry registry = new IsolatingPrometheusRegistry();
			collector(registry).set(histogram(null, one, 1));
			publisher(registry).publish();
		}
		HistogramDataPointSnapshot point = mergedHistogram();
		// Schema 3 to 1: -7 becomes -1, within (0.5, 0.71]; 1 and 0 become 1 and 0.
		assertThat(point.getNativeSchema()).isEqualTo(1);
		assertThat(point.getNativeZeroThreshold()).isEqualTo(0.5);
		assertThat(point.getNativeZeroCount()).isEqualTo(8);
		assertThat(point.getNativeBucketsForPositiveValues()
			.stream()
			.map((bucket) -> bucket.getBucketIndex() + ":" + bucket.getCount()))
			.containsExactly("-1:33", "0:66", "1:4", "2:136", "3:16");
		assertThat(point.getCount()).isEqualTo(263);
		assertThat(point.getSum()).isEqualTo(2);
	}

	@Test
	void nativeHistogramThatCoarsensWhileItGrowsNeverGoesBack() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> snapshot = collector(registry);
		CollectorPublisher publisher = publisher(registry);
		snapshot.set(histogram(null, buckets(2, 0, 1, new int[] { 1, 2, 3 }, new long[] { 1, 1, 1 }), 1));
		publisher.publish();
		snapshot.set(histogram(null, buckets(1, 0, 1, new int[] { 1, 2 }, new long[] { 3, 1 }), 1));
		publisher.publish();
		assertThat(mergedHistogram().getNativeSchema()).isEqualTo(1);
		assertThat(nativeCounts()).containsExactly("1:3", "2:1");
		// Around zero, wider: up to the upper bound of bucket 1.
		snapshot.set(histogram(null, buckets(1, Math.sqrt(2), 5, new int[] { 2 }, new long[] { 2 }), 1));
		publisher.publish();
		assertThat(mergedHistogram().getNativeZeroCount()).isEqualTo(5);
		assertThat(nativeCounts()).containsExactly("2:2");
		// Begun anew, fine again.
		snapshot.set(histogram(null, buckets(2, 0, 0, new int[] { 4 }, new long[] { 1 }), 1));
		publisher.publish();
		assertThat(mergedHistogram().getNativeZeroCount()).isEqualTo(5);
		assertThat(nativeCounts()).containsExactly("2:3");
		assertThat(mergedHistogram().getCount()).isEqualTo(8);
	}

	@Test
	void nativeAndClassicVersionsOfOneHistogramAddUp() {
		PrometheusRegistry old = new IsolatingPrometheusRegistry();
		collector(old).set(histogram(classic(3, 2), null, 9));
		publisher(old).publish();
		PrometheusRegistry renewed = new IsolatingPrometheusRegistry();
		AtomicReference<MetricSnapshot> snapshot = collector(renewed);
		CollectorPublisher publisher = publisher(renewed);
		snapshot.set(histogram(classic(1, 1), buckets(0, 0, 1, new int[] { 4 }, new long[] { 1 }), 1));
		publisher.publish();
		assertThat(Exposed.samples(this.merged)).containsExactly("h_bucket{le=\"1.0\"} 4", "h_bucket{le=\"+Inf\"} 7",
				"h_count 7", "h_sum 10.0");
		assertThat(nativeCounts()).containsExactly("0:3", "1:2", "4:1");
		assertThat(mergedHistogram().getNativeZeroCount()).isEqualTo(1);
		Exposed.inAllFormats(this.merged);
	}

	@Test
	void widestThresholdAroundZeroTakesWholeBuckets() {
		for (NativeBuckets one : List.of(buckets(0, 3, 1, new int[0], new long[0]),
				buckets(0, 0, 2, new int[] { 1, 2, 3 }, new long[] { 4, 8, 16 }))) {
			PrometheusRegistry registry = new IsolatingPrometheusRegistry();
			collector(registry).set(histogram(null, one, 1));
			publisher(registry).publish();
		}
		// Bucket 2 is (2, 4]: it can't be cut at 3.
		assertThat(mergedHistogram().getNativeZeroThreshold()).isEqualTo(4);
		assertThat(mergedHistogram().getNativeZeroCount()).isEqualTo(15);
		assertThat(nativeCounts()).containsExactly("3:16");
	}

	/** An instance is read while it publishes. */
	@ParameterizedTest
	@CsvSource({ "3, 2, 4", "1, 1, 6", "9, 0, 6" })
	void nativeAndClassicCountsOfOneReadingAreTheSame(double upToOne, double beyond, long count) {
		MetricsWriter writer = this.fleet.start().writer();
		writer
			.sample(Family.samples("h", "", MetricType.NATIVE_BUCKET, GaugeMode.SUM, NativeBucket.LABEL_NAMES,
					List.of()), List.of("0", "+", "1"))
			.set((double) count, 1);
		writer
			.sample(Family.samples("h", "", MetricType.NATIVE_HISTOGRAM, GaugeMode.SUM, List.of(), List.of(1.0)),
					List.of())
			.set(7, new double[] { upToOne, beyond }, 1);
		assertThat(mergedHistogram().getCount()).isEqualTo(count);
		assertThat(mergedHistogram().getClassicBuckets().getCount(0)).isEqualTo(Math.min((long) upToOne, count));
	}

	private List<String> nativeCounts() {
		return mergedHistogram().getNativeBucketsForPositiveValues()
			.stream()
			.map((bucket) -> bucket.getBucketIndex() + ":" + bucket.getCount())
			.toList();
	}

	private HistogramDataPointSnapshot mergedHistogram() {
		return (HistogramDataPointSnapshot) this.merged.scrape("h"::equals).get(0).getDataPoints().get(0);
	}

	private static NativeBuckets buckets(int schema, double threshold, long zeros, int[] indexes, long[] counts) {
		return NativeBuckets
			.of(new HistogramDataPointSnapshot(schema, zeros, threshold, NativeHistogramBuckets.of(indexes, counts),
					NativeHistogramBuckets.EMPTY, 0, Labels.EMPTY, Exemplars.EMPTY, 0));
	}

	private static ClassicHistogramBuckets classic(long upToOne, long beyond) {
		return ClassicHistogramBuckets.of(new double[] { 1, Double.POSITIVE_INFINITY }, new long[] { upToOne, beyond });
	}

	private static HistogramSnapshot histogram(ClassicHistogramBuckets classic, NativeBuckets buckets, double sum) {
		HistogramDataPointSnapshot.Builder point = HistogramDataPointSnapshot.builder().sum(sum);
		if (classic != null) {
			point.classicHistogramBuckets(classic);
		}
		if (buckets != null) {
			point.nativeSchema(buckets.schema())
				.nativeZeroThreshold(buckets.zeroThreshold())
				.nativeZeroCount(buckets.zeroCount())
				.nativeBucketsForPositiveValues(buckets.positiveBuckets());
		}
		return HistogramSnapshot.builder().name("h").dataPoint(point.build()).build();
	}

	@Test
	void collectorThatThrowsStopsNobodyAndKeepsWhatItTold() {
		for (PrometheusRegistry registry : List.of(new IsolatingPrometheusRegistry(), new PrometheusRegistry())) {
			try (TestFleet fleet = TestFleet.in(this.directory.resolve(registry.getClass().getSimpleName()))) {
				AtomicReference<MetricSnapshot> failing = new AtomicReference<>(gauge("failing", 1));
				Collector collector = () -> {
					MetricSnapshot snapshot = failing.get();
					if (snapshot == null) {
						throw new IllegalStateException("no connection");
					}
					return snapshot;
				};
				registry.register(collector);
				Gauge gauge = Gauge.builder().name("g").withoutExemplars().register(registry);
				CollectorPublisher publisher = new CollectorPublisher(registry, fleet.start().writer(),
						(name) -> GaugeMode.LIVESUM, UnaryOperator.identity(), this.warnings::add);
				publisher.publish();
				failing.set(null);
				gauge.set(2);
				publisher.publish();
				publisher.publish();
				PrometheusRegistry merged = new MergedPrometheusRegistry(fleet.observer(), "instance_id", () -> {
				}, ConflictListener.NONE);
				assertThat(Exposed.samples(merged)).containsExactly("failing 1.0",
						(registry instanceof IsolatingPrometheusRegistry) ? "g 2.0" : "g 0.0");
				assertThat(this.warnings).hasSize(1);
				assertThat(this.warnings.remove(0)).contains("cause=java.lang.IllegalStateException: no connection");
			}
		}
	}

	@Test
	void seriesThatTwoCollectorsTellIsTheFirstOnes() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		MultiCollector twice = () -> MetricSnapshots.of(gauge("g", 1), gauge("g", 2));
		registry.register(twice);
		publisher(registry).publish();
		assertThat(Exposed.samples(this.merged)).containsExactly("g 1.0");
	}

	@Test
	void exemplarsOfTracesAreKept() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		collector(registry).set(HistogramSnapshot.builder()
			.name("h")
			.dataPoint(HistogramDataPointSnapshot.builder()
				.sum(1)
				.classicHistogramBuckets(classic(3, 2))
				.exemplars(Exemplars.of(exemplar(1, "a", 10), exemplar(0.5, "b", 20), exemplar(7, "c", 5),
						Exemplar.builder().value(8).labels(Labels.of("user", "1")).timestampMillis(1).build()))
				.build())
			.build());
		collector(registry).set(CounterSnapshot.builder()
			.name("c")
			.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
				.value(3)
				.exemplar(exemplar(2, "d", 1500))
				.build())
			.build());
		publisher(registry).publish();
		assertThat(Exposed.openMetrics(this.merged)).contains(
				"h_bucket{le=\"1.0\"} 3 # {span_id=\"s\",trace_id=\"b\"} 0.5 0.020",
				"h_bucket{le=\"+Inf\"} 5 # {span_id=\"s\",trace_id=\"c\"} 7.0 0.005",
				"c_total 3.0 # {span_id=\"s\",trace_id=\"d\"} 2.0 1.500");
	}

	private static Exemplar exemplar(double value, String traceId, long time) {
		return Exemplar.builder().value(value).traceId(traceId).spanId("s").timestampMillis(time).build();
	}

	@Test
	void instanceWithoutAStoreShowsItsCollectors() {
		PrometheusRegistry registry = new IsolatingPrometheusRegistry();
		Counter.builder().name("c").withoutExemplars().register(registry).inc(2);
		MetricsWriter writer = MetricsWriter.unshared("0");
		InstanceMetrics meters = new InstanceMetrics(MetricsWriter.unshared("0").ownSegments(), writer.ownSegments());
		registry.register(new InstanceCollector(meters, () -> {
		}));
		CollectorPublisher publisher = new CollectorPublisher(registry, writer, (name) -> GaugeMode.LIVESUM,
				UnaryOperator.identity(), this.warnings::add);
		PrometheusRegistry alone = new MergedPrometheusRegistry(meters, "instance_id", publisher::publish,
				ConflictListener.NONE);
		assertThat(Exposed.samples(alone)).containsExactly("c_total 2.0");
		assertThat(Exposed.samples(alone)).containsExactly("c_total 2.0");
	}

}
