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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;

/**
 * The samples of a metric whose name another metric has, as untyped metrics under their
 * usual names, so that queries still find them.
 */
final class UntypedSnapshots {

	private final Map<String, List<UnknownDataPointSnapshot>> byName = new LinkedHashMap<>();

	private final MetricMetadata metadata;

	private UntypedSnapshots(MetricMetadata metadata) {
		this.metadata = metadata;
	}

	static List<UnknownSnapshot> of(MetricSnapshot snapshot) {
		UntypedSnapshots untyped = new UntypedSnapshots(snapshot.getMetadata());
		if (snapshot instanceof CounterSnapshot counters) {
			for (CounterDataPointSnapshot counter : counters.getDataPoints()) {
				untyped.add("_total", counter.getLabels(), counter.getValue());
			}
		}
		else if (snapshot instanceof HistogramSnapshot histograms) {
			for (HistogramDataPointSnapshot histogram : histograms.getDataPoints()) {
				untyped.addBuckets(histogram);
				untyped.addCountAndSum(histograms.isGaugeHistogram() ? "_g" : "_", histogram);
			}
		}
		else if (snapshot instanceof SummarySnapshot summaries) {
			summaries.getDataPoints().forEach((summary) -> untyped.addCountAndSum("_", summary));
		}
		else if (snapshot instanceof InfoSnapshot infos) {
			for (DataPointSnapshot info : infos.getDataPoints()) {
				untyped.add("_info", info.getLabels(), 1);
			}
		}
		// Samples of other types have the metric's own name, which is taken.
		return untyped.snapshots();
	}

	private void addBuckets(HistogramDataPointSnapshot histogram) {
		// Native buckets have no names.
		ClassicHistogramBuckets buckets = histogram.getClassicBuckets();
		long count = 0;
		for (int i = 0; i < buckets.size(); i++) {
			count += buckets.getCount(i);
			double bound = buckets.getUpperBound(i);
			String le = (bound == Double.POSITIVE_INFINITY) ? "+Inf" : Double.toString(bound);
			add("_bucket", histogram.getLabels().add("le", le), (double) count);
		}
	}

	private void addCountAndSum(String prefix, DistributionDataPointSnapshot distribution) {
		add(prefix + "count", distribution.getLabels(), (double) distribution.getCount());
		add(prefix + "sum", distribution.getLabels(), distribution.getSum());
	}

	private void add(String suffix, Labels labels, double value) {
		this.byName.computeIfAbsent(suffix, (name) -> new ArrayList<>())
			.add(new UnknownDataPointSnapshot(value, labels, null));
	}

	private List<UnknownSnapshot> snapshots() {
		List<UnknownSnapshot> snapshots = new ArrayList<>();
		this.byName.forEach((suffix, points) -> {
			String name = this.metadata.getName() + suffix;
			// client_java 1.3, which Boot 3.5 has, refuses _total, _bucket and _info.
			if (PrometheusNaming.isValidMetricName(name)) {
				snapshots.add(new UnknownSnapshot(new MetricMetadata(name, this.metadata.getHelp()), points));
			}
		});
		return snapshots;
	}

}
