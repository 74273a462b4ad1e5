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

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.LifeSign;
import io.observability.internal.instance.Occupant;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.log.collector.FleetLog;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.StoreState;
import io.observability.internal.segment.Problems;
import io.observability.internal.task.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of the fleet: its instances and the contents of the shared folder.
 */
public final class FleetObserver {

	/** Before the name of a task, in the place of a file among the problems. */
	static final String TASK_PREFIX = "task ";

	/** Before the name of a metric, likewise. */
	static final String METRIC_PREFIX = "metric ";

	private final Supplier<@Nullable Instance> self;

	private final @Nullable FleetMetrics metrics;

	private final Problems problems;

	private final Map<Slot, Occupant> occupants = new HashMap<>();

	/**
	 * Creates the observer.
	 * @param self returns this instance, or null as long as it is not a member of a fleet
	 * @param metrics the metrics of all instances, or null if they are not read
	 * @param problems of this instance
	 */
	public FleetObserver(Supplier<@Nullable Instance> self, @Nullable FleetMetrics metrics, Problems problems) {
		this.self = self;
		this.metrics = metrics;
		this.problems = problems;
	}

	/**
	 * Reads the state of the fleet.
	 * @return the current state
	 */
	public Fleet observe() {
		return observe((this.metrics != null) ? this.metrics.state() : StoreState.NONE);
	}

	/** Reads the state of a fleet whose metrics have just been read. */
	Fleet observe(StoreState state) {
		return observe(state, logs());
	}

	/** Reads the state of the fleet, and how long events have been waiting. */
	Observation observation() {
		List<FleetLog> logs = logs();
		Instant oldest = logs.stream()
			.flatMap((log) -> log.queues().stream())
			.map(FleetLog.InstanceQueue::oldest)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
		return new Observation(observe((this.metrics != null) ? this.metrics.state() : StoreState.NONE, logs), oldest);
	}

	/** Returns how many log events of a level this instance has dropped. */
	long ownDropped(Level level) {
		Instance self = this.self.get();
		return (self != null) ? LogQueue.droppedBy(self.info().id(), level) : 0;
	}

	private List<FleetLog> logs() {
		Instance self = this.self.get();
		return (self != null) ? FleetLog.allOf(self.store()) : List.of();
	}

	/** What can't be read is left out, and is a problem. */
	private Fleet observe(StoreState state, List<FleetLog> logs) {
		Map<String, String> problems = problems();
		logs.forEach((log) -> log.problems()
			.forEach((file, problem) -> problems.merge(file.toString(), problem, (a, b) -> a + "; " + b)));
		Instance self = this.self.get();
		Map<Slot, InstanceInfo> occupants = occupants(self, problems);
		List<Fleet.Log> shown = logs(occupants, logs);
		return new Fleet(store(self), members(self, occupants, state, logs), firstCollector(shown), shown,
				new Fleet.Archive(state.archiveGeneration(), state.archivedSeries()), problems);
	}

	private static Fleet.@Nullable Store store(@Nullable Instance self) {
		if (self == null) {
			return null;
		}
		Path directory = self.store().path();
		return new Fleet.Store(directory.toString(), bytesIn(directory));
	}

	/** Returns the current or last occupant of each slot. */
	private synchronized Map<Slot, InstanceInfo> occupants(@Nullable Instance self, Map<String, String> problems) {
		Map<Slot, InstanceInfo> occupants = new LinkedHashMap<>();
		if (self == null) {
			return occupants;
		}
		try {
			for (Slot slot : new Slots(self.store()).list()) {
				InstanceInfo occupant = this.occupants.computeIfAbsent(slot, Occupant::new).now();
				if (occupant != null) {
					occupants.put(slot, occupant);
				}
			}
		}
		catch (IOException ex) {
			problems.put(self.store().slots().toString(), "slots can't be listed: " + ex.getMessage());
		}
		return occupants;
	}

