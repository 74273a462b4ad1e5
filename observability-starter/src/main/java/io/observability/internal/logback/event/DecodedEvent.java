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

package io.observability.internal.logback.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * An event of any process of the fleet, decoded by the collector for attached appenders.
 */
final class DecodedEvent implements ILoggingEvent {

	private final EventOrigin origin;

	private final LoggerContextVO context;

	private final Instant instant;

	private final long sequenceNumber;

	private final Level level;

	private final @Nullable String loggerName;

	private final @Nullable String threadName;

	private final @Nullable String message;

	private final @Nullable String formattedMessage;

	private final @Nullable Object @Nullable [] arguments;

	private final Map<String, String> mdc;

	private final @Nullable List<KeyValuePair> keyValuePairs;

	private final @Nullable List<Marker> markers;

	private final StackTraceElement[] callerData;

	private final @Nullable IThrowableProxy throwable;

	DecodedEvent(EventOrigin origin, LoggerContextVO context, Instant instant, long sequenceNumber, Level level,
			@Nullable String loggerName, @Nullable String threadName, @Nullable String message,
			@Nullable String formattedMessage, @Nullable Object @Nullable [] arguments, Map<String, String> mdc,
			@Nullable List<KeyValuePair> keyValuePairs, @Nullable List<Marker> markers, StackTraceElement[] callerData,
			@Nullable IThrowableProxy throwable) {
		this.origin = origin;
		this.context = context;
		this.instant = instant;
		this.sequenceNumber = sequenceNumber;
		this.level = level;
		this.loggerName = loggerName;
		this.threadName = threadName;
		this.message = message;
		this.formattedMessage = formattedMessage;
		this.arguments = arguments;
		this.mdc = mdc;
		this.keyValuePairs = keyValuePairs;
		this.markers = markers;
		this.callerData = callerData;
		this.throwable = throwable;
	}

	/** Returns the process that logged it. */
	EventOrigin origin() {
		return this.origin;
	}

	@Override
	public @Nullable String getThreadName() {
		return this.threadName;
	}

	@Override
	public Level getLevel() {
		return this.level;
	}

	@Override
	public @Nullable String getMessage() {
		return this.message;
	}

	@Override
	public @Nullable Object @Nullable [] getArgumentArray() {
		return this.arguments;
	}

	@Override
	public @Nullable String getFormattedMessage() {
		return this.formattedMessage;
	}

	@Override
	public @Nullable String getLoggerName() {
		return this.loggerName;
	}

	@Override
	public LoggerContextVO getLoggerContextVO() {
		return this.context;
	}

	@Override
	public @Nullable IThrowableProxy getThrowableProxy() {
		return this.throwable;
	}

	@Override
	public StackTraceElement[] getCallerData() {
		return this.callerData;
	}

	@Override
	public boolean hasCallerData() {
		return this.callerData.length > 0;
	}

	@Override
	public @Nullable List<Marker> getMarkerList() {
		return this.markers;
	}

	@Override
	public Map<String, String> getMDCPropertyMap() {
		return this.mdc;
	}

	@Override
	@Deprecated
	public Map<String, String> getMdc() {
		return this.mdc;
	}

	@Override
	public long getTimeStamp() {
		return this.instant.toEpochMilli();
	}

	@Override
	@SuppressWarnings("JavaInstantGetSecondsGetNano") // the nanoseconds within the second
														// are required
	public int getNanoseconds() {
		return this.instant.getNano();
	}

	@Override
	public Instant getInstant() {
		return this.instant;
	}

	@Override
	public long getSequenceNumber() {
		return this.sequenceNumber;
	}

	@Override
	public @Nullable List<KeyValuePair> getKeyValuePairs() {
		return this.keyValuePairs;
	}

	@Override
	public void prepareForDeferredProcessing() {
		// The event is immutable.
	}

	@Override
	public String toString() {
		return "[" + this.level + "] " + this.formattedMessage;
	}

}
