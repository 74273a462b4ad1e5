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

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionCounter;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.internal.DefaultGauge;
import io.micrometer.core.instrument.internal.DefaultLongTaskTimer;
import io.micrometer.core.instrument.internal.DefaultMeter;
import io.micrometer.core.instrument.util.TimeUtils;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.format.WindowMaxFamily;
import io.observability.internal.metrics.sampling.BackgroundSampling;
import io.observability.internal.metrics.sampling.FleetSource;
import io.observability.internal.metrics.sampling.Sampler;
import io.observability.internal.metrics.write.MetricsWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PrometheusMeterRegistry} that keeps its meters in the store, where all
 * instances see them. Names, labels and types are those of its parent, so adding the
 * starter changes no series.
 *
 * <p>
 * Recording is safe for any thread, and still works after {@link #close()}, for requests
 * that finish during a graceful shutdown. Meters that are functions are asked by
 * {@link #sample()}, before this instance's own numbers are read, and in the background
 * by {@link #sampler()}.
 */
public final class SharedMeterRegistry extends ListenedMeterRegistry {

	private final MetricsWriter writer;

	private final SharedFamilies families;

	private final @Nullable SpanContext spanContext;

	private final Map<String, Exposed> exposed = new ConcurrentHashMap<>();

	private final CommonMeters common;

	private final Samples samples;

	private final SampledMeters sampled = new SampledMeters();

	private final Map<Meter.Id, RecentMax> maxima = new ConcurrentHashMap<>();

	private final Map<Meter.Id, ExemplarSampler> exemplars = new ConcurrentHashMap<>();

	/**
	 * Creates a registry.
	 * @param config configuration of the parent
	 * @param registry client_java's registry, for collectors of the application
	 * @param clock the clock
	 * @param writer writes the series; to be closed after the last recording
	 * @param gaugeModes how gauges of several instances are merged
	 * @param spanContext the current span, or null to record no exemplars
	 */
	@SuppressWarnings("this-escape")
	public SharedMeterRegistry(PrometheusConfig config, PrometheusRegistry registry, Clock clock, MetricsWriter writer,
			GaugeModes gaugeModes, @Nullable SpanContext spanContext) {
		super(config, registry, clock);
		this.writer = writer;
		this.spanContext = spanContext;
		this.families = new SharedFamilies(config, gaugeModes, this::config);
		this.common = CommonMeters.of(writer.store(), this::isClosed);
		this.samples = new Samples(clock);
		config().onMeterRemoved(this::removed);
	}

	@Override
	public Counter newCounter(Meter.Id id) {
		SharedFamilies.Described described = this.families.describe(id);
		TotalsFamily family = described.counter();
		Exposure exposure = exposure(id, null);
		if (exposure == Exposure.SHARED) {
			return new SharedCounter(id, this.writer.totals(family, described.labelValues()),
					exemplars(id, family, described, 1));
		}
		SharedCounter counter = new SharedCounter(id, Totals.unshared(family), null);
		if (exposure == Exposure.COMMON) {
			this.common.add(id, null,
					new RecordedCommonMeter(
							() -> counter.redirect(this.writer.totals(family, described.labelValues()),
									exemplars(id, family, described, 1)),
							() -> counter.redirect(Totals.unshared(family), null)));
		}
		return counter;
	}

	@Override
	protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
		Buckets buckets = Buckets.of(config);
		return recorded(id, config, buckets, SharedFamilies.NANOS_PER_SECOND, (recording) -> new SharedTimer(id,
				this.clock, withoutBuckets(config), pauseDetector, buckets, recording));
	}

	@Override
	public DistributionSummary newDistributionSummary(Meter.Id id, DistributionStatisticConfig config, double scale) {
		Buckets buckets = Buckets.of(config);
		return recorded(id, config, buckets, 1, (recording) -> new SharedDistributionSummary(id, this.clock,
				withoutBuckets(config), scale, buckets, recording));
	}

	private <T extends SharedDistribution> T recorded(Meter.Id id, DistributionStatisticConfig config, Buckets buckets,
			double divisor, Function<Recording, T> create) {
		SharedFamilies.Described described = this.families.describe(id);
		TotalsFamily family = described.distribution(buckets, divisor);
		WindowMaxFamily max = described.windowMax(divisor, config);
		Supplier<Recording> shared = () -> new Recording(this.writer.totals(family, described.labelValues()),
				recentMax(id, this.writer.windowMax(max, described.labelValues(), this.clock.wallTime())),
				exemplars(id, family, described, buckets.size()));
		Supplier<Recording> kept = () -> new Recording(Totals.unshared(family),
				recentMax(id, WindowMax.unshared(max, this.clock.wallTime())), null);
		Exposure exposure = exposure(id, null);
		T meter = create.apply((exposure == Exposure.SHARED) ? shared.get() : kept.get());
		if (exposure == Exposure.COMMON) {
			this.common.add(id, null,
					new RecordedCommonMeter(() -> meter.redirect(shared.get()), () -> meter.redirect(kept.get())));
		}
		return meter;
	}

	private @Nullable ExemplarSampler exemplars(Meter.Id id, Family family, SharedFamilies.Described described,
			int buckets) {
		if (this.spanContext == null) {
			return null;
		}
		ExemplarSampler sampler = new ExemplarSampler(this.spanContext,
				this.writer.exemplars(family.exemplars(), described.labelValues()), buckets, this.clock);
		this.exemplars.put(id, sampler);
		return sampler;
	}

	private RecentMax recentMax(Meter.Id id, WindowMax cells) {
		RecentMax max = new RecentMax(cells, this.clock);
		this.maxima.put(id, max);
		return max;
	}

	/**
	 * Percentiles are seen by this instance only: those of several instances can't be
	 * merged.
	 */
	private static DistributionStatisticConfig withoutBuckets(DistributionStatisticConfig config) {
		return DistributionStatisticConfig.builder()
			.percentilesHistogram(false)
			.serviceLevelObjectives()
			.build()
			.merge(config);
	}

	@Override
	protected <T> Gauge newGauge(Meter.Id id, @Nullable T obj, ToDoubleFunction<T> valueFunction) {
		Gauge gauge = new DefaultGauge<>(id, obj, valueFunction);
		SharedFamilies.Described described = this.families.describe(id);
		boolean info = id.getName().endsWith(".info");
		sample(id, null, () -> {
			Sample cells = this.writer.sample(info ? described.info() : described.gauge(""), described.labelValues());
			if (info) {
				return one(this.samples.info(cells));
			}
			return one((obj instanceof FleetSource) ? this.samples.fleetGauge(cells, described.mode(), gauge::value)
					: this.samples.gauge(cells, described.mode(), gauge::value));
		});
		return gauge;
	}

	@Override
	protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig config) {
		LongTaskTimer timer = new DefaultLongTaskTimer(id, this.clock, getBaseTimeUnit(), config, true);
		SharedFamilies.Described described = this.families.describe(id);
		sample(id, null, () -> {
			Sample cells = this.writer.sample(described.longTaskTimer(timer.takeSnapshot()), described.labelValues());
			Sample max = this.writer.sample(described.longTaskTimerMax(), described.labelValues());
			return one(this.samples.longTaskTimer(cells, max, timer));
		});
		return timer;
	}

	@Override
	protected <T> FunctionTimer newFunctionTimer(Meter.Id id, T obj, ToLongFunction<T> countFunction,
			ToDoubleFunction<T> totalTimeFunction, TimeUnit totalTimeFunctionUnit) {
		SharedFamilies.Described described = this.families.describe(id);
		// Not by the meter, which takes a value that makes no sense for zero.
		WeakReference<T> source = new WeakReference<>(obj);
		sample(id, obj, () -> {
			Sample cells = this.writer.sample(described.sampledSummary(), described.labelValues());
			return one(this.samples.functionTimer(cells, value(source, countFunction::applyAsLong),
					value(source, (object) -> TimeUtils.convert(totalTimeFunction.applyAsDouble(object),
							totalTimeFunctionUnit, TimeUnit.SECONDS))));
		});
		return new CumulativeFunctionTimer<>(id, obj, countFunction, totalTimeFunction, totalTimeFunctionUnit,
				getBaseTimeUnit());
	}

	private static <T> DoubleSupplier value(WeakReference<T> source, ToDoubleFunction<T> function) {
		return () -> {
			T object = source.get();
			return (object != null) ? function.applyAsDouble(object) : Double.NaN;
		};
	}

	@Override
	protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T obj, ToDoubleFunction<T> countFunction) {
		FunctionCounter counter = new CumulativeFunctionCounter<>(id, obj, countFunction);
		SharedFamilies.Described described = this.families.describe(id);
		sample(id, obj, () -> one(this.samples
			.counter(this.writer.sample(described.sampledCounter(""), described.labelValues()), counter::count)));
		return counter;
	}

	@Override
	protected Meter newMeter(Meter.Id id, Meter.Type type, Iterable<Measurement> measurements) {
		SharedFamilies.Described described = this.families.describe(id);
		sample(id, null, () -> {
			List<SampledSeries> all = new ArrayList<>();
			for (Measurement measurement : measurements) {
				all.add(described.sampled(measurement, this.writer, this.samples));
			}
			return all.toArray(SampledSeries[]::new);
		});
		return new DefaultMeter(id, type, measurements);
	}

	private static SampledSeries[] one(SampledSeries series) {
		return new SampledSeries[] { series };
	}

	/** Has a meter asked from now on, unless it can't be exposed. */
	private void sample(Meter.Id id, @Nullable Object source, Supplier<SampledSeries[]> series) {
		switch (exposure(id, source)) {
			case SHARED -> this.sampled.add(id, series.get());
			case COMMON -> this.common.add(id, source, new SampledCommonMeter(id, this.sampled, series));
			case NONE -> {
				// It has no series.
			}
		}
	}

	/**
	 * Returns whether a new meter is exposed. It is not if another meter, or one of
	 * another type, has its Prometheus name already, as with the parent.
	 */
	private Exposure exposure(Meter.Id id, @Nullable Object source) {
		String name = getConventionName(id);
		Exposed exposed = this.exposed.merge(name, new Exposed(id, 1), (known, added) -> known.and(id, 1));
		if (exposed.isOf(id)) {
			return CommonSources.areCommon(id, source) ? Exposure.COMMON : Exposure.SHARED;
		}
		meterRegistrationFailed(id, "there is already a meter with this Prometheus name: name=" + name + ", meter="
				+ exposed.first().getName() + ", type=" + exposed.first().getType());
		return Exposure.NONE;
	}

	private void removed(Meter meter) {
		// After the last meter of a name is removed, another type may use the name.
		this.exposed.computeIfPresent(getConventionName(meter.getId()), (name,
				exposed) -> (exposed.and(meter.getId(), -1).meters() > 0) ? exposed.and(meter.getId(), -1) : null);
		this.common.remove(meter.getId());
		this.maxima.remove(meter.getId());
		this.exemplars.remove(meter.getId());
		this.sampled.remove(meter.getId());
	}

	/** Asks the meters that are functions, for a scrape. */
	public void sample() {
		rotate();
		this.sampled.sampler().sample();
	}

	/**
	 * Rotates the time windows of maxima, and lets each bucket get another exemplar. To
	 * be called at the sample interval.
	 */
	public void rotate() {
		long now = this.clock.wallTime();
		for (RecentMax max : this.maxima.values()) {
			max.rotate(now);
		}
		for (ExemplarSampler each : this.exemplars.values()) {
			each.open();
		}
	}

	/**
	 * Returns what asks the meters that are functions.
	 * @return the sampler
	 */
	public Sampler sampler() {
		return this.sampled.sampler();
	}

	/**
	 * Takes this registry out of Micrometer's global one if another registry of this
	 * process and store is there. To be called after it may have been added.
	 */
	public void afterRegistration() {
		GlobalRegistryMember.added(this.writer.store(), this);
	}

	@Override
	public void close() {
		if (!isClosed()) {
			BackgroundSampling.last(this.sampled.sampler());
			super.close();
			this.common.leave();
			GlobalRegistryMember.closed(this.writer.store(), this);
		}
	}

	/** Closes the registry. From now on it is not to be sampled any more. */
	public void destroy() {
		close();
		this.common.end();
	}

	/** Whether a meter is exposed. */
	private enum Exposure {

		/** It is. */
		SHARED,

		/** It is, unless another registry of this process exposes its source. */
		COMMON,

		/** It is not: the application may go on recording into it. */
		NONE

	}

	/**
	 * The meters of one Prometheus name.
	 *
	 * @param first the first meter
	 * @param meters number of meters with the same name and type
	 */
	private record Exposed(Meter.Id first, int meters) {

		private boolean isOf(Meter.Id id) {
			return this.first.getName().equals(id.getName()) && this.first.getType() == id.getType();
		}

		private Exposed and(Meter.Id id, int more) {
			return isOf(id) ? new Exposed(this.first, this.meters + more) : this;
		}

	}

}
