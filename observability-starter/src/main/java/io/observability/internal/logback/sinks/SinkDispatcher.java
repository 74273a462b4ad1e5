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

package io.observability.internal.logback.sinks;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.observability.internal.log.collector.EventTarget;
import io.observability.internal.logback.event.EventReader;
import org.jspecify.annotations.Nullable;

/**
 * Passes the events that the collector delivers to the sinks: the attached appenders of
 * an appender.
 */
public final class SinkDispatcher implements EventTarget {

	/** The time that each sink has for a batch. */
	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final RollingFileAppender<ILoggingEvent> owner;

	private final AppenderAttachable<ILoggingEvent> appenders;

	private final List<Sink> sinks = new ArrayList<>();

	private @Nullable EventReader reader;

	public SinkDispatcher(RollingFileAppender<ILoggingEvent> owner, AppenderAttachable<ILoggingEvent> appenders) {
		this.owner = owner;
		this.appenders = appenders;
	}

	@Override
	public void start() {
		this.reader = new EventReader((LoggerContext) this.owner.getContext());
		Iterator<Appender<ILoggingEvent>> iterator = this.appenders.iteratorForAppenders();
		while (iterator.hasNext()) {
			Sink sink = new Sink(iterator.next());
			sink.start((task, cause) -> this.owner.addWarn("appender failed: name=" + sink.name(), cause));
			this.sinks.add(sink);
		}
	}

	@Override
	public void deliver(ByteBuffer events) {
		this.sinks.forEach((sink) -> sink.beginBatch(PATIENCE_NANOS));
		while (events.hasRemaining()) {
			ILoggingEvent event = read(events);
			if (event != null) {
				this.sinks.forEach((sink) -> sink.add(event));
			}
		}
		for (Sink sink : this.sinks) {
			sink.awaitIdle();
			report(sink);
		}
	}

	private @Nullable ILoggingEvent read(ByteBuffer events) {
		try {
			ILoggingEvent event = (this.reader != null) ? this.reader.read(events) : null;
			if (event == null) {
				this.owner.addWarn("event of an unknown version skipped: name=" + this.owner.getName());
			}
			return event;
		}
		catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException ex) {
			this.owner.addWarn("damaged event skipped: name=" + this.owner.getName(), ex);
			return null;
		}
	}

	private void report(Sink sink) {
		long dropped = sink.takeDropped();
		if (dropped > 0) {
			this.owner.addWarn("appender is too slow and misses events: name=" + sink.name() + ", count=" + dropped);
		}
	}

	@Override
	public void stop() {
		for (Sink sink : this.sinks) {
			sink.stop();
			report(sink);
		}
		this.sinks.clear();
	}

}
