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
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.observability.internal.metrics.sampling.Source;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A collector of the application. It is called without a lock; the series that it reports
 * are written with that of the {@link PublishedMetrics}, which callers of the other
 * methods hold.
 */
final class CollectorSource extends Source {

	private final Object collector;

	private final Supplier<Collection<MetricSnapshot>> snapshots;

	private final PublishedMetrics metrics;

	private final BiConsumer<Object, Throwable> onFailure;

	/** Of its last report. Guarded by the metrics, like the rest. */
	private List<PublishedSeries> series = List.of();

	/** Its last report, if another collector had a series of it. */
	private @Nullable Collection<MetricSnapshot> rejected;

	private boolean unregistered;

	private boolean withdrawable;

	/**
	 * Creates the source.
	 * @param collector the collector
	 * @param snapshots calls it
	 * @param metrics where its series are
	 * @param onFailure called with the collector and what it has thrown
	 */
	CollectorSource(Object collector, Supplier<Collection<MetricSnapshot>> snapshots, PublishedMetrics metrics,
			BiConsumer<Object, Throwable> onFailure) {
		this.collector = collector;
		this.snapshots = snapshots;
		this.metrics = metrics;
		this.onFailure = onFailure;
	}

	@Override
	protected void ask() {
		try {
			Collection<MetricSnapshot> reported = this.snapshots.get();
			synchronized (this.metrics) {
				publish(reported);
			}
		}
		catch (Exception ex) {
			this.onFailure.accept(this.collector, ex);
		}
	}

	private void publish(Collection<MetricSnapshot> reported) {
		if (!this.unregistered) {
			this.series = this.metrics.publish(this.collector, this.series, reported);
			this.rejected = this.metrics.hasRejected() ? reported : null;
		}
	}

	/** Publishes its last report again, because another collector has dropped series. */
	void publishRejected() {
		Collection<MetricSnapshot> rejected = this.rejected;
		if (rejected != null) {
			publish(rejected);
		}
	}

	/** The collector was unregistered: another one may take over its series. */
	void abandon() {
		this.unregistered = true;
		this.series.forEach(PublishedSeries::abandon);
	}

	/**
	 * Withdraws the series of an unregistered collector that no other has taken over. In
	 * the background only the second time, because it may be about to be replaced.
	 * @param scrape whether it is for a scrape
	 * @return whether they are withdrawn
	 */
	boolean withdraw(boolean scrape) {
		if (!scrape && !this.withdrawable) {
			this.withdrawable = true;
			return false;
		}
		this.series.forEach(PublishedSeries::withdrawAbandoned);
		return true;
	}

}
