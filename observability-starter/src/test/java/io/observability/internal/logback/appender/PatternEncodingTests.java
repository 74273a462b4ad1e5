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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.EchoEncoder;
import ch.qos.logback.core.pattern.DynamicConverter;
import io.observability.internal.logback.event.EventOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.logging.logback.ColorConverter;
import org.springframework.boot.logging.logback.EnclosedInSquareBracketsConverter;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;

import static org.assertj.core.api.Assertions.assertThat;

/** The bytes equal those of Logback's encoder, for any event. */
class PatternEncodingTests {

	private static final EventOrigin ORIGIN = new EventOrigin("0", 1);

	private final LoggerContext context = new LoggerContext();

	PatternEncodingTests() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		Map<String, Supplier<DynamicConverter<?>>> words = new HashMap<>();
		words.put("wEx", ExtendedWhitespaceThrowableProxyConverter::new);
		words.put("esb", EnclosedInSquareBracketsConverter::new);
		words.put("clr", ColorConverter::new);
		this.context.putProperty("APPLICATION_NAME", "shop");
		this.context.putProperty("GROUP", "sh\u00f6ps");
		this.context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, words);
	}

	@ParameterizedTest
	@ValueSource(strings = { "%m%n",
			"%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p 4711 --- %esb(shop){APPLICATION_NAME}[%t] %-40.40logger{39} : %m%n%wEx",
			"%clr(%d){faint} %clr(%5p) %.-3level|%20.20thread|%-10.10msg|%5logger{0} %X{user} %kvp %n",
			"%d{HH} %d{ISO8601, UTC} %r %c %C", "é€ %msg %ex{2} %nopex", "%logger", "%level{x} %unknown %m",
			"%esb(){APPLICATION_NAME}%esb{GROUP}%10esb{NONE}|%esb(%t){GROUP}|%esb|[%-5t] %12.12logger %5p%m%5wEx" })
	void sameBytesAsTheEncoder(String pattern) throws IOException {
		for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.US_ASCII,
				StandardCharsets.UTF_16)) {
			PatternLayoutEncoder encoder = encoder(pattern, charset);
			EventEncoder encoding = PatternEncoding.of(encoder);
			for (LoggingEvent event : events()) {
				assertThat(new String(encode(encoding, event), charset)).as("%s in %s", event, charset)
					.isEqualTo(new String(encoder.encode(event), charset));
				assertThat(encode(encoding, event)).isEqualTo(encoder.encode(event));
			}
		}
	}

	@Test
	void changesOfALiveEncoderTakeEffect() throws IOException {
		PatternLayoutEncoder encoder = encoder("one %msg", StandardCharsets.UTF_8);
		FileAppender<ILoggingEvent> appender = new FileAppender<>();
		appender.setEncoder(encoder);
		EventEncoder encoding = new AppenderEncoding(appender);
		LoggingEvent event = event("a", Level.INFO, 1, "\u00e9", null);
		assertThat(encode(encoding, event)).asString(StandardCharsets.UTF_8).isEqualTo("one \u00e9");
		encoder.setPattern("two %msg");
		encoder.start();
		assertThat(encode(encoding, event)).asString(StandardCharsets.UTF_8).isEqualTo("two \u00e9");
		((PatternLayout) encoder.getLayout()).setPattern("three %msg");
		encoder.getLayout().start();
		assertThat(encode(encoding, event)).asString(StandardCharsets.UTF_8).isEqualTo("three \u00e9");
		encoder.setCharset(StandardCharsets.ISO_8859_1);
		assertThat(encode(encoding, event)).isEqualTo(encoder.encode(event));
		appender.setEncoder(encoder("four %msg", StandardCharsets.UTF_16));
		assertThat(encode(encoding, event)).asString(StandardCharsets.UTF_16).isEqualTo("four \u00e9");
	}

	@Test
	void changedPropertiesTakeEffect() throws IOException {
		EventEncoder encoding = PatternEncoding
			.of(encoder("%esb{APPLICATION_NAME}%esb{test.group}%msg", StandardCharsets.UTF_8));
		LoggerContext context = this.context;
		assertThat(encode(encoding, event("a", Level.INFO, 1, "one", null))).asString(StandardCharsets.UTF_8)
			.isEqualTo("[shop] one");
		context.putProperty("APPLICATION_NAME", "caf\u00e9");
		System.setProperty("test.group", "group");
		try {
			assertThat(encode(encoding, event("a", Level.INFO, 1, "two", null))).asString(StandardCharsets.UTF_8)
				.isEqualTo("[caf\u00e9] [group] two");
		}
		finally {
			System.clearProperty("test.group");
		}
		assertThat(encode(encoding, event("a", Level.INFO, 1, "three", null))).asString(StandardCharsets.UTF_8)
			.isEqualTo("[caf\u00e9] three");
	}

	@Test
	void moreLoggersThanAreCachedAreEncoded() throws IOException {
		PatternLayoutEncoder encoder = encoder("%p %logger{9} %msg", StandardCharsets.UTF_8);
		EventEncoder encoding = PatternEncoding.of(encoder);
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 3000; i++) {
				LoggingEvent event = event("loggers.Logger" + i, Level.INFO, 1_000L * round, "m" + i, null);
				assertThat(encode(encoding, event)).isEqualTo(encoder.encode(event));
			}
		}
	}

	@Test
	void anotherEncoderIsAsked() throws IOException {
		EchoEncoder<ILoggingEvent> encoder = new EchoEncoder<>();
		LoggingEvent event = events().get(0);
		assertThat(encode(PatternEncoding.of(encoder), event)).isEqualTo(encoder.encode(event));
	}

	private PatternLayoutEncoder encoder(String pattern, Charset charset) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(this.context);
		encoder.setPattern(pattern);
		encoder.setCharset(charset);
		encoder.start();
		return encoder;
	}

	private static byte[] encode(EventEncoder encoding, ILoggingEvent event) throws IOException {
		EncodedEvent encoded = encoding.encode(event, ORIGIN);
		return Arrays.copyOf(encoded.bytes(), encoded.length());
	}

	/** Each kind twice, so that the second one uses the cached bytes of the first. */
	private List<LoggingEvent> events() {
		List<LoggingEvent> events = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			for (String logger : List.of("a", "io.observability.sample.orders.OrderController", "ROOT",
					"x".repeat(60))) {
				for (Level level : List.of(Level.TRACE, Level.INFO, Level.WARN, Level.ERROR)) {
					events.add(event(logger, level, 1_700_000_000_000L + i, "order {} done", null));
				}
			}
			for (String message : Arrays.asList(null, "", "\uD800 lone", "é€😀\r\n\u0000", "x".repeat(5000))) {
				events.add(event("a.b.C", Level.INFO, 1_700_000_000_000L, message, null));
			}
			events.add(event("a.b.C", Level.ERROR, 1_750_000_000_000L, "failed", new IllegalStateException("why")));
		}
		return events;
	}

	private LoggingEvent event(String logger, Level level, long millis, String message, Throwable throwable) {
		LoggingEvent event = new LoggingEvent("fqcn", this.context.getLogger(logger), level, message, throwable,
				new Object[] { 4711 });
		event.setInstant(Instant.ofEpochMilli(millis));
		event.setMDCPropertyMap(Map.of("user", "ann"));
		event.setCallerData(new StackTraceElement[0]);
		return event;
	}

}
