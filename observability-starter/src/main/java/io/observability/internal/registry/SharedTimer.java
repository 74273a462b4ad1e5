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

package io.observability.internal.registry;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.AbstractTimer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.util.TimeUtils;
import io.observability.internal.metrics.cells.Totals;
import org.jspecify.annotations.Nullable;

/**
 * A timer in the store, which keeps whole nanoseconds.
 */
final class SharedTimer extends AbstractTimer implements SharedDistribution {

	private final Buckets buckets;

	private Totals totals;

	private RecentMax max;

	private @Nullable ExemplarSampler exemplars;

	SharedTimer(Id id, Clock clock, DistributionStatisticConfig withoutBuckets, PauseDetector pauseDetector,
			Buckets buckets, Recording recording) {
		super(id, clock, withoutBuckets, pauseDetector, TimeUnit.SECONDS, false);
		this.buckets = buckets;
		this.totals = recording.totals();
		this.max = recording.max();
		this.exemplars = recording.exemplars();
	}

	@Override
	public void redirect(Recording recording) {
		recording.totals().countFrom(this.totals);
		VarHandle.storeStoreFence();
		this.totals = recording.totals();
		this.max = recording.max();
		this.exemplars = recording.exemplars();
	}

	@Override
	protected void recordNonNegative(long amount, TimeUnit unit) {
		long nanos = unit.toNanos(amount);
		int bucket = this.buckets.indexOf((double) nanos);
		this.totals.record(bucket, nanos);
		this.max.record((double) nanos);
		ExemplarSampler exemplars = this.exemplars;
		if (exemplars != null) {
			exemplars.recorded(bucket, nanos / SharedFamilies.NANOS_PER_SECOND);
		}
	}

	@Override
	public long count() {
		return this.buckets.count(this.totals);
	}

	@Override
	public double totalTime(TimeUnit unit) {
		return TimeUtils.nanosToUnit(this.totals.sum(), unit);
	}

	@Override
	public double max(TimeUnit unit) {
		return TimeUtils.nanosToUnit(this.max.value(), unit);
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
