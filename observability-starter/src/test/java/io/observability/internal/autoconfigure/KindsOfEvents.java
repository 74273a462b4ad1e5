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

package io.observability.internal.autoconfigure;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.BasicMarkerFactory;

/**
 * Logs events of all kinds, the same in each run: what an application may do with a
 * logger.
 */
final class KindsOfEvents {

	private static final List<String> MESSAGES = Arrays.asList(null, "", " ", "two\nlines\r\n",
			"tab\tquote\" \\ slash/", "\u0000\u0007\u001b[31m control", "umlauts äöü ß", "wide € 你好 \uD83D\uDE00",
			"\uD800 lone", "{\"json\":[1,2]}", "<td>&amp;</td>", "%d %m%n ${x} {}", "], [", "x".repeat(3000));

	/** Its text differs from one array to the next. */
	private static final int[] ARRAY = { 1, 2 };

	private static final List<Throwable> THROWABLES = throwables();

	private final LoggerContext context;

	private long millis = 1_750_000_000_000L;

	KindsOfEvents(LoggerContext context) {
		this.context = context;
	}

	void log(int rounds) {
		for (int i = 0; i < rounds; i++) {
			levels();
			messages();
			arguments();
			contextAndPairs();
			markers();
			exceptions();
		}
	}

	private void levels() {
		for (String name : List.of("a", "shop.orders.OrderController", "shop.orders.Audit", "org.other.Library",
				Logger.ROOT_LOGGER_NAME, "x".repeat(60))) {
			for (Level level : List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR)) {
				log(name, level, "level " + level, null);
			}
		}
	}

	private void messages() {
		MESSAGES.forEach((message) -> log("shop.Messages", Level.INFO, message, null));
	}

	private void arguments() {
		String name = "shop.Arguments";
		log(name, Level.INFO, "{} and {}", null, "one", 2);
		log(name, Level.INFO, "{} missing {}", null, "one");
		log(name, Level.INFO, "{} null", null, (Object) null);
		log(name, Level.INFO, "array {}", null, new Object[] { ARRAY });
		log(name, Level.INFO, "throws {}", null, text(() -> {
			throw new IllegalStateException("on purpose");
		}));
		log(name, Level.INFO, "overflows {}", null, text(KindsOfEvents::overflow));
		AtomicBoolean logged = new AtomicBoolean();
		log(name, Level.INFO, "logs {}", null, text(() -> {
			if (!logged.getAndSet(true)) {
				log(name, Level.INFO, "nested {}", null, 1);
			}
			return "itself";
		}));
		log(name, Level.INFO, "is null {}", null, text(() -> null));
	}

	private void contextAndPairs() {
		LoggingEvent context = event("shop.Context", Level.INFO, "with context", null);
		Map<String, String> entries = new LinkedHashMap<>();
		entries.put("user", "ann");
		entries.put("nested.key", "value");
		entries.put("odd-key", "line\nbreak \"quoted\"");
		context.setMDCPropertyMap(entries);
		log(context);
		pairs(new KeyValuePair("count", 12), new KeyValuePair("size", 1.5), new KeyValuePair("on", true),
				new KeyValuePair("none", null), new KeyValuePair("list", List.of("a", 1)),
				new KeyValuePair("map", Map.of("k", "v")));
		LoggingEvent sameName = event("shop.Context", Level.INFO, "with the name of the starter's member", null);
		sameName.setMDCPropertyMap(Map.of("instance_id", "mine"));
		log(sameName);
		pairs(new KeyValuePair("instance_id", "mine"));
		pairs(new KeyValuePair("_instance_id", "mine"), new KeyValuePair("INSTANCE_ID", "mine"));
		pairs(new KeyValuePair("twice", 1), new KeyValuePair("twice", 2));
		pairs(new KeyValuePair("failing", text(() -> {
			throw new IllegalStateException("on purpose");
		})));
		pairs(new KeyValuePair("overflowing", text(KindsOfEvents::overflow)));
	}

	private void pairs(KeyValuePair... pairs) {
		LoggingEvent event = event("shop.Pairs", Level.INFO, "with pairs", null);
		event.setKeyValuePairs(List.of(pairs));
		log(event);
	}

	private void markers() {
		BasicMarkerFactory factory = new BasicMarkerFactory();
		Marker outer = factory.getMarker("OUTER");
		outer.add(factory.getMarker("INNER"));
		for (List<Marker> markers : List.of(List.of(outer), List.of(factory.getMarker("AUDIT"), outer))) {
			LoggingEvent event = event("shop.Markers", Level.INFO, "marked", null);
			markers.forEach(event::addMarker);
			log(event);
		}
	}

	void exceptions() {
		THROWABLES.forEach((throwable) -> log("shop.Exceptions", Level.ERROR, "failed", throwable));
	}

	/** Created once, because a stack trace says where. */
	private static List<Throwable> throwables() {
		IllegalStateException plain = new IllegalStateException("why\n\tand how \"quoted\"");
		RuntimeException caused = new UncheckedIOException("outer", new FileNotFoundException("inner"));
		Throwable nested = new IllegalArgumentException(null, new IllegalStateException(caused));
		IllegalStateException suppressing = new IllegalStateException("suppressing", plain);
		suppressing.addSuppressed(new IllegalArgumentException("suppressed", caused));
		suppressing.addSuppressed(plain);
		IllegalStateException circular = new IllegalStateException("circular");
		circular.initCause(new IllegalStateException("back", circular));
		IllegalStateException traceless = new IllegalStateException("traceless");
		traceless.setStackTrace(new StackTraceElement[0]);
		Throwable deep = plain;
		for (int i = 0; i < 30; i++) {
			deep = new IllegalStateException("cause " + i, deep);
		}
		return List.of(plain, caused, nested, suppressing, circular, traceless, deep, overflowError());
	}

	@SuppressWarnings("InfiniteRecursion") // on purpose
	private static String overflow() {
		return overflow() + overflow();
	}

	private static Throwable overflowError() {
		try {
			overflow();
			throw new AssertionError();
		}
		catch (StackOverflowError ex) {
			return ex;
		}
	}

	private static Object text(Supplier<String> text) {
		return new Object() {

			@Override
			public String toString() {
				return text.get();
			}

		};
	}

	private void log(String logger, Level level, String message, Throwable throwable, Object... arguments) {
		LoggingEvent event = event(logger, level, message, throwable, arguments);
		log(event);
	}

	private LoggingEvent event(String logger, Level level, String message, Throwable throwable, Object... arguments) {
		LoggingEvent event = new LoggingEvent(KindsOfEvents.class.getName(), this.context.getLogger(logger), level,
				message, throwable, (arguments.length > 0) ? arguments : null);
		event.setInstant(Instant.ofEpochMilli(this.millis).plusNanos(this.millis % 1000));
		this.millis += 7;
		return event;
	}

	/** What a logger does with an event. */
	private void log(LoggingEvent event) {
		Logger logger = this.context.getLogger(event.getLoggerName());
		Marker marker = (event.getMarkerList() != null) ? event.getMarkerList().get(0) : null;
		if (logger.isEnabledFor(marker, event.getLevel())) {
			try {
				logger.callAppenders(event);
			}
			catch (StackOverflowError ex) {
				// Logback's own appenders let it pass.
			}
		}
	}

}
