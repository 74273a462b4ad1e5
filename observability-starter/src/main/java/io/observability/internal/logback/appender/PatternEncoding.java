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
import java.util.Set;
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
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.pattern.CompositeConverter;
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
 * It runs Logback's own converters. Some of them depend only on the logger, the level,
 * the thread, a property or the time in milliseconds: their padded bytes are cached. All
 * text is appended as bytes at once, so that a line isn't copied from a builder to a
 * string to bytes. Converters of exceptions are called for exceptions only. Of times only
 * the last millisecond is cached. Threads may overwrite it, a benign race that costs a
 * conversion.
 */
final class PatternEncoding implements EventEncoder, PostCompileProcessor<ILoggingEvent> {

	/** Encode each part of a text independently of the preceding one. */
	private static final Set<Charset> STATELESS = Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII,
			StandardCharsets.ISO_8859_1);

	/** Larger than most lines. */
	private static final int TYPICAL_SIZE = 320;

	/** Memory for a longer line is not kept. */
	private static final int MAX_KEPT = 4 << 10;

	/** Boot's {@code %esb}, which formats the application's name for each event. */
	private static final String IN_BRACKETS = "org.springframework.boot.logging.logback.EnclosedInSquareBracketsConverter";

	/** Their converters of exceptions write nothing for an event without one. */
	private static final Set<String> KNOWN_PACKAGES = Set.of("ch.qos.logback.classic.pattern",
			"org.springframework.boot.logging.logback");

	private final Charset charset;

	/** The last line of a thread, which its next one overwrites. */
	private final ThreadLocal<byte[]> memory = ThreadLocal.withInitial(() -> new byte[TYPICAL_SIZE]);

	private final List<LinePart> parts = new ArrayList<>();

	private LinePart[] line = {};

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
		this.line = this.parts.toArray(LinePart[]::new);
		return layout.isStarted();
	}

	@Override
	public void process(Context context, Converter<ILoggingEvent> head) {
		new EnsureExceptionHandling().process(context, head);
		List<CachedText> texts = new ArrayList<>();
		for (Converter<ILoggingEvent> converter = head; converter != null; converter = converter.getNext()) {
			Function<ILoggingEvent, @Nullable Object> key = key(converter);
			if (key != null) {
				texts.add(new CachedText(converter, this.charset, key));
			}
			else {
				addTexts(texts);
				this.parts.add(part(converter));
			}
		}
		addTexts(texts);
	}

	private void addTexts(List<CachedText> texts) {
		if (!texts.isEmpty()) {
			this.parts.add(new CachedTexts(texts));
			texts.clear();
		}
	}

	/**
	 * Returns what the converter's text depends on, or null if it is not to be cached.
	 */
	private static @Nullable Function<ILoggingEvent, @Nullable Object> key(Converter<ILoggingEvent> converter) {
		Class<?> type = converter.getClass();
		if (type == LiteralConverter.class || type == LineSeparatorConverter.class) {
			return (event) -> "";
		}
		if (type == LevelConverter.class) {
			return ILoggingEvent::getLevel;
		}
		if (type == LoggerConverter.class) {
			return ILoggingEvent::getLoggerName;
		}
		if (type == ThreadConverter.class) {
			return ILoggingEvent::getThreadName;
		}
		if (type.getName().equals(IN_BRACKETS)) {
			return property((CompositeConverter<ILoggingEvent>) converter);
		}
		return null;
	}

	/** Without children the text is that of a property. */
	private static @Nullable Function<ILoggingEvent, @Nullable Object> property(
			CompositeConverter<ILoggingEvent> inBrackets) {
		String name = inBrackets.getFirstOption();
		if (inBrackets.getChildConverter() != null || name == null || name.isEmpty()) {
			return null;
		}
		return (event) -> {
			String value = event.getLoggerContextVO().getPropertyMap().get(name);
			return (value != null) ? value : System.getProperty(name, "");
		};
	}

	private LinePart part(Converter<ILoggingEvent> converter) {
		Class<?> type = converter.getClass();
		if (type == DateConverter.class) {
			return new CachedTime(converter);
		}
		if (type == MessageConverter.class && isUnpadded(converter)) {
			return (event, target) -> target.add(event.getFormattedMessage(), this.charset);
		}
		if (converter instanceof ThrowableProxyConverter && KNOWN_PACKAGES.contains(type.getPackageName())
				&& isUnpadded(converter)) {
			return (event, target) -> {
				if (event.getThrowableProxy() != null) {
					convert(converter, event, target);
				}
			};
		}
		return (event, target) -> convert(converter, event, target);
	}

	private void convert(Converter<ILoggingEvent> converter, ILoggingEvent event, EncodedEvent target) {
		StringBuilder text = target.text();
		converter.write(text, event);
		if (!text.isEmpty()) {
			target.add(text.toString(), this.charset);
		}
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
		byte[] memory = this.memory.get();
		EncodedEvent target = EncodedEvent.in(memory);
		for (LinePart part : this.line) {
			part.append(event, target);
		}
		if (target.bytes() != memory && target.length() <= MAX_KEPT) {
			this.memory.set(target.bytes());
		}
		return target;
	}

	/** Caches the bytes of the last millisecond. */
	private final class CachedTime implements LinePart {

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
