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

package io.observability.internal.logback.appender;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointProgress;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.collector.DeliverySettings;
import io.observability.internal.log.collector.LogStore;
import io.observability.internal.log.collector.MissedEvents;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.logback.event.EventOrigin;
import io.observability.internal.logback.event.EventWriter;
import io.observability.internal.logback.sinks.Sink;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/** The attached appenders, which receive whole events rather than lines of text. */
final class SinkDestination implements Destination {

	private final RollingFileAppender<ILoggingEvent> appender;

	private final AppenderAttachable<ILoggingEvent> attached;

	private final boolean file;

	private final AppenderSettings settings;

	/**
	 * Creates a destination.
	 * @param appender the appender
	 * @param attached what is attached to it
	 * @param file whether the appender has a file as well
	 * @param settings of the appender
	 */
	SinkDestination(RollingFileAppender<ILoggingEvent> appender, AppenderAttachable<ILoggingEvent> attached,
			boolean file, AppenderSettings settings) {
		this.appender = appender;
		this.attached = attached;
		this.file = file;
		this.settings = settings;
	}

	@Override
	public String name() {
		return "appenders of " + this.appender.getName();
	}

	/** Attached appenders may get events twice. */
	@Override
	public @Nullable Path lockedFile() {
		return null;
	}

	/** Has a store of its own, in that of the appender's file if it has one. */
	@Override
	public StoreDirectory store(Instance member) throws IOException {
		StoreDirectory log = this.file ? LogStore.of(member, LogPath.of(this.appender))
				: LogStore.ofAppender(member, this.appender.getName());
		return log.openSinks();
	}

	/** The store is named after the appender, and is shared with no other. */
	@Override
	public void restoreClaim(Instance member, StoreDirectory store) {
	}

	/**
	 * A log call never waits for attached appenders. The collector frees what exceeds the
	 * backlog; as much again is for the time without one.
	 */
	@Override
	public LogQueue openQueue(Instance instance, StoreDirectory store) throws IOException {
		return LogQueue.open(instance, 2 * this.settings.maxBacklog(), FullPolicy.DROP, CheckpointProgress.in(store),
				listener());
	}

	@Override
	public EventEncoder encoder() {
		boolean callerData = this.settings.includeCallerData();
		return (event, origin) -> encode(event, origin, callerData);
	}

	/** Leaves out events that attached appenders log, which would loop. */
	private static EncodedEvent encode(ILoggingEvent event, EventOrigin origin, boolean callerData) throws IOException {
		return EncodedEvent.of(Sink.isCurrentThread() ? null : EventWriter.write(event, origin, callerData));
	}

	@Override
	public TaskListener listener() {
		return new CollectingStatus(this.appender);
	}

	@Override
	public void onDropped() {
		namedAppenders().keySet().forEach((name) -> MissedEvents.add(name, 1));
	}

	@Override
	public Collector startCollector(Instance instance, LogQueue queue) {
		List<Sink> sinks = new ArrayList<>();
		namedAppenders().forEach((name, attached) -> sinks
			.add(new Sink(this.appender, name, attached, () -> this.attached.isAttached(attached))));
		return Collector.start(instance, queue,
				new DeliverySettings(sinks, this.settings.orderingWindow(), this.settings.maxBacklog()), listener());
	}

	private Map<String, Appender<ILoggingEvent>> namedAppenders() {
		Map<String, Appender<ILoggingEvent>> appenders = new LinkedHashMap<>();
		this.attached.iteratorForAppenders().forEachRemaining((attached) -> {
			String given = Objects.requireNonNullElse(attached.getName(), "");
			String name = given;
			for (int i = 2; appenders.putIfAbsent(name, attached) != null; i++) {
				name = given + "#" + i;
			}
		});
		return appenders;
	}

}
