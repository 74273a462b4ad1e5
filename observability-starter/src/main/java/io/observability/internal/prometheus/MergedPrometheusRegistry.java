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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Predicate;

import io.observability.internal.metrics.read.MetricsSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * The merged view as the registry that Boot's scrape endpoint reads. Safe for any thread.
 */
public final class MergedPrometheusRegistry extends PrometheusRegistry {

	private final MetricsSource fleet;

	private final Runnable beforeReading;

	private final SnapshotBuilder builder;

	/**
	 * Creates the view.
	 * @param fleet the metrics of all instances
	 * @param instanceLabel name of the instance label
	 * @param beforeReading run before anything is read, to sample this instance's meters
	 * @param conflicts is notified of metrics that can't be exposed as they should be
	 */
	public MergedPrometheusRegistry(MetricsSource fleet, String instanceLabel, Runnable beforeReading,
			ConflictListener conflicts) {
		this.fleet = fleet;
		this.beforeReading = beforeReading;
		this.builder = new SnapshotBuilder(instanceLabel, conflicts);
	}

	@Override
	public MetricSnapshots scrape() {
		return merge((name) -> true);
	}

	@Override
	public MetricSnapshots scrape(@Nullable PrometheusScrapeRequest scrapeRequest) {
		return scrape();
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> includedNames) {
		return (includedNames != null) ? merge(includedNames) : scrape();
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> includedNames,
			@Nullable PrometheusScrapeRequest scrapeRequest) {
		return scrape(includedNames);
	}

	private MetricSnapshots merge(Predicate<String> includedNames) {
		this.beforeReading.run();
		try {
			return this.fleet
				.collect((families) -> this.builder.build(families, includedNames, System.currentTimeMillis()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
