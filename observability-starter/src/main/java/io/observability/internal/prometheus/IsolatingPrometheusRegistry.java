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

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * client_java's registry, whose collectors can also be scraped one by one: a scrape of
 * the ordinary one fails as a whole if one collector throws. Safe for any thread.
 */
public final class IsolatingPrometheusRegistry extends PrometheusRegistry {

	private final Set<Collector> collectors = ConcurrentHashMap.newKeySet();

	private final Set<MultiCollector> multiCollectors = ConcurrentHashMap.newKeySet();

	@Override
	public void register(Collector collector) {
		super.register(collector);
		this.collectors.add(collector);
	}

	@Override
	public void register(MultiCollector collector) {
		super.register(collector);
		if (!(collector instanceof InstanceCollector)) {
			this.multiCollectors.add(collector);
		}
	}

	@Override
	public void unregister(Collector collector) {
		this.collectors.remove(collector);
		super.unregister(collector);
	}

	@Override
	public void unregister(MultiCollector collector) {
		this.multiCollectors.remove(collector);
		super.unregister(collector);
	}

	@Override
	public void clear() {
		this.collectors.clear();
		this.multiCollectors.clear();
		super.clear();
	}

	/** Returns how to scrape each collector except {@link InstanceCollector}. */
	Map<Object, Supplier<Collection<MetricSnapshot>>> collectors() {
		if (this.collectors.isEmpty() && this.multiCollectors.isEmpty()) {
			return Map.of();
		}
		InstanceCollector.ApplicationCollectorsRequest request = new InstanceCollector.ApplicationCollectorsRequest();
		Map<Object, Supplier<Collection<MetricSnapshot>>> all = new HashMap<>();
		this.collectors.forEach((collector) -> all.put(collector, () -> {
			MetricSnapshot snapshot = collector.collect(request);
			return (snapshot != null) ? List.of(snapshot) : List.of();
		}));
		this.multiCollectors
			.forEach((collector) -> all.put(collector, () -> collector.collect(request).stream().toList()));
		return all;
	}

}
