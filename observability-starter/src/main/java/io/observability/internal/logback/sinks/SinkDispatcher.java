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
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.internal.logback.event.EventReader;
import io.observability.internal.task.ReportLimit;
import org.jspecify.annotations.Nullable;

/**
 * Passes the events that the collector delivers to the sinks: the attached appenders of
 * an appender.
 */
public final class SinkDispatcher implements EventTarget {

	/** The time that each sink has for a batch. */
	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** So often a batch is delivered again because there is no memory for an event. */
	private static final int MOST_ATTEMPTS = 5;

	private final RollingFileAppender<ILoggingEvent> owner;

	private final AppenderAttachable<ILoggingEvent> appenders;

	private final ReportLimit reports = new ReportLimit();

	private final List<Sink> sinks = new ArrayList<>();

	private @Nullable EventReader reader;

	/** How often in a row a batch was not delivered for the lack of memory. */
	private int outOfMemory;

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
	public void beginBatch() {
		this.sinks.forEach((sink) -> sink.beginBatch(PATIENCE_NANOS));
	}

	@Override
	public void deliver(ByteBuffer bytes) {
		ILoggingEvent event = read(bytes);
		if (event != null) {
			this.sinks.forEach((sink) -> sink.add(event));
		}
	}

	@Override
	public void endBatch() {
		for (Sink sink : this.sinks) {
			sink.awaitIdle();
			if (sink.hasDropped() && this.reports.admit(sink.name()) > 0) {
				reportDropped(sink);
			}
		}
		this.outOfMemory = 0;
	}

	/** Returns the event, or null if it can't be read: it costs no other event. */
	private @Nullable ILoggingEvent read(ByteBuffer bytes) {
		int length = bytes.remaining();
		try {
			ILoggingEvent event = (this.reader != null) ? this.reader.read(bytes) : null;
			if (event == null) {
				skip(length, "unknown version", null);
			}
			return event;
		}
		catch (OutOfMemoryError ex) {
			// Perhaps there is memory when the batch is delivered again.
			if (++this.outOfMemory < MOST_ATTEMPTS) {
				throw ex;
			}
			skip(length, "too large", ex);
			return null;
		}
		catch (RuntimeException | StackOverflowError ex) {
			skip(length, "damaged", ex);
			return null;
		}
	}

	private void skip(int length, String why, @Nullable Throwable cause) {
		SkippedRecords.add(length);
		long count = this.reports.admit(why);
		if (count > 0) {
			warn("event skipped: cause=" + why + ", bytes=" + length + ", count=" + count + ", name="
					+ this.owner.getName(), cause);
		}
	}

	private void reportDropped(Sink sink) {
		long dropped = sink.takeDropped();
		if (dropped > 0) {
			warn("appender is too slow and misses events: name=" + sink.name() + ", count=" + dropped, null);
		}
	}

	private void warn(String message, @Nullable Throwable cause) {
		try {
			this.owner.addWarn(message, cause);
		}
		catch (RuntimeException ex) {
			// A status listener of the application fails.
		}
	}

	@Override
	public void stop() {
		for (Sink sink : this.sinks) {
			sink.stop();
			reportDropped(sink);
		}
		this.sinks.clear();
	}

}
