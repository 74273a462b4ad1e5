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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.SampleFamily;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.write.MetricsWriter;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Creates the families of meters, with the names, labels and types that Micrometer's
 * Prometheus registry gives them.
 */
final class SharedFamilies {

	static final double NANOS_PER_SECOND = 1e9;

	// Micrometer's defaults.
	private static final int DEFAULT_WINDOWS = 3;

	private static final Duration DEFAULT_EXPIRY = Duration.ofMinutes(2);

	private final PrometheusConfig config;

	private final GaugeModes gaugeModes;

	private final Supplier<MeterRegistry.Config> registryConfig;

	SharedFamilies(PrometheusConfig config, GaugeModes gaugeModes, Supplier<MeterRegistry.Config> registryConfig) {
		this.config = config;
		this.gaugeModes = gaugeModes;
		this.registryConfig = registryConfig;
	}

	Described describe(Meter.Id id) {
		NamingConvention convention = this.registryConfig.get().namingConvention();
		List<String> names = new ArrayList<>();
		List<String> values = new ArrayList<>();
		for (Tag tag : id.getTagsAsIterable()) {
			names.add(convention.tagKey(tag.getKey()));
			// As it is: the parent does not ask the naming convention for values.
			values.add(tag.getValue());
		}
		String description = id.getDescription();
		String help = (this.config.descriptions() && description != null) ? description : " ";
		return new Described(id.getConventionName(convention), help, this.gaugeModes.of(id.getName()), names, values);
	}

	/**
	 * A meter's name, help and labels, from which its families are created.
	 */
	record Described(String name, String help, GaugeMode mode, List<String> labelNames, List<String> labelValues) {

		TotalsFamily counter() {
			return Family.totals(this.name, this.help, MetricType.COUNTER, this.labelNames, List.of(), 1);
		}

		TotalsFamily distribution(Buckets buckets, double divisor) {
			return Family.totals(this.name, this.help,
					buckets.isHistogram() ? MetricType.HISTOGRAM : MetricType.SUMMARY, this.labelNames,
					buckets.bounds(divisor), divisor);
		}

		WindowMaxFamily windowMax(double divisor, DistributionStatisticConfig config) {
			int windows = Objects.requireNonNullElse(config.getBufferLength(), DEFAULT_WINDOWS);
			Duration expiry = Objects.requireNonNullElse(config.getExpiry(), DEFAULT_EXPIRY);
			// As in Micrometer, the expiry is the length of each window.
			return Family.windowMax(this.name + "_max", this.help, this.labelNames, divisor, windows,
					Math.max(1, expiry.toMillis()));
		}

		SampleFamily gauge(String suffix) {
			return samples(suffix, MetricType.GAUGE, this.mode);
		}

		SampleFamily info() {
			return samples("", MetricType.INFO, GaugeMode.LIVEMAX);
		}

		SampleFamily sampledCounter(String suffix) {
			return samples(suffix, MetricType.COUNTER, GaugeMode.SUM);
		}

		SampleFamily sampledSummary() {
			return samples("", MetricType.SUMMARY, GaugeMode.SUM);
		}

		SampleFamily longTaskTimer(HistogramSnapshot snapshot) {
			List<Double> bounds = Arrays.stream(snapshot.histogramCounts())
				.map((CountAtBucket count) -> count.bucket(SECONDS))
				.toList();
			return Family.samples(this.name, this.help,
					bounds.isEmpty() ? MetricType.SUMMARY : MetricType.GAUGE_HISTOGRAM, GaugeMode.LIVESUM,
					this.labelNames, bounds);
		}

		SampleFamily longTaskTimerMax() {
			return samples("_max", MetricType.GAUGE, GaugeMode.LIVEMAX);
		}

		private SampleFamily samples(String suffix, MetricType type, GaugeMode mode) {
			return Family.samples(this.name + suffix, this.help, type, mode, this.labelNames, List.of());
		}

		/** One of the measurements of a custom meter. */
		SampledSeries sampled(Measurement measurement, MetricsWriter writer, Samples samples) {
			List<String> names = new ArrayList<>(this.labelNames);
			names.add("statistic");
			List<String> values = new ArrayList<>(this.labelValues);
			values.add(measurement.getStatistic().toString());
			Described described = new Described(this.name, this.help, this.mode, names, values);
			return switch (measurement.getStatistic()) {
				case TOTAL, TOTAL_TIME ->
					samples.counter(writer.sample(described.sampledCounter("_sum"), values), measurement::getValue);
				case COUNT ->
					samples.counter(writer.sample(described.sampledCounter(""), values), measurement::getValue);
				case MAX -> samples.gauge(writer.sample(described.gauge("_max"), values), described.mode(),
						measurement::getValue);
				case VALUE, UNKNOWN -> samples.gauge(writer.sample(described.gauge("_value"), values), described.mode(),
						measurement::getValue);
				case ACTIVE_TASKS -> samples.gauge(writer.sample(described.gauge("_active_count"), values),
						described.mode(), measurement::getValue);
				case DURATION -> samples.gauge(writer.sample(described.gauge("_duration_sum"), values),
						described.mode(), measurement::getValue);
			};
		}

	}

}
