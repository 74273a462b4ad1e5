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

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ClassPackagingData;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.BasicMarkerFactory;

/**
 * Reads events that {@link EventWriter}s of any process have written. For one thread.
 */
public final class EventReader {

	private final LoggerContext context;

	/**
	 * Creates a reader.
	 * @param context the collector's logger context
	 */
	public EventReader(LoggerContext context) {
		this.context = context;
	}

	/**
	 * Reads the next event.
	 * @param bytes events from the position on; the position is moved past the event
	 * @return the event, or null if its version is unknown
	 * @throws IllegalArgumentException if the event is damaged
	 * @throws BufferUnderflowException if the event is incomplete
	 * @throws IndexOutOfBoundsException if its length is invalid
	 */
	public @Nullable ILoggingEvent read(ByteBuffer bytes) {
		int length = bytes.getInt();
		ByteBuffer event = bytes.slice(bytes.position(), length);
		bytes.position(bytes.position() + length);
		try {
			return (event.get() == EventWriter.VERSION) ? event(event) : null;
		}
		catch (StackOverflowError ex) {
			throw new IllegalArgumentException("event nested too deeply: length=" + length, ex);
		}
	}

	private DecodedEvent event(ByteBuffer in) {
		return new DecodedEvent(new EventOrigin(requiredText(in), in.getLong()),
				this.context.getLoggerContextRemoteView(), Instant.ofEpochSecond(in.getLong(), in.getInt()),
				in.getLong(), Level.toLevel(in.getInt()), text(in), text(in), text(in), text(in), arguments(in),
				context(in), pairs(in), markers(in), stackTrace(in), throwable(in));
	}

	private static @Nullable String text(ByteBuffer in) {
		int length = in.getInt();
		if (length == EventWriter.ABSENT) {
			return null;
		}
		byte[] text = new byte[checked(length, in)];
		in.get(text);
		return new String(text, StandardCharsets.UTF_8);
	}

	private static String requiredText(ByteBuffer in) {
		return Objects.requireNonNullElse(text(in), "");
	}

	/** Checks a length or a count against the number of remaining bytes. */
	private static int checked(int length, ByteBuffer in) {
		if (length < 0 || length > in.remaining()) {
			throw new IllegalArgumentException("event damaged: length=" + length + ", limit=" + in.remaining());
		}
		return length;
	}

	private static @Nullable Object @Nullable [] arguments(ByteBuffer in) {
		int count = in.getInt();
		if (count == EventWriter.ABSENT) {
			return null;
		}
		@Nullable Object[] arguments = new @Nullable Object[checked(count, in)];
		for (int i = 0; i < count; i++) {
			arguments[i] = text(in);
		}
		return arguments;
	}

	private static Map<String, String> context(ByteBuffer in) {
		int count = checked(in.getInt(), in);
		Map<String, String> context = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			context.put(requiredText(in), text(in));
		}
		return context;
	}

	private static @Nullable List<KeyValuePair> pairs(ByteBuffer in) {
		int count = in.getInt();
		if (count == EventWriter.ABSENT) {
			return null;
		}
		List<KeyValuePair> pairs = new ArrayList<>(checked(count, in));
		for (int i = 0; i < count; i++) {
			pairs.add(new KeyValuePair(requiredText(in), text(in)));
		}
		return pairs;
	}

	/**
	 * Creates detached markers, because this process's own markers of the same names may
	 * have other references.
	 */
	private static @Nullable List<Marker> markers(ByteBuffer in) {
		int count = in.getInt();
		if (count == EventWriter.ABSENT) {
			return null;
		}
		List<Marker> markers = new ArrayList<>(checked(count, in));
		for (int i = 0; i < count; i++) {
			Marker marker = new BasicMarkerFactory().getDetachedMarker(requiredText(in));
			List<Marker> references = markers(in);
			if (references != null) {
				references.forEach(marker::add);
			}
			markers.add(marker);
		}
		return markers;
	}

	private static StackTraceElement[] stackTrace(ByteBuffer in) {
		StackTraceElement[] elements = new StackTraceElement[checked(in.getInt(), in)];
		for (int i = 0; i < elements.length; i++) {
			elements[i] = element(in);
		}
		return elements;
	}

	private static StackTraceElement element(ByteBuffer in) {
		return new StackTraceElement(text(in), text(in), text(in), requiredText(in), requiredText(in), text(in),
				in.getInt());
	}

	private static boolean isTrue(ByteBuffer in) {
		return in.get() != 0;
	}

	private static @Nullable DecodedThrowable throwable(ByteBuffer in) {
		if (!isTrue(in)) {
			return null;
		}
		return new DecodedThrowable(text(in), text(in), text(in), in.getInt(), isTrue(in), frames(in), throwable(in),
				suppressed(in));
	}

	@SuppressWarnings("deprecation") // packaging data, which layouts still show
	private static StackTraceElementProxy[] frames(ByteBuffer in) {
		StackTraceElementProxy[] frames = new StackTraceElementProxy[checked(in.getInt(), in)];
		for (int i = 0; i < frames.length; i++) {
			frames[i] = new StackTraceElementProxy(element(in));
			if (isTrue(in)) {
				frames[i].setClassPackagingData(new ClassPackagingData(text(in), text(in), isTrue(in)));
			}
		}
		return frames;
	}

	private static DecodedThrowable[] suppressed(ByteBuffer in) {
		DecodedThrowable[] suppressed = new DecodedThrowable[checked(in.getInt(), in)];
		for (int i = 0; i < suppressed.length; i++) {
			suppressed[i] = Objects.requireNonNull(throwable(in));
		}
		return suppressed;
	}

}
