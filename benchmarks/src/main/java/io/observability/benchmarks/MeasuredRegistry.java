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

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.registry.GaugeModes;
import io.observability.internal.registry.SharedMeterRegistry;
import io.observability.internal.segment.Problems;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * A registry to be measured, by name: Micrometer's own on the heap, or the shared one
 * over a store of its own.
 */
final class MeasuredRegistry implements Closeable {

	private final MeterRegistry meters;

	private final List<Closeable> resources;

	private MeasuredRegistry(MeterRegistry meters, List<Closeable> resources) {
		this.meters = meters;
		this.resources = resources;
	}

	static MeasuredRegistry open(String name) throws IOException {
		return switch (name) {
			case "prometheus" -> new MeasuredRegistry(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), List.of());
			case "shared" -> shared();
			default -> throw new IllegalArgumentException("unknown registry: name=" + name);
		};
	}

	private static MeasuredRegistry shared() throws IOException {
		TemporaryFolder folder = TemporaryFolder.create("store");
		MeasuredRegistry joined = join(folder.path());
		return new MeasuredRegistry(joined.meters, List.of(joined, folder));
	}

	/** Opens the registry of an instance, and samples it as the starter does. */
	static MeasuredRegistry join(Path store) throws IOException {
		Instance instance = Instance.join(StoreDirectory.open(store), null);
		MetricsWriter writer = MetricsWriter.open(instance, Integer.MAX_VALUE, new Problems((text) -> {
			throw new IllegalStateException("the benchmark's store can't be written: " + text);
		}));
		SharedMeterRegistry meters = new SharedMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(),
				Clock.SYSTEM, writer, new GaugeModes(GaugeMode.LIVEALL, Map.of()), null);
		ScheduledExecutorService sampling = Executors.newSingleThreadScheduledExecutor();
		Future<?> unused = sampling.scheduleWithFixedDelay(meters::sample, 0, 1, TimeUnit.SECONDS);
		return new MeasuredRegistry(meters, List.of(sampling::shutdownNow, writer, instance));
	}

	MeterRegistry meters() {
		return this.meters;
	}

	@Override
	public void close() throws IOException {
		this.meters.close();
		for (Closeable resource : this.resources) {
			resource.close();
		}
	}

}
