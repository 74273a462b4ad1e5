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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.observability.GaugeMode;
import io.observability.internal.metrics.sampling.BackgroundSampling;
import io.observability.internal.metrics.sampling.Round;
import io.observability.internal.metrics.sampling.Sampler;
import io.observability.internal.metrics.write.MetricsWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * Publishes the collectors that an application has registered on client_java's registry
 * into the store, so that they are merged with those of the other instances.
 *
 * <p>
 * Protocol. Each collector is a {@link CollectorSource}: it is called without a lock, and
 * one thread at a time writes its snapshots into the cells of a separate writer. If a
 * collector no longer reports a series, a state (gauge, info, state set) is cleared and a
 * total stays. A collector that throws keeps what it reported last, and does not affect
 * others. A process that is killed leaves what was published last.
 */
public final class CollectorPublisher implements Closeable {

	private final PrometheusRegistry registry;

	private final MetricsWriter writer;

	private final Consumer<String> warnings;

	/** Its monitor guards the sources too. */
	private final PublishedMetrics metrics;

	private final Map<Object, CollectorSource> sources = new HashMap<>();

	private final List<CollectorSource> unregistered = new ArrayList<>();

	private final Set<Object> warned = ConcurrentHashMap.newKeySet();

	private final Sampler sampler = new Sampler(this::round);

	/**
	 * Creates a publisher.
	 * @param registry the collectors to publish, except {@link InstanceCollector}; unless
	 * it is an {@link IsolatingPrometheusRegistry}, one that throws affects all of them
	 * @param writer a writer for this purpose only, closed together with the publisher
	 * @param gaugeModes modes of gauges, by the metric's name
	 * @param names returns under which name a metric is published; called often
	 * @param warnings receives a warning once for each collector that throws
	 */
	public CollectorPublisher(PrometheusRegistry registry, MetricsWriter writer, Function<String, GaugeMode> gaugeModes,
			UnaryOperator<String> names, Consumer<String> warnings) {
		this.registry = registry;
		this.writer = writer;
		this.warnings = warnings;
		this.metrics = new PublishedMetrics(writer, gaugeModes, names);
	}

	/** Scrapes all collectors, for a scrape of the merged view. */
	public void publish() {
		this.sampler.sample();
	}

	/**
	 * Returns what scrapes the collectors.
	 * @return the sampler
	 */
	public Sampler sampler() {
		return this.sampler;
	}

	private Round round() {
		Map<Object, Supplier<Collection<MetricSnapshot>>> collectors = collectors();
		synchronized (this.metrics) {
			if (!this.sources.keySet().equals(collectors.keySet())) {
				update(collectors);
			}
			return new PublisherRound(List.copyOf(this.sources.values()), List.copyOf(this.unregistered));
		}
	}

	private void update(Map<Object, Supplier<Collection<MetricSnapshot>>> collectors) {
		this.sources.entrySet().removeIf((source) -> {
			boolean gone = !collectors.containsKey(source.getKey());
			if (gone) {
				source.getValue().abandon();
				this.unregistered.add(source.getValue());
			}
			return gone;
		});
		collectors.forEach((collector, snapshots) -> this.sources.computeIfAbsent(collector,
				(key) -> new CollectorSource(key, snapshots, this.metrics, this::warn)));
	}

	private void warn(Object collector, Throwable cause) {
		if (this.warned.add(collector)) {
			this.warnings.accept("collector fails, what it reported last is shown: collector="
					+ collector.getClass().getName() + ", cause=" + cause);
		}
	}

	private Map<Object, Supplier<Collection<MetricSnapshot>>> collectors() {
		if (this.registry instanceof IsolatingPrometheusRegistry isolating) {
			return isolating.collectors();
		}
		return Map.of(this.registry,
				() -> this.registry.scrape(new InstanceCollector.ApplicationCollectorsRequest()).stream().toList());
	}

	/** Publishes a last time. A collector that hangs keeps what it reported last. */
	@Override
	public void close() {
		BackgroundSampling.last(this.sampler);
		synchronized (this.metrics) {
			this.metrics.close();
		}
		this.writer.close();
	}

	private final class PublisherRound implements Round {

		private final List<CollectorSource> sources;

		private final List<CollectorSource> unregistered;

		private PublisherRound(List<CollectorSource> sources, List<CollectorSource> unregistered) {
			this.sources = sources;
			this.unregistered = unregistered;
		}

		@Override
		public Collection<CollectorSource> sources(boolean all) {
			return this.sources;
		}

		@Override
		public void end(boolean scrape) {
			synchronized (CollectorPublisher.this.metrics) {
				if (CollectorPublisher.this.metrics.hasDropped()) {
					this.sources.forEach(CollectorSource::publishRejected);
					CollectorPublisher.this.metrics.withdrawDropped();
				}
				for (CollectorSource source : this.unregistered) {
					if (CollectorPublisher.this.unregistered.contains(source) && source.withdraw(scrape)) {
						CollectorPublisher.this.unregistered.remove(source);
					}
				}
			}
		}

	}

}
