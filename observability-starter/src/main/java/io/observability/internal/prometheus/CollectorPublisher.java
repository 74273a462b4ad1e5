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

import java.io.Closeable;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.observability.GaugeMode;
import io.observability.internal.metrics.write.MetricsWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * Publishes the collectors that an application has registered on client_java's registry
 * into the store, so that they are merged with those of the other instances.
 *
 * <p>
 * Protocol. One thread at a time publishes: it scrapes each collector and writes the
 * snapshots into the cells of a separate writer. If a collector no longer reports a
 * series, a state (gauge, info, state set) is cleared and a total stays. A collector that
 * throws keeps what it reported last, and does not affect others. A process that is
 * killed leaves what was published last.
 */
public final class CollectorPublisher implements Closeable {

	private final PrometheusRegistry registry;

	private final MetricsWriter writer;

	private final Consumer<String> warnings;

	private final PublishedMetrics metrics;

	private final Set<Object> warned = new HashSet<>();

	/**
	 * Creates a publisher.
	 * @param registry the collectors to publish, except {@link InstanceCollector}; unless
	 * it is an {@link IsolatingPrometheusRegistry}, one that throws affects all of them
	 * @param writer a writer for this purpose only, closed together with the publisher
	 * @param gaugeModes modes of gauges, by the metric's name
	 * @param warnings receives a warning once for each collector that throws
	 */
	public CollectorPublisher(PrometheusRegistry registry, MetricsWriter writer, Function<String, GaugeMode> gaugeModes,
			Consumer<String> warnings) {
		this.registry = registry;
		this.writer = writer;
		this.warnings = warnings;
		this.metrics = new PublishedMetrics(writer, gaugeModes);
	}

	/** Scrapes all collectors. */
	public synchronized void publish() {
		Set<Object> failed = new HashSet<>();
		this.metrics.begin(System.currentTimeMillis());
		collectors().forEach((collector, snapshots) -> {
			try {
				snapshots.get().forEach((snapshot) -> this.metrics.publish(collector, snapshot));
			}
			catch (RuntimeException ex) {
				failed.add(collector);
				if (this.warned.add(collector)) {
					this.warnings.accept("collector fails, what it reported last is shown: collector="
							+ collector.getClass().getName() + ", cause=" + ex);
				}
			}
		});
		this.metrics.end(failed);
	}

	private Map<Object, Supplier<Collection<MetricSnapshot>>> collectors() {
		if (this.registry instanceof IsolatingPrometheusRegistry isolating) {
			return isolating.collectors();
		}
		return Map.of(this.registry,
				() -> this.registry.scrape(new InstanceCollector.ApplicationCollectorsRequest()).stream().toList());
	}

	@Override
	public void close() {
		publish();
		this.writer.close();
	}

}
