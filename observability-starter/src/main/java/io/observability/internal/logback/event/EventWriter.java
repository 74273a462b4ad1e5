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

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.spi.ClassPackagingData;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one event as bytes that an {@link EventReader} can read: all parts of the event,
 * with every object as text. {@code docs/log-queue-format.md} describes the order of the
 * fields.
 */
public final class EventWriter {

	/** Version of the format; readers skip events of unknown versions. */
	static final int VERSION = 1;

	/** The length of a text or list that is null. */
	static final int ABSENT = -1;

	/** Markers may form a cycle of references. */
	private static final int MAX_MARKER_DEPTH = 8;

	private static final int TYPICAL_SIZE = 512;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_SIZE);

	private final DataOutputStream out = new DataOutputStream(this.bytes);

	private EventWriter() {
	}

	/**
	 * Writes an event.
	 * @param event the event
	 * @param origin of the event
	 * @param callerData whether to write the place in the code where it was logged
	 * @return the event's bytes, prefixed with the length of the rest
	 * @throws IOException never, because only memory is written
	 */
	public static byte[] write(ILoggingEvent event, EventOrigin origin, boolean callerData) throws IOException {
		EventWriter writer = new EventWriter();
		writer.out.writeInt(0);
		writer.out.writeByte(VERSION);
		writer.origin(origin);
		writer.event(event);
		writer.stackTrace(callerData ? event.getCallerData() : new StackTraceElement[0]);
		writer.throwable(event.getThrowableProxy());
		byte[] bytes = writer.bytes.toByteArray();
		ByteBuffer.wrap(bytes).putInt(0, bytes.length - Integer.BYTES);
		return bytes;
	}

	private void origin(EventOrigin origin) throws IOException {
		text(origin.instance());
		this.out.writeLong(origin.pid());
	}

	private void event(ILoggingEvent event) throws IOException {
		Instant instant = event.getInstant();
		Instant time = (instant != null) ? instant : Instant.ofEpochMilli(event.getTimeStamp());
		this.out.writeLong(time.getEpochSecond());
		this.out.writeInt(time.getNano());
		this.out.writeLong(event.getSequenceNumber());
		this.out.writeInt(event.getLevel().toInt());
		text(event.getLoggerName());
		text(event.getThreadName());
		text(event.getMessage());
		text(event.getFormattedMessage());
		arguments(event.getArgumentArray());
		context(contextOf(event));
		pairs(event.getKeyValuePairs());
		markers(event.getMarkerList(), 0);
	}

	/**
	 * An event that was not created by a logger may throw, for want of an MDC adapter.
	 */
	private static @Nullable Map<String, String> contextOf(ILoggingEvent event) {
		try {
			return event.getMDCPropertyMap();
		}
		catch (NullPointerException ex) {
			return null;
		}
	}

	private void text(@Nullable Object value) throws IOException {
		if (value == null) {
			this.out.writeInt(ABSENT);
			return;
		}
		byte[] text = textOf(value).getBytes(StandardCharsets.UTF_8);
		this.out.writeInt(text.length);
		this.out.write(text);
	}

	/** An application's object may throw from its {@code toString}. */
	private static String textOf(Object value) {
		try {
			return String.valueOf((Object) value.toString());
		}
		catch (Throwable ex) {
			return "[" + value.getClass().getName() + ".toString() failed: " + ex.getClass().getName() + "]";
		}
	}

	private void arguments(Object @Nullable [] arguments) throws IOException {
		if (arguments == null) {
			this.out.writeInt(ABSENT);
			return;
		}
		this.out.writeInt(arguments.length);
		for (Object argument : arguments) {
			text(argument);
		}
	}

	private void context(@Nullable Map<String, String> context) throws IOException {
		Map<String, String> entries = (context != null) ? context : Map.of();
		this.out.writeInt(entries.size());
		for (Map.Entry<String, String> entry : entries.entrySet()) {
			text(entry.getKey());
			text(entry.getValue());
		}
	}

	private void pairs(@Nullable List<KeyValuePair> pairs) throws IOException {
		if (pairs == null) {
			this.out.writeInt(ABSENT);
			return;
		}
		this.out.writeInt(pairs.size());
		for (KeyValuePair pair : pairs) {
			text(pair.key);
			text(pair.value);
		}
	}

	private void markers(@Nullable List<Marker> markers, int depth) throws IOException {
		if (markers == null) {
			this.out.writeInt(ABSENT);
			return;
		}
		this.out.writeInt(markers.size());
		for (Marker marker : markers) {
			text(marker.getName());
			markers((depth < MAX_MARKER_DEPTH) ? references(marker) : null, depth + 1);
		}
	}

	private static @Nullable List<Marker> references(Marker marker) {
		if (!marker.hasReferences()) {
			return null;
		}
		List<Marker> references = new ArrayList<>();
		marker.iterator().forEachRemaining(references::add);
		return references;
	}

	private void stackTrace(StackTraceElement[] elements) throws IOException {
		this.out.writeInt(elements.length);
		for (StackTraceElement element : elements) {
			element(element);
		}
	}

	/**
	 * Omits loaders and versions that the element's own text omits, as it does for the
	 * JDK's modules: an element that is created from parts would show them.
	 */
	private void element(StackTraceElement element) throws IOException {
		String shown = element.toString();
		String loader = element.getClassLoaderName();
		String version = element.getModuleVersion();
		text((loader != null && shown.startsWith(loader + "/")) ? loader : null);
		text(element.getModuleName());
		text((version != null && shown.contains("@" + version + "/")) ? version : null);
		text(element.getClassName());
		text(element.getMethodName());
		text(element.getFileName());
		this.out.writeInt(element.getLineNumber());
	}

	private void throwable(@Nullable IThrowableProxy throwable) throws IOException {
		this.out.writeBoolean(throwable != null);
		if (throwable == null) {
			return;
		}
		text(throwable.getClassName());
		text(throwable.getMessage());
		text(throwable.getOverridingMessage());
		this.out.writeInt(throwable.getCommonFrames());
		this.out.writeBoolean(throwable.isCyclic());
		frames(throwable.getStackTraceElementProxyArray());
		throwable(throwable.getCause());
		IThrowableProxy[] suppressed = throwable.getSuppressed();
		this.out.writeInt((suppressed != null) ? suppressed.length : 0);
		for (int i = 0; suppressed != null && i < suppressed.length; i++) {
			throwable(suppressed[i]);
		}
	}

	@SuppressWarnings("deprecation") // packaging data, which layouts still show
	private void frames(StackTraceElementProxy @Nullable [] frames) throws IOException {
		this.out.writeInt((frames != null) ? frames.length : 0);
		for (int i = 0; frames != null && i < frames.length; i++) {
			element(frames[i].getStackTraceElement());
			ClassPackagingData packaging = frames[i].getClassPackagingData();
			this.out.writeBoolean(packaging != null);
			if (packaging != null) {
				text(packaging.getCodeLocation());
				text(packaging.getVersion());
				this.out.writeBoolean(packaging.isExact());
			}
		}
	}

}
