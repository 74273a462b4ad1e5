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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of this instance's part in the fleet. Its worst status is {@code DEGRADED},
 * which Boot's overall status ignores unless it is configured otherwise: an instance that
 * can't be observed properly still serves requests and must not be taken out of service.
 */
public final class FleetHealthIndicator extends AbstractHealthIndicator {

	private static final Status DEGRADED = new Status("DEGRADED");

	/** Well below the 80 % at which the less important events are dropped. */
	private static final double NEARLY_FULL = 0.6;

	private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

	private final @Nullable FleetObserver observer;

	private final long maxBacklogBytes;

	/**
	 * Creates the indicator.
	 * @param observer reads the state of the fleet, or null if the starter was disabled
	 * after the application was processed ahead of time
	 * @param maxBacklogBytes the maximum size of an instance's log queue
	 */
	public FleetHealthIndicator(@Nullable FleetObserver observer, long maxBacklogBytes) {
		super("fleet can't be read");
		this.observer = observer;
		this.maxBacklogBytes = maxBacklogBytes;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		FleetObserver observer = this.observer;
		if (observer == null) {
			builder.unknown().withDetail("enabled", false);
			return;
		}
		builder.up();
		try {
			check(observer, builder);
		}
		catch (RuntimeException ex) {
			degraded(builder, "store", "can't be read: " + ex);
		}
	}

	private void check(FleetObserver observer, Health.Builder builder) {
		Fleet fleet = observer.observe();
		List<Fleet.Member> living = fleet.instances().stream().filter(Fleet.Member::alive).toList();
		builder.withDetail("instances", living.size());
		Fleet.Store store = fleet.store();
		if (store == null) {
			degraded(builder, "store", "can't be used: metrics of this instance are kept in memory and not shared");
		}
		else {
			builder.withDetail("store", store.directory());
		}
		if (!fleet.problems().isEmpty()) {
			degraded(builder, "problems", fleet.problems());
		}
		List<Fleet.Log> withoutCollector = fleet.logs().stream().filter(Fleet.Log::lacksCollector).toList();
		if (!withoutCollector.isEmpty()) {
			degraded(builder, "collector",
					"missing: no instance writes the waiting events to the merged log, bytes="
							+ withoutCollector.stream().mapToLong(Fleet.Log::backlogBytes).sum() + ", files="
							+ withoutCollector.stream().map(Fleet.Log::file).toList());
		}
		else if (fleet.collector() != null) {
			builder.withDetail("collector", fleet.collector());
		}
		Map<String, String> failing = new TreeMap<>();
		fleet.logs().stream().flatMap((log) -> log.appenders().stream()).forEach((appender) -> {
			if (appender.failure() != null) {
				failing.put(appender.name(), "takes no events, which wait on disk: bytes=" + appender.backlogBytes()
						+ ", missed=" + appender.missed() + ", cause=" + appender.failure());
			}
		});
		if (!failing.isEmpty()) {
			degraded(builder, "appenders", failing);
		}
		List<String> nearlyFull = living.stream()
			.filter((member) -> member.logBacklogBytes() > NEARLY_FULL * this.maxBacklogBytes)
			.map(Fleet.Member::id)
			.toList();
		if (!nearlyFull.isEmpty()) {
			degraded(builder, "logBacklog", "nearly full: instances=" + nearlyFull + ", limit=" + this.maxBacklogBytes);
		}
		Instant latest = Instant.now().plus(CLOCK_TOLERANCE);
		List<String> ahead = living.stream()
			.filter((member) -> member.started().isAfter(latest))
			.map(Fleet.Member::id)
			.toList();
		if (!ahead.isEmpty()) {
			degraded(builder, "clock", "behind the start time of other instances: instances=" + ahead);
		}
	}

	private static void degraded(Health.Builder builder, String name, Object detail) {
		builder.status(DEGRADED).withDetail(name, detail);
	}

}
