package io.observability.merge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.observability.store.MetricsSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * The merged view in the shape that Boot's scrape endpoint asks for: the meters of all
 * instances, and what else this instance's own registry holds. Safe for any thread.
 */
public final class MergedPrometheusRegistry extends PrometheusRegistry {

	private final MetricsSource fleet;

	private final PrometheusRegistry own;

	private final Runnable beforeReading;

	private final SnapshotBuilder builder;

	/**
	 * Creates the view.
	 * @param fleet the metrics of all instances
	 * @param own this instance's registry, with an {@link InstanceCollector} in it
	 * @param instanceLabel name of the label that tells instances apart
	 * @param beforeReading run before anything is read, to sample what has to be sampled
	 */
	public MergedPrometheusRegistry(MetricsSource fleet, PrometheusRegistry own, String instanceLabel,
			Runnable beforeReading) {
		this.fleet = fleet;
		this.own = own;
		this.beforeReading = beforeReading;
		this.builder = new SnapshotBuilder(instanceLabel);
	}

	@Override
	public MetricSnapshots scrape() {
		return merge((name) -> true, this.own.scrape(new InstanceCollector.OthersOnly()));
	}

	@Override
	public MetricSnapshots scrape(@Nullable PrometheusScrapeRequest scrapeRequest) {
		return scrape();
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> includedNames) {
		if (includedNames == null) {
			return scrape();
		}
		return merge(includedNames, this.own.scrape(includedNames, new InstanceCollector.OthersOnly()));
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> includedNames,
			@Nullable PrometheusScrapeRequest scrapeRequest) {
		return scrape(includedNames);
	}

	private MetricSnapshots merge(Predicate<String> includedNames, MetricSnapshots others) {
		this.beforeReading.run();
		try {
			return withOthers(
					this.fleet
						.collect((families) -> this.builder.build(families, includedNames, System.currentTimeMillis())),
					others);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A name that both have is the fleet's: one name with two types would fail the
	 * scrape.
	 */
	private static MetricSnapshots withOthers(MetricSnapshots fleet, MetricSnapshots others) {
		if (others.size() == 0) {
			return fleet;
		}
		List<MetricSnapshot> all = new ArrayList<>();
		Set<String> names = new HashSet<>();
		for (MetricSnapshot snapshot : fleet) {
			all.add(snapshot);
			names.add(snapshot.getMetadata().getPrometheusName());
		}
		for (MetricSnapshot snapshot : others) {
			if (!names.contains(snapshot.getMetadata().getPrometheusName())) {
				all.add(snapshot);
			}
		}
		return new MetricSnapshots(all);
	}

}
