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
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Exposed;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is shown while two versions of an application, which disagree about a metric, run
 * side by side.
 */
class VersionConflictTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private int turns;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void countersAddUpHoweverTheyAreKept() {
		PrometheusRegistry merged = fleetOf(
				(writer) -> writer
					.totals(Family.totals("x", "", MetricType.COUNTER, List.of("a", "b"), List.of(), 1),
							List.of("1", "2"))
					.add(3),
				(writer) -> writer.totals(Family.totals("x", "", MetricType.COUNTER, List.of("b", "a"), List.of(), 10),
						List.of("2", "1"))
					.add(5),
				(writer) -> writer
					.sample(Family.samples("x", "", MetricType.COUNTER, GaugeMode.SUM, List.of("a", "b"), List.of()),
							List.of("1", "2"))
					.set(0.25, 1));
		assertThat(Exposed.samples(merged)).containsExactly("x_total{a=\"1\",b=\"2\"} 3.75");
	}

	@Test
	void histogramHasTheBoundsOfAllVersions() {
		PrometheusRegistry merged = fleetOf((writer) -> {
			recordInEachBucket(writer, MetricType.HISTOGRAM, List.of(1.0, 2.0, 4.0), 1, 1.0);
			recordInEachBucket(writer, MetricType.SUMMARY, List.of(), 1, 10.0);
		}, (writer) -> recordInEachBucket(writer, MetricType.HISTOGRAM, List.of(500.0, 2000.0, 3000.0), 1000, 500L));
		assertThat(Exposed.samples(merged)).containsExactly("x_bucket{le=\"0.5\"} 1", "x_bucket{le=\"1.0\"} 2",
				"x_bucket{le=\"2.0\"} 4", "x_bucket{le=\"3.0\"} 5", "x_bucket{le=\"4.0\"} 6", "x_bucket{le=\"+Inf\"} 9",
				"x_count 9", "x_sum 16.0");
	}

	private static void recordInEachBucket(MetricsWriter writer, MetricType type, List<Double> units, double divisor,
			double amount) {
		List<Double> bounds = units.stream().map((bound) -> bound / divisor).toList();
		TotalsFamily family = Family.totals("x", "", type, List.of(), bounds, divisor);
		for (int bucket = 0; bucket <= bounds.size(); bucket++) {
			writer.totals(family, List.of()).record(bucket, amount);
		}
	}

	@Test
	void newVersionsBucketsGrowByWhatIsRecordedAlone() {
		TotalsFamily old = Family.totals("x", "", MetricType.HISTOGRAM, List.of(), List.of(1.0, 4.0), 1);
		TotalsFamily renewed = Family.totals("x", "", MetricType.HISTOGRAM, List.of(), List.of(2.0, 4.0), 1);
		MetricsWriter ended = this.fleet.start().writer();
		ended.totals(old, List.of()).record(1, 3);
		MetricsWriter living = this.fleet.start().writer();
		PrometheusRegistry merged = merged();
		living.totals(renewed, List.of()).record(0, 2);
		assertThat(Exposed.samples(merged)).contains("x_bucket{le=\"1.0\"} 0", "x_bucket{le=\"2.0\"} 1",
				"x_bucket{le=\"4.0\"} 2", "x_bucket{le=\"+Inf\"} 2");
		living.totals(renewed, List.of()).record(0, 2);
		assertThat(Exposed.samples(merged)).contains("x_bucket{le=\"1.0\"} 0", "x_bucket{le=\"2.0\"} 2",
				"x_bucket{le=\"4.0\"} 3", "x_bucket{le=\"+Inf\"} 3");
	}

	@Test
	void labelsWithoutBucketsStandBesideOthersWithBuckets() {
		PrometheusRegistry merged = fleetOf(
				(writer) -> writer
					.totals(Family.totals("x", "", MetricType.SUMMARY, List.of("a"), List.of(), 1), List.of("1"))
					.record(0, 2),
				(writer) -> writer
					.totals(Family.totals("x", "", MetricType.HISTOGRAM, List.of("b"), List.of(1.0), 1), List.of("1"))
					.record(0, 1));
		assertThat(Exposed.samples(merged)).containsExactly("x_bucket{a=\"1\",le=\"+Inf\"} 1", "x_count{a=\"1\"} 1",
				"x_sum{a=\"1\"} 2.0", "x_bucket{b=\"1\",le=\"1.0\"} 1", "x_bucket{b=\"1\",le=\"+Inf\"} 1",
				"x_count{b=\"1\"} 1", "x_sum{b=\"1\"} 1.0");
	}

	@Test
	void maximumIsTheGreaterOfDifferentWindows() {
		long now = System.currentTimeMillis();
		PrometheusRegistry merged = fleetOf(
				(writer) -> writer.windowMax(Family.windowMax("x", "", List.of(), 1, 3, 600_000), List.of(), now)
					.record(2),
				(writer) -> writer.windowMax(Family.windowMax("x", "", List.of(), 1e3, 5, 900_000), List.of(), now)
					.record(5000),
				(writer) -> writer.sample(gauge("x", GaugeMode.MAX), List.of()).set(4, 1));
		assertThat(Exposed.samples(merged)).containsExactly("x 5.0");
	}

	@Test
	void gaugesWhoseLabelsAreInAnotherOrderMergeByTheirMode() {
		assertThat(gaugesInTwoOrders(GaugeMode.LIVESUM)).containsExactly("x{a=\"1\",b=\"2\"} 7.0");
		assertThat(gaugesInTwoOrders(GaugeMode.LIVEMIN)).containsExactly("x{a=\"1\",b=\"2\"} 3.0");
		assertThat(gaugesInTwoOrders(GaugeMode.LIVEMAX)).containsExactly("x{a=\"1\",b=\"2\"} 4.0");
		assertThat(gaugesInTwoOrders(GaugeMode.LIVEMOSTRECENT)).containsExactly("x{a=\"1\",b=\"2\"} 3.0");
		assertThat(gaugesInTwoOrders(GaugeMode.LIVEALL)).containsExactly("x{a=\"1\",b=\"2\",instance_id=\"0\"} 4.0",
				"x{a=\"1\",b=\"2\",instance_id=\"1\"} 3.0");
	}

	private List<String> gaugesInTwoOrders(GaugeMode mode) {
		try (TestFleet fleet = TestFleet.in(this.directory.resolve(mode.name()))) {
			set(fleet, mode, List.of("a", "b"), List.of("1", "2"), 4, 10);
			set(fleet, mode, List.of("b", "a"), List.of("2", "1"), 3, 20);
			return Exposed.samples(new MergedPrometheusRegistry(fleet.observer(), "instance_id", () -> {
			}, ConflictListener.NONE));
		}
	}

	private static void set(TestFleet fleet, GaugeMode mode, List<String> names, List<String> values, double value,
			long changed) {
		fleet.start()
			.writer()
			.sample(Family.samples("x", "", MetricType.GAUGE, mode, names, List.of()), values)
			.set(value, changed);
	}

	@Test
	void typesOfOneNameAreAllShown() {
		assertThat(inAnyOrder(List.of(VersionConflictTests::counter, VersionConflictTests::gauge))).containsExactly(
				"# HELP x A gauge.", "# TYPE x gauge", "x 7.0", "# HELP x_total A counter.", "# TYPE x_total untyped",
				"x_total 3.0");
		assertThat(inAnyOrder(List.of(VersionConflictTests::counter, VersionConflictTests::histogram))).containsExactly(
				"# HELP x A histogram.", "# TYPE x histogram", "x_bucket{le=\"1.0\"} 1", "x_bucket{le=\"+Inf\"} 1",
				"x_count 1", "x_sum 1.0", "# HELP x_total A counter.", "# TYPE x_total untyped", "x_total 3.0");
		assertThat(inAnyOrder(
				List.of(VersionConflictTests::gauge, VersionConflictTests::histogram, VersionConflictTests::info)))
			.containsExactly("# HELP x A gauge.", "# TYPE x gauge", "x 7.0", "# HELP x_bucket A histogram.",
					"# TYPE x_bucket untyped", "x_bucket{le=\"+Inf\"} 1.0", "x_bucket{le=\"1.0\"} 1.0",
					"# HELP x_count A histogram.", "# TYPE x_count untyped", "x_count 1.0", "# HELP x_info An info.",
					"# TYPE x_info untyped", "x_info{version=\"2\"} 1.0", "# HELP x_sum A histogram.",
					"# TYPE x_sum untyped", "x_sum 1.0");
		assertThat(inAnyOrder(List.of(VersionConflictTests::summary, VersionConflictTests::longTasks))).containsExactly(
				"# HELP x A summary.", "# TYPE x summary", "x_count 1", "x_sum 5.0", "# HELP x_bucket Tasks.",
				"# TYPE x_bucket untyped", "x_bucket{le=\"+Inf\"} 2.0", "x_bucket{le=\"1.0\"} 0.0",
				"# HELP x_gcount Tasks.", "# TYPE x_gcount untyped", "x_gcount 2.0", "# HELP x_gsum Tasks.",
				"# TYPE x_gsum untyped", "x_gsum 9.0");
	}

	@Test
	void sampleThatIsAnotherMetricIsShownOnce() {
		Consumer<MetricsWriter> sameAsCounter = (
				writer) -> writer.sample(gauge("x_total", GaugeMode.LIVESUM), List.of()).set(8, 1);
		Consumer<MetricsWriter> sameAsCount = (writer) -> writer.sample(gauge("x_count", GaugeMode.LIVESUM), List.of())
			.set(9, 1);
		assertThat(inAnyOrder(List.of(VersionConflictTests::counter, sameAsCounter)))
			.containsExactly("# HELP x_total A gauge.", "# TYPE x_total gauge", "x_total 8.0");
		assertThat(inAnyOrder(List.of(VersionConflictTests::summary, sameAsCount))).containsExactly(
				"# HELP x_count A gauge.", "# TYPE x_count gauge", "x_count 9.0", "# HELP x_sum A summary.",
				"# TYPE x_sum untyped", "x_sum 5.0");
	}

	@Test
	void nameIsFreeAgainWhenNothingIsShownUnderIt() {
		MetricsWriter old = this.fleet.start().writer();
		old.sample(gauge("x", GaugeMode.LIVESUM), List.of()).set(7, 1);
		counter(this.fleet.start().writer());
		PrometheusRegistry merged = merged();
		assertThat(Exposed.text(merged)).contains("# TYPE x gauge", "# TYPE x_total untyped");
		old.sample(gauge("x", GaugeMode.LIVESUM), List.of()).clear();
		assertThat(Exposed.text(merged)).contains("# TYPE x_total counter").doesNotContain("gauge");
	}

	@Test
	void whatIsShownUntypedIsAskedForByEitherName() {
		PrometheusRegistry merged = fleetOf(VersionConflictTests::counter, VersionConflictTests::gauge);
		assertThat(merged.scrape("x_total"::equals).stream().map((snapshot) -> snapshot.getMetadata().getName()))
			.containsExactly("x_total");
		assertThat(merged.scrape("x"::equals).stream().map((snapshot) -> snapshot.getMetadata().getName()))
			.containsExactly("x", "x_total");
	}

	@Test
	void oneOfSeveralUntypedSamplesIsAskedForByItsName() {
		PrometheusRegistry merged = fleetOf(VersionConflictTests::gauge, VersionConflictTests::summary);
		assertThat(merged.scrape("x_count"::equals).stream().map((snapshot) -> snapshot.getMetadata().getName()))
			.containsExactly("x_count");
	}

	@Test
	void seriesThatIsNewIsShownWithTheOthers() {
		MetricsWriter writer = this.fleet.start().writer();
		TotalsFamily family = Family.totals("x", "", MetricType.COUNTER, List.of("a"), List.of(), 1);
		writer.totals(family, List.of("2")).add(1);
		PrometheusRegistry merged = merged();
		assertThat(Exposed.samples(merged)).containsExactly("x_total{a=\"2\"} 1.0");
		writer.totals(family, List.of("1")).add(1);
		assertThat(Exposed.samples(merged)).containsExactly("x_total{a=\"1\"} 1.0", "x_total{a=\"2\"} 1.0");
	}

	private List<String> inAnyOrder(List<Consumer<MetricsWriter>> versions) {
		List<Consumer<MetricsWriter>> order = new ArrayList<>(versions);
		List<String> first = null;
		for (int turn = 0; turn < versions.size(); turn++) {
			Collections.rotate(order, 1);
			try (TestFleet fleet = TestFleet.in(this.directory.resolve("turn-" + this.turns++))) {
				order.forEach((version) -> version.accept(fleet.start().writer()));
				PrometheusRegistry merged = new MergedPrometheusRegistry(fleet.observer(), "instance_id", () -> {
				}, ConflictListener.NONE);
				Exposed.inAllFormats(merged);
				List<String> lines = Exposed.text(merged).lines().toList();
				assertThat(lines).isEqualTo((first != null) ? first : lines);
				first = lines;
			}
		}
		return (first != null) ? first : List.of();
	}

	@SafeVarargs
	private PrometheusRegistry fleetOf(Consumer<MetricsWriter>... versions) {
		for (Consumer<MetricsWriter> version : versions) {
			version.accept(this.fleet.start().writer());
		}
		PrometheusRegistry merged = merged();
		Exposed.inAllFormats(merged);
		return merged;
	}

	private PrometheusRegistry merged() {
		return new MergedPrometheusRegistry(this.fleet.observer(), "instance_id", () -> {
		}, ConflictListener.NONE);
	}

	private static SampleFamily gauge(String name, GaugeMode mode) {
		return Family.samples(name, "A gauge.", MetricType.GAUGE, mode, List.of(), List.of());
	}

	private static void counter(MetricsWriter writer) {
		writer.totals(Family.totals("x", "A counter.", MetricType.COUNTER, List.of(), List.of(), 1), List.of()).add(3);
	}

	private static void gauge(MetricsWriter writer) {
		writer.sample(gauge("x", GaugeMode.LIVESUM), List.of()).set(7, 1);
	}

	private static void histogram(MetricsWriter writer) {
		writer.totals(Family.totals("x", "A histogram.", MetricType.HISTOGRAM, List.of(), List.of(1.0), 1), List.of())
			.record(0, 1);
	}

	private static void summary(MetricsWriter writer) {
		writer.totals(Family.totals("x", "A summary.", MetricType.SUMMARY, List.of(), List.of(), 1), List.of())
			.record(0, 5);
	}

	private static void longTasks(MetricsWriter writer) {
		writer
			.sample(Family.samples("x", "Tasks.", MetricType.GAUGE_HISTOGRAM, GaugeMode.LIVESUM, List.of(),
					List.of(1.0)), List.of())
			.set(9, new double[] { 0, 2 }, 1);
	}

	private static void info(MetricsWriter writer) {
		writer
			.sample(Family.samples("x", "An info.", MetricType.INFO, GaugeMode.LIVEMAX, List.of("version"), List.of()),
					List.of("2"))
			.set(1, 1);
	}

}
