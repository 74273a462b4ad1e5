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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Health of this instance's part in the fleet. Its worst status is {@code DEGRADED},
 * which Boot's overall status ignores unless it is configured otherwise: an instance that
 * can't be observed properly still serves requests and must not be taken out of service.
 * Spring Boot's types for health differ between its versions, so none is used here.
 */
public final class FleetHealth {

	private static final String UP = "UP";

	private static final String UNKNOWN = "UNKNOWN";

	private static final String DEGRADED = "DEGRADED";

	/** Well below the 80 % at which the less important events are dropped. */
	private static final double NEARLY_FULL = 0.6;

	private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

	private final @Nullable FleetObserver observer;

	private final long maxBacklogBytes;

	/**
	 * Creates the health of a fleet.
	 * @param observer reads the state of the fleet, or null if the starter was disabled
	 * after the application was processed ahead of time
	 * @param maxBacklogBytes the maximum size of an instance's log queue
	 */
	public FleetHealth(@Nullable FleetObserver observer, long maxBacklogBytes) {
		this.observer = observer;
		this.maxBacklogBytes = maxBacklogBytes;
	}

	/**
	 * Returns the health at present.
	 * @return status and details
	 */
	public Report check() {
		FleetObserver observer = this.observer;
		if (observer == null) {
			return new Report(UNKNOWN, Map.of("enabled", false));
		}
		Builder builder = new Builder();
		try {
			check(observer, builder);
		}
		catch (RuntimeException ex) {
			builder.degraded("store", "can't be read: " + ex);
		}
		return new Report(builder.status, builder.details);
	}

	private void check(FleetObserver observer, Builder builder) {
		Fleet fleet = observer.observe();
		List<Fleet.Member> living = fleet.instances().stream().filter(Fleet.Member::alive).toList();
		builder.detail("instances", living.size());
		Fleet.Store store = fleet.store();
		if (store == null) {
			builder.degraded("store", "can't be used: metrics of this instance are kept in memory and not shared");
		}
		else {
			builder.detail("store", store.directory());
		}
		if (!fleet.problems().isEmpty()) {
			builder.degraded("problems", fleet.problems());
		}
		List<Fleet.Log> withoutCollector = fleet.logs().stream().filter(Fleet.Log::lacksCollector).toList();
		if (!withoutCollector.isEmpty()) {
			builder.degraded("collector",
					"missing: no instance writes the waiting events to the merged log, bytes="
							+ withoutCollector.stream().mapToLong(Fleet.Log::backlogBytes).sum() + ", files="
							+ withoutCollector.stream().map(Fleet.Log::file).toList());
		}
		else if (fleet.collector() != null) {
			builder.detail("collector", fleet.collector());
		}
		Map<String, String> failing = new TreeMap<>();
		fleet.logs().stream().flatMap((log) -> log.appenders().stream()).forEach((appender) -> {
			if (appender.failure() != null) {
				failing.put(appender.name(), "takes no events, which wait on disk: bytes=" + appender.backlogBytes()
						+ ", missed=" + appender.missed() + ", cause=" + appender.failure());
			}
		});
		if (!failing.isEmpty()) {
			builder.degraded("appenders", failing);
		}
		List<String> nearlyFull = living.stream()
			.filter((member) -> member.logBacklogBytes() > NEARLY_FULL * this.maxBacklogBytes)
			.map(Fleet.Member::id)
			.toList();
		if (!nearlyFull.isEmpty()) {
			builder.degraded("logBacklog", "nearly full: instances=" + nearlyFull + ", limit=" + this.maxBacklogBytes);
		}
		Instant latest = Instant.now().plus(CLOCK_TOLERANCE);
		List<String> ahead = living.stream()
			.filter((member) -> member.started().isAfter(latest))
			.map(Fleet.Member::id)
			.toList();
		if (!ahead.isEmpty()) {
			builder.degraded("clock", "behind the start time of other instances: instances=" + ahead);
		}
	}

	/**
	 * Health as Spring Boot shows it.
	 *
	 * @param status code of the status
	 * @param details by name, in the order in which they are shown
	 */
	public record Report(String status, Map<String, Object> details) {
	}

	private static final class Builder {

		private final Map<String, Object> details = new LinkedHashMap<>();

		private String status = UP;

		void detail(String name, Object detail) {
			this.details.put(name, detail);
		}

		void degraded(String name, Object detail) {
			this.status = DEGRADED;
			detail(name, detail);
		}

	}

}
