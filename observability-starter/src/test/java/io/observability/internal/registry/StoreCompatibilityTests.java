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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.MergedSample;
import io.observability.internal.metrics.read.MergedSeries;
import io.observability.internal.metrics.read.MergedTotals;
import io.observability.internal.metrics.read.MergedWindowMax;
import io.observability.testing.TestFleet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Micrometer's compatibility kit, over a store. After each of its tests, what its meters
 * say is what another instance reads from the files.
 */
class StoreCompatibilityTests extends MeterRegistryCompatibilityKit {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	@Override
	public MeterRegistry registry() {
		this.fleet = TestFleet.in(this.directory);
		return new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), new MockClock(),
				this.fleet.start().writer(), new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
	}

	@AfterEach
	void compareWithFiles() throws IOException {
		((SharedMeterRegistry) this.registry).sample();
		Map<String, List<Double>> read = read();
		for (Meter meter : this.registry.getMeters()) {
			List<Double> expected = expected(meter);
			if (!expected.isEmpty()) {
				assertThat(read).containsEntry(key(meter), expected);
			}
		}
		assertThat(this.fleet.warnings()).isEmpty();
		this.fleet.close();
	}

	/** Count and sum, or value, by name and labels. */
	private Map<String, List<Double>> read() throws IOException {
		return this.fleet.observer().collect((families) -> {
			Map<String, List<Double>> read = new HashMap<>();
			for (MergedFamily family : families) {
				for (MergedSeries series : family.series()) {
					if (series.isPresent() && !(series instanceof MergedWindowMax)) {
						read.put(key(family.family().name(), family.family().labelNames(), series.labelValues()),
								numbers(series));
					}
				}
			}
			return read;
		});
	}

	private static List<Double> numbers(MergedSeries series) {
		if (series instanceof MergedTotals totals) {
			return numbers(Arrays.stream(totals.counts()).asDoubleStream().toArray(), totals.sum());
		}
		MergedSample sample = (MergedSample) series;
		return numbers(sample.counts(), sample.value());
	}

	private static List<Double> numbers(double[] counts, double value) {
		return (counts.length == 0) ? List.of(value) : List.of(Arrays.stream(counts).sum(), value);
	}

	private List<Double> expected(Meter meter) {
		return meter.match((gauge) -> List.of(gauge.value()), (counter) -> List.of(counter.count()),
				(timer) -> List.of((double) timer.count(), timer.totalTime(TimeUnit.SECONDS)),
				(summary) -> List.of((double) summary.count(), summary.totalAmount()),
				(longTaskTimer) -> List.of((double) longTaskTimer.activeTasks(),
						longTaskTimer.duration(TimeUnit.SECONDS)),
				(timeGauge) -> List.of(timeGauge.value(TimeUnit.SECONDS)), (counter) -> List.of(counter.count()),
				(timer) -> List.of(timer.count(), timer.totalTime(TimeUnit.SECONDS)), (other) -> List.of());
	}

	private String key(Meter meter) {
		NamingConvention convention = this.registry.config().namingConvention();
		List<Tag> tags = meter.getId().getConventionTags(convention);
		return key(meter.getId().getConventionName(convention), tags.stream().map(Tag::getKey).toList(),
				tags.stream().map(Tag::getValue).toList());
	}

	private static String key(String name, List<String> labelNames, List<String> labelValues) {
		return name + labelNames + labelValues;
	}

	@Override
	public Duration step() {
		return PrometheusConfig.DEFAULT.step();
	}

}
