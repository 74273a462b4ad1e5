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
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * This instance's own meters, for users of client_java's registry: the push gateway,
 * {@code PrometheusMeterRegistry.scrape()}, code of the application. The
 * {@link CollectorPublisher} scrapes the same registry with
 * {@link ApplicationCollectorsRequest}, and gets nothing from here.
 */
public final class InstanceCollector implements MultiCollector {

	private final MetricsSource instance;

	private final Runnable beforeReading;

	private final SnapshotBuilder builder = new SnapshotBuilder(null, ConflictListener.NONE);

	/**
	 * Creates a collector.
	 * @param instance the metrics of this instance
	 * @param beforeReading run before they are read, to sample meters
	 */
	public InstanceCollector(MetricsSource instance, Runnable beforeReading) {
		this.instance = instance;
		this.beforeReading = beforeReading;
	}

	@Override
	public MetricSnapshots collect() {
		return collect((name) -> true, null);
	}

	@Override
	public MetricSnapshots collect(PrometheusScrapeRequest scrapeRequest) {
		return collect((name) -> true, scrapeRequest);
	}

	@Override
	public MetricSnapshots collect(Predicate<String> includedNames, @Nullable PrometheusScrapeRequest scrapeRequest) {
		if (scrapeRequest instanceof ApplicationCollectorsRequest) {
			return MetricSnapshots.of();
		}
		this.beforeReading.run();
		try {
			return this.instance
				.collect((families) -> this.builder.build(families, includedNames, System.currentTimeMillis()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A scrape of the collectors that the application has registered. */
	static final class ApplicationCollectorsRequest implements PrometheusScrapeRequest {

		@Override
		public String getRequestPath() {
			return "";
		}

		@Override
		public String @Nullable [] getParameterValues(String name) {
			return null;
		}

	}

}
