package io.observability.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.observability.store.Family;
import io.observability.store.MergedFamily;
import io.observability.store.MergedSeries;
import io.observability.store.MetricType;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots of merged families. Used by one thread at a time.
 *
 * <p>
 * The formats allow a metric one type, and a combination of labels one value. Instances
 * of different versions may disagree: then the first type, and of equal labels the first
 * series, is shown; a scrape never fails over it.
 */
final class SnapshotBuilder {

	private final @Nullable String instanceLabel;

	private final Predicate<String> includedNames;

	private final long nowMillis;

	private final Map<String, DataPoints> byName = new HashMap<>();

	/**
	 * Creates a builder.
	 * @param instanceLabel name of the label that tells instances apart, or null to leave
	 * it out
	 * @param includedNames which metrics are wanted
	 * @param nowMillis the time, since the epoch
	 */
	SnapshotBuilder(@Nullable String instanceLabel, Predicate<String> includedNames, long nowMillis) {
		this.instanceLabel = instanceLabel;
		this.includedNames = includedNames;
		this.nowMillis = nowMillis;
	}

	void add(Collection<MergedFamily> families) {
		families.forEach(this::add);
	}

	private void add(MergedFamily merged) {
		Family family = merged.family();
		if (!isIncluded(family)) {
			return;
		}
		for (MergedSeries series : merged.series()) {
			if (series.isPresent()) {
				try {
					add(family, series);
				}
				catch (IllegalArgumentException ex) {
					// What no format can say: a label "le" of a histogram, say.
				}
			}
		}
	}

	private void add(Family family, MergedSeries series) {
		DataPoints points = this.byName.computeIfAbsent(family.name(), (name) -> new DataPoints(family));
		if (points.hasType(family.type())) {
			points.add(labels(family, series), family, series, this.nowMillis);
		}
	}

	private boolean isIncluded(Family family) {
		// A counter is asked for by the name that the metric has, or by the one shown.
		return this.includedNames.test(family.name())
				|| (family.type() == MetricType.COUNTER && this.includedNames.test(family.name() + "_total"));
	}

	private Labels labels(Family family, MergedSeries series) {
		Labels labels = Labels.of(family.labelNames(), series.labelValues());
		String instance = series.instance();
		if (instance == null || this.instanceLabel == null || labels.contains(this.instanceLabel)) {
			return labels;
		}
		return labels.add(this.instanceLabel, instance);
	}

	MetricSnapshots build() {
		List<MetricSnapshot> snapshots = new ArrayList<>(this.byName.size());
		this.byName.values().forEach((points) -> snapshots.add(points.toSnapshot()));
		return new MetricSnapshots(snapshots);
	}

}