	private static List<Fleet.Member> members(@Nullable Instance instance, Map<Slot, InstanceInfo> occupants,
			StoreState state, List<FleetLog> logs) {
		List<Fleet.Member> members = new ArrayList<>();
		occupants.forEach((slot, occupant) -> {
			boolean self = instance != null && occupant.equals(instance.info());
			boolean alive = slot.isAlive(occupant);
			members.add(new Fleet.Member(slot.number(), occupant.name(), occupant.pid(), occupant.host(),
					occupant.started(), alive, alive ? null : LifeSign.lastOf(slot, occupant), self,
					state.seriesBySlot().getOrDefault(slot.number(), 0),
					state.missingBySlot().getOrDefault(slot.number(), 0), backlog(logs, occupant),
					dropped(logs, occupant)));
		});
		return members;
	}

	private static long backlog(List<FleetLog> logs, InstanceInfo instance) {
		return queues(logs, instance).mapToLong(FleetLog.InstanceQueue::backlog).sum();
	}

	private static Map<String, Long> dropped(List<FleetLog> logs, InstanceInfo instance) {
		Map<String, Long> dropped = new TreeMap<>();
		queues(logs, instance).forEach((queue) -> queue.dropped().forEach((level, count) -> {
			if (count > 0) {
				dropped.merge(level.getName(), count, Long::sum);
			}
		}));
		return dropped;
	}

	private static Stream<FleetLog.InstanceQueue> queues(List<FleetLog> logs, InstanceInfo instance) {
		return logs.stream()
			.flatMap((log) -> log.queues().stream())
			.filter((queue) -> queue.instance().equals(instance.id()));
	}

	/** Leaves out a store without a log. */
	private static List<Fleet.Log> logs(Map<Slot, InstanceInfo> occupants, List<FleetLog> logs) {
		return logs.stream()
			.map((log) -> new Fleet.Log(log.file(), collector(occupants, log), log.collected(), log.backlog(),
					appenders(log)))
			.filter((log) -> log.file() != null || log.collected() != null || log.backlogBytes() > 0
					|| !log.appenders().isEmpty())
			.toList();
	}

	private static List<Fleet.Appender> appenders(FleetLog log) {
		return log.appenders()
			.stream()
			.map((appender) -> new Fleet.Appender(appender.name(), appender.backlog(), appender.missed(),
					appender.failure()))
			.toList();
	}

	private static @Nullable Integer firstCollector(List<Fleet.Log> logs) {
		return logs.stream().map(Fleet.Log::collector).filter(Objects::nonNull).findFirst().orElse(null);
	}

	private static @Nullable Integer collector(Map<Slot, InstanceInfo> occupants, FleetLog log) {
		return occupants.values()
			.stream()
			.filter((occupant) -> occupant.id().equals(log.collector()))
			.map(InstanceInfo::slot)
			.findFirst()
			.orElse(null);
	}

	private Map<String, String> problems() {
		Map<String, String> byFile = new HashMap<>();
		this.problems.byFile().forEach((file, problem) -> byFile.put(file.toString(), problem));
		this.problems.byMetric().forEach((metric, problem) -> byFile.put(METRIC_PREFIX + metric, problem));
		Supervisor.ofThisProcess()
			.failures()
			.current()
			.forEach((task, failure) -> byFile.put(TASK_PREFIX + task,
					"background task fails and is tried again: " + failure));
		return byFile;
	}

	/** Returns the size of a folder, as far as it can be read. */
	private static long bytesIn(Path directory) {
		AtomicLong bytes = new AtomicLong();
		try {
			Files.walkFileTree(directory, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					bytes.addAndGet(attributes.size());
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(Path file, IOException ex) {
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException ex) {
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			// The visitor throws none.
		}
		return bytes.get();
	}

	/**
	 * The state of the fleet at some time.
	 *
	 * @param fleet the state
	 * @param oldestEvent time of the oldest event that waits for the collector, or null
	 */
	record Observation(Fleet fleet, @Nullable Instant oldestEvent) {
	}

}
