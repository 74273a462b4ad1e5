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

package io.observability.internal.actuate;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.observability.internal.log.collector.MissedEvents;
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.internal.log.queue.LevelCode;
import io.observability.internal.metrics.sampling.FleetSource;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.TaskFailures;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the starter itself.
 *
 * <p>
 * Some count events of this instance and are summed over all instances like any other.
 * Values that every instance reads from the store are gauges merged as the most recent
 * one, see {@code docs/own-metrics.md}. Reading the state of the fleet takes file system
 * calls for each instance, so a result is reused for some seconds.
 */
public final class FleetMeters implements MeterBinder, FleetSource {

	private static final String BYTES = "bytes";

	private static final String APPENDER = "appender";

	private static final long MAX_AGE_NANOS = 5_000_000_000L;

	private static final List<String> TASKS = List.of("sampling", "repair", "folding", "segment-supply", "collecting",
			"rejoining", "sink", "joining");

	private final FleetObserver observer;

	private FleetObserver.@Nullable Observation last;

	private long observedNanos;

	/**
	 * Creates the meters; nothing is registered yet.
	 * @param observer reads the state of the fleet
	 */
	public FleetMeters(FleetObserver observer) {
		this.observer = observer;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, "observability.instances", null, "Instances that are alive",
				(fleet) -> fleet.instances().stream().filter(Fleet.Member::alive).count());
		gauge(registry, "observability.store.size", BYTES, "Size of all files in the store",
				(fleet) -> (fleet.store() != null) ? fleet.store().bytes() : 0);
		gauge(registry, "observability.corrupt.files", null,
				"Files of the store that an instance could not read, create or keep", FleetMeters::corruptFiles);
		gauge(registry, "observability.conflicting.metrics", null,
				"Metrics that can't be exposed as they should be, because another metric has the name or the labels",
				FleetMeters::conflictingMetrics);
		gauge(registry, "observability.log.backlog", BYTES,
				"Log events of all instances that are waiting for the collector", FleetMeters::backlog);
		gauge(registry, "observability.log.collector.present", null,
				"1 if an instance writes the merged log (each of them, if events wait), else 0",
				(fleet) -> (fleet.collector() != null && fleet.logs().stream().noneMatch(Fleet.Log::lacksCollector)) ? 1
						: 0);
		Gauge.builder("observability.log.collector.lag", this, FleetMeters::lagSeconds)
			.description("Age of the oldest log event that is waiting for the collector")
			.baseUnit("seconds")
			.register(registry);
		for (Level level : LevelCode.LEVELS) {
			FunctionCounter
				.builder("observability.log.dropped", this.observer, (observer) -> observer.ownDropped(level))
				.description("Log events that were dropped because the queue was full")
				.tag("level", (level == Level.WARNING) ? "warn" : level.getName().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		FunctionCounter.builder("observability.log.skipped", this, (meters) -> SkippedRecords.bytes())
			.description("Log events that the collector skipped because they could not be read or delivered")
			.baseUnit(BYTES)
			.register(registry);
		for (String appender : MissedEvents.appenders()) {
			appender(registry, appender);
		}
		taskFailures(registry);
	}

	private void appender(MeterRegistry registry, String appender) {
		FunctionCounter.builder("observability.log.appender.missed.events", appender, MissedEvents::count)
			.description("Log events that an attached appender has missed, because too many were waiting for it")
			.tag(APPENDER, appender)
			.register(registry);
		Gauge.builder("observability.log.appender.backlog", this, (meters) -> meters.appenderBacklog(appender))
			.description("Log events of all instances that an attached appender has not taken yet")
			.tag(APPENDER, appender)
			.baseUnit(BYTES)
			.register(registry);
	}

	private double appenderBacklog(String name) {
		return observation().fleet()
			.logs()
			.stream()
			.flatMap((log) -> log.appenders().stream())
			.filter((appender) -> appender.name().equals(name))
			.mapToLong(Fleet.Appender::backlogBytes)
			.sum();
	}

	private static void taskFailures(MeterRegistry registry) {
		TaskFailures failures = Supervisor.ofThisProcess().failures();
		for (String task : TASKS) {
			FunctionCounter.builder("observability.task.failures", failures, (counts) -> counts.count(task))
				.description("Failures of background work, which is tried again")
				.tag("task", task)
				.register(registry);
		}
	}

	private void gauge(MeterRegistry registry, String name, @Nullable String unit, String description,
			ToDoubleFunction<Fleet> value) {
		Gauge.builder(name, this, (meters) -> value.applyAsDouble(meters.observation().fleet()))
			.description(description)
			.baseUnit(unit)
			.register(registry);
	}

	private static long corruptFiles(Fleet fleet) {
		return fleet.problems()
			.keySet()
			.stream()
			.filter((file) -> !file.startsWith(FleetObserver.TASK_PREFIX)
					&& !file.startsWith(FleetObserver.METRIC_PREFIX))
			.count();
	}

	private static long conflictingMetrics(Fleet fleet) {
		return fleet.problems().keySet().stream().filter((key) -> key.startsWith(FleetObserver.METRIC_PREFIX)).count();
	}

	private static double backlog(Fleet fleet) {
		return fleet.logs().stream().mapToLong(Fleet.Log::backlogBytes).sum();
	}

	private double lagSeconds() {
		Instant oldest = observation().oldestEvent();
		return (oldest != null) ? Math.max(0, Instant.now().toEpochMilli() - oldest.toEpochMilli()) / 1e3 : 0;
	}

	private synchronized FleetObserver.Observation observation() {
		FleetObserver.Observation last = this.last;
		if (last == null || System.nanoTime() - this.observedNanos > MAX_AGE_NANOS) {
			last = this.observer.observation();
			this.last = last;
			this.observedNanos = System.nanoTime();
		}
		return last;
	}

}
