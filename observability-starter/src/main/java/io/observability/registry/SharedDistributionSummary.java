package io.observability.registry;

import io.micrometer.core.instrument.AbstractDistributionSummary;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.observability.store.Totals;

/**
 * A distribution summary in the store.
 */
final class SharedDistributionSummary extends AbstractDistributionSummary {

	private final Buckets buckets;

	private final Totals totals;

	private final RecentMax max;

	SharedDistributionSummary(Id id, Clock clock, DistributionStatisticConfig withoutBuckets, double scale,
			Buckets buckets, Totals totals, RecentMax max) {
		super(id, clock, withoutBuckets, scale, false);
		this.buckets = buckets;
		this.totals = totals;
		this.max = max;
	}

	@Override
	protected void recordNonNegative(double amount) {
		this.totals.record(this.buckets.indexOf(amount), amount);
		this.max.record(amount);
	}

	@Override
	public long count() {
		return this.buckets.countAll(this.totals);
	}

	@Override
	public double totalAmount() {
		return this.totals.sum();
	}

	@Override
	public double max() {
		return this.max.value();
	}

	@Override
	public HistogramSnapshot takeSnapshot() {
		HistogramSnapshot snapshot = super.takeSnapshot();
		if (!this.buckets.isHistogram()) {
			return snapshot;
		}
		return new HistogramSnapshot(snapshot.count(), snapshot.total(), snapshot.max(), snapshot.percentileValues(),
				this.buckets.counts(this.totals), snapshot::outputSummary);
	}

}
