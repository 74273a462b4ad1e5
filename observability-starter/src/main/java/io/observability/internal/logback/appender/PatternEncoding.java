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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.pattern.DateConverter;
import ch.qos.logback.classic.pattern.EnsureExceptionHandling;
import ch.qos.logback.classic.pattern.LevelConverter;
import ch.qos.logback.classic.pattern.LineSeparatorConverter;
import ch.qos.logback.classic.pattern.LoggerConverter;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.pattern.ThreadConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.pattern.Converter;
import ch.qos.logback.core.pattern.FormattingConverter;
import ch.qos.logback.core.pattern.LiteralConverter;
import ch.qos.logback.core.pattern.PostCompileProcessor;
import io.observability.internal.logback.event.EventOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Makes the same bytes as a {@link PatternLayoutEncoder}, with less work for the thread
 * that logs. Safe for any thread.
 *
 * <p>
 * It runs Logback's own converters. Some of them depend only on the logger, the level or
 * the time in milliseconds: their padded bytes are cached. All text is appended as bytes
 * at once, so that a line isn't copied from a builder to a string to bytes. Of times only
 * the last millisecond is cached. Threads may overwrite it, a benign race that costs a
 * conversion.
 */
final class PatternEncoding implements EventEncoder, PostCompileProcessor<ILoggingEvent> {

	/** Encode each part of a text independently of the preceding one. */
	private static final Set<Charset> STATELESS = Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII,
			StandardCharsets.ISO_8859_1);

	/** Bounds the cache, because applications may derive logger names from data. */
	private static final int MAX_CACHED = 2000;

	private final Charset charset;

	private final List<Part> parts = new ArrayList<>();

	private Part[] line = {};

	private PatternEncoding(Charset charset) {
		this.charset = charset;
	}

	/**
	 * Returns an encoder for queues that makes the same bytes as one of Logback's.
	 * @param encoder the encoder, of any kind
	 * @return a faster equivalent if there is one, else an adapter
	 */
	static EventEncoder of(Encoder<ILoggingEvent> encoder) {
		if (encoder.getClass() == PatternLayoutEncoder.class) {
			PatternLayoutEncoder pattern = (PatternLayoutEncoder) encoder;
			Charset charset = (pattern.getCharset() != null) ? pattern.getCharset() : Charset.defaultCharset();
			if (STATELESS.contains(charset) && pattern.getLayout() instanceof PatternLayout layout
					&& layout.getPattern() != null) {
				PatternEncoding encoding = new PatternEncoding(charset);
				if (encoding.compile(layout)) {
					return encoding;
				}
			}
		}
		return (event, origin) -> EncodedEvent.of(encoder.encode(event));
	}

	/** Lets Logback parse the pattern again, to get its converters. */
	private boolean compile(PatternLayout original) {
		PatternLayout layout = new PatternLayout();
		layout.setContext(original.getContext());
		layout.setPattern(original.getPattern());
		layout.setPostCompileProcessor(this);
		layout.start();
		this.line = this.parts.toArray(Part[]::new);
		return layout.isStarted();
	}

	@Override
	public void process(Context context, Converter<ILoggingEvent> head) {
		new EnsureExceptionHandling().process(context, head);
		for (Converter<ILoggingEvent> converter = head; converter != null; converter = converter.getNext()) {
			this.parts.add(part(converter));
		}
	}

	private Part part(Converter<ILoggingEvent> converter) {
		Class<?> type = converter.getClass();
		if (type == LiteralConverter.class || type == LineSeparatorConverter.class) {
			byte[] text = convert(converter, new LoggingEvent());
			return (event, target) -> target.add(text);
		}
		if (type == LevelConverter.class) {
			return new CachedText<>(converter, ILoggingEvent::getLevel);
		}
		if (type == LoggerConverter.class) {
			return new CachedText<>(converter, ILoggingEvent::getLoggerName);
		}
		if (type == DateConverter.class) {
			return new CachedTime(converter);
		}
		if (type == MessageConverter.class && isUnpadded(converter)) {
			return (event, target) -> target.add(event.getFormattedMessage(), this.charset);
		}
		if (type == ThreadConverter.class && isUnpadded(converter)) {
			return (event, target) -> target.add(event.getThreadName(), this.charset);
		}
		return (event, target) -> {
			StringBuilder text = target.text();
			converter.write(text, event);
			if (!text.isEmpty()) {
				target.add(text.toString(), this.charset);
			}
		};
	}

	private static boolean isUnpadded(Converter<ILoggingEvent> converter) {
		return ((FormattingConverter<ILoggingEvent>) converter).getFormattingInfo() == null;
	}

	private byte[] convert(Converter<ILoggingEvent> converter, ILoggingEvent event) {
		StringBuilder text = new StringBuilder();
		converter.write(text, event);
		return text.toString().getBytes(this.charset);
	}

	@Override
	public EncodedEvent encode(ILoggingEvent event, EventOrigin origin) {
		EncodedEvent target = EncodedEvent.empty();
		for (Part part : this.line) {
			part.append(event, target);
		}
		return target;
	}

	/** Appends the text of one converter. */
	@FunctionalInterface
	private interface Part {

		void append(ILoggingEvent event, EncodedEvent target);

	}

	/** Caches the bytes by the value that they depend on. */
	private final class CachedText<K> implements Part {

		private final Converter<ILoggingEvent> converter;

		private final Function<ILoggingEvent, @Nullable K> key;

		private final Map<K, byte[]> cache = new ConcurrentHashMap<>();

		CachedText(Converter<ILoggingEvent> converter, Function<ILoggingEvent, @Nullable K> key) {
			this.converter = converter;
			this.key = key;
		}

		@Override
		public void append(ILoggingEvent event, EncodedEvent target) {
			K key = this.key.apply(event);
			byte[] bytes = (key != null) ? this.cache.get(key) : null;
			if (bytes == null) {
				bytes = convert(this.converter, event);
				if (key != null && this.cache.size() < MAX_CACHED) {
					this.cache.put(key, bytes);
				}
			}
			target.add(bytes);
		}

	}

	/** Caches the bytes of the last millisecond. */
	private final class CachedTime implements Part {

		private final Converter<ILoggingEvent> converter;

		/** Immutable, and so safe to publish without synchronisation. */
		private Millisecond last = new Millisecond(Long.MIN_VALUE, new byte[0]);

		CachedTime(Converter<ILoggingEvent> converter) {
			this.converter = converter;
		}

		@Override
		public void append(ILoggingEvent event, EncodedEvent target) {
			Millisecond last = this.last;
			if (last.time != event.getTimeStamp()) {
				last = new Millisecond(event.getTimeStamp(), convert(this.converter, event));
				this.last = last;
			}
			target.add(last.text);
		}

	}

	private static final class Millisecond {

		private final long time;

		private final byte[] text;

		Millisecond(long time, byte[] text) {
			this.time = time;
			this.text = text;
		}

	}

}
