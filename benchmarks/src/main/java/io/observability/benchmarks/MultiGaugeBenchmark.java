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

package io.observability.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.prometheus.ConflictListener;
import io.observability.internal.prometheus.MergedPrometheusRegistry;
import io.observability.internal.registry.GaugeModes;
import io.observability.internal.registry.SharedMeterRegistry;
import io.observability.internal.segment.Problems;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;

/**
 * What many generations of a {@link MultiGauge} leave behind, each of which replaces all
 * rows by rows with new labels: time of a scrape, bytes of the store. The last
 * generations are compared with the first ones, after as many in another store to warm
 * up.
 */
final class MultiGaugeBenchmark {

	private static final int GENERATIONS = Integer.getInteger("generations", 10_000);

	private static final int ROWS = Integer.getInteger("rows", 1000);

	private static final int WARM_UP = 300;

	/** So many generations at the beginning, and at the end, are measured. */
	private static final int MEASURED = 50;

	private static final double NANOS_PER_MILLI = 1e6;

	private MultiGaugeBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if the store can't be used
	 */
	public static void main(String[] args) throws IOException {
		Comparison unused = new Comparison("", "");
		run(WARM_UP, unused, unused);
		Comparison scrape = new Comparison("scrape in generation %,d / first".formatted(GENERATIONS), "ms");
		Comparison bytes = new Comparison("bytes of the store, the same", "bytes");
		run(GENERATIONS, scrape, bytes);
		scrape.printRatio("<= 1.2");
		bytes.printRatio("<= 1.5");
	}

	private static void run(int generations, Comparison scrape, Comparison bytes) throws IOException {
		List<Double> firstScrapes = new ArrayList<>();
		List<Double> firstBytes = new ArrayList<>();
		try (TemporaryFolder folder = TemporaryFolder.create("rows");
				Instance instance = Instance.join(StoreDirectory.open(folder.path()), null);
				MetricsWriter writer = writer(instance);
				FleetMetrics fleet = new FleetMetrics(instance.store(), List.of(writer.ownSegments()), problems())) {
			SharedMeterRegistry meters = new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(),
					Clock.SYSTEM, writer, new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
			PrometheusScrapeEndpoint endpoint = new PrometheusScrapeEndpoint(
					new MergedPrometheusRegistry(fleet, "instance_id", meters::sample, ConflictListener.NONE),
					new Properties());
			MultiGauge gauge = MultiGauge.builder("rows").register(meters);
			for (int generation = 0; generation < generations; generation++) {
				gauge.register(rows(generation), true);
				meters.sample();
				double millis = scrape(endpoint) / NANOS_PER_MILLI;
				if (generation < MEASURED) {
					firstScrapes.add(millis);
					firstBytes.add((double) bytes(folder.path()));
				}
				int fromEnd = generations - 1 - generation;
				if (fromEnd < MEASURED) {
					scrape.add(millis, firstScrapes.get(fromEnd));
					bytes.add((double) bytes(folder.path()), firstBytes.get(0));
				}
			}
		}
	}

	private static MetricsWriter writer(Instance instance) {
		return MetricsWriter.open(instance, 2 * ROWS + 1, problems());
	}

	private static Problems problems() {
		return new Problems((text) -> {
			throw new IllegalStateException("the benchmark's store can't be used: " + text);
		});
	}

	private static List<MultiGauge.Row<?>> rows(int generation) {
		List<MultiGauge.Row<?>> rows = new ArrayList<>(ROWS);
		for (int row = 0; row < ROWS; row++) {
			rows.add(MultiGauge.Row.of(Tags.of("job", "job-" + generation + "-" + row, "state", "running"), row));
		}
		return rows;
	}

	private static long scrape(PrometheusScrapeEndpoint endpoint) {
		long start = System.nanoTime();
		byte[] text = endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null).getBody();
		long nanos = System.nanoTime() - start;
		long samples = Scrape.of(nanos, Objects.requireNonNull(text)).samples();
		if (samples != ROWS) {
			throw new IllegalStateException("a scrape has other rows than there are: rows=" + samples);
		}
		return nanos;
	}

	private static long bytes(Path store) throws IOException {
		long bytes = 0;
		for (Path file : TemporaryFolder.files(store)) {
			bytes += Files.size(file);
		}
		return bytes;
	}

}
