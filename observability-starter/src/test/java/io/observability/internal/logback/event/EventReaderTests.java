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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.observability.logback.InstanceConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.BasicMarkerFactory;
import org.springframework.boot.logging.StandardStackTracePrinter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A decoded event equals the written one: any layout formats both the same. */
class EventReaderTests {

	private static final EventOrigin ORIGIN = new EventOrigin("7", 4711);

	private final LoggerContext context = new LoggerContext();

	private final LoggingEvent event = new LoggingEvent("fqcn", this.context.getLogger("a.b.C"), Level.WARN,
			"{} has {}", null, new Object[] { "ann", 3 });

	EventReaderTests() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
	}

	@Test
	void everyPartOfAnEventIsThere() throws IOException {
		this.event.setInstant(Instant.ofEpochSecond(1_700_000_000, 123_456_789));
		this.event.setThreadName("a thread");
		this.event.setSequenceNumber(42);
		this.event.setMDCPropertyMap(Map.of("user", "ann"));
		this.event.setKeyValuePairs(List.of(new KeyValuePair("size", 12), new KeyValuePair("none", null)));
		Marker marker = new BasicMarkerFactory().getDetachedMarker("outer");
		marker.add(new BasicMarkerFactory().getDetachedMarker("inner"));
		this.event.addMarker(marker);
		this.event.setCallerData(new Throwable().getStackTrace());
		ILoggingEvent read = roundTrip(true);
		String pattern = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS} %level %logger %thread %msg %X %kvp %marker %caller %sn";
		assertThat(layout(pattern, read)).isEqualTo(layout(pattern, this.event))
			.contains("ann has 3", "user=ann", "size=\"12\"", "outer [ inner ]", "everyPartOfAnEventIsThere", "42");
		assertThat(read.getArgumentArray()).containsExactly("ann", "3");
		assertThat(read.getMessage()).isEqualTo("{} has {}");
		assertThat(read.getInstant()).isEqualTo(this.event.getInstant());
	}

	@Test
	void exceptionsLookTheSame() throws Exception {
		IllegalStateException outer = new IllegalStateException("outer", failure("cause"));
		outer.addSuppressed(failure("suppressed"));
		outer.addSuppressed(new IllegalStateException(outer));
		this.event.setThrowableProxy(new ThrowableProxy(outer));
		assertSameLayout("%ex", "%xEx", "%rEx", "%nopex");
	}

	/** Boot's structured formats print the exception itself if they have a printer. */
	@ParameterizedTest
	@MethodSource("printers")
	void printersOfStackTracesFindTheException(StandardStackTracePrinter printer) throws Exception {
		IllegalStateException outer = new IllegalStateException("outer", failure("cause"));
		outer.addSuppressed(new UncheckedIOException(new IOException((String) null)));
		outer.addSuppressed(new IllegalStateException(outer));
		this.event.setThrowableProxy(new ThrowableProxy(outer));
		ThrowableProxy read = (ThrowableProxy) roundTrip(false).getThrowableProxy();
		assertThat(printer.printStackTraceToString(read.getThrowable()))
			.isEqualTo(printer.printStackTraceToString(outer))
			.contains("outer", "cause");
	}

	static Stream<StandardStackTracePrinter> printers() {
		return Stream.of(StandardStackTracePrinter.rootFirst(), StandardStackTracePrinter.rootLast(),
				StandardStackTracePrinter.rootLast().withCommonFrames(),
				StandardStackTracePrinter.rootFirst().withoutSuppressed().withMaximumThrowableDepth(2));
	}

	@Test
	void missingPartsStayMissing() throws IOException {
		LoggingEvent bare = new LoggingEvent();
		bare.setLevel(Level.INFO);
		ILoggingEvent read = read(EventWriter.write(bare, ORIGIN, false));
		assertThat(read.getMessage()).isNull();
		assertThat(read.getArgumentArray()).isNull();
		assertThat(read.getMarkerList()).isNull();
		assertThat(read.getKeyValuePairs()).isNull();
		assertThat(read.getThrowableProxy()).isNull();
		assertThat(read.hasCallerData()).isFalse();
	}

	@Test
	void sizesHaveNoLimit() throws IOException {
		Map<String, String> context = IntStream.range(0, 10_000)
			.boxed()
			.collect(Collectors.toMap((i) -> "key-" + i, (i) -> "value-" + i, (l, r) -> l, TreeMap::new));
		String message = "\u0000\r\n" + "é€😀".repeat(1_000_000);
		LoggingEvent large = new LoggingEvent("fqcn", this.context.getLogger("a"), Level.INFO, message, null, null);
		large.setMDCPropertyMap(context);
		ILoggingEvent read = read(EventWriter.write(large, ORIGIN, false));
		assertThat(read.getMDCPropertyMap()).isEqualTo(context);
		assertThat(read.getMessage()).isEqualTo(message);
	}

	@Test
	void anArgumentThatFailsIsNamed() throws IOException {
		LoggingEvent failing = new LoggingEvent("fqcn", this.context.getLogger("a"), Level.INFO, "{}", null,
				new Object[] { new Object() {

					@Override
					public String toString() {
						throw new IllegalStateException("on purpose");
					}

				} });
		Object[] arguments = read(EventWriter.write(failing, ORIGIN, false)).getArgumentArray();
		assertThat(arguments).singleElement().asString().contains("toString() failed", "IllegalStateException");
	}

	@Test
	void eventTellsItsOrigin() throws IOException {
		this.context.putProperty("other", "property");
		ILoggingEvent read = roundTrip(false);
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("instance", InstanceConverter::new);
		assertThat(layout("%instance %instance{pid} %property{other}", read)).isEqualTo("7 4711 property");
		assertThat(layout("[%instance]", this.event)).isEqualTo("[]");
	}

	@Test
	void laterVersionIsLeftOutAndTheNextEventIsRead() throws IOException {
		byte[] bytes = EventWriter.write(this.event, ORIGIN, false);
		ByteBuffer two = ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).flip();
		two.put(Integer.BYTES, (byte) 2);
		EventReader reader = new EventReader(this.context);
		assertThat(reader.read(two)).isNull();
		assertThat(reader.read(two)).isNotNull();
		assertThat(two.hasRemaining()).isFalse();
	}

	@Test
	void damageHarmsOneEventOnly() throws IOException {
		byte[] bytes = EventWriter.write(this.event, ORIGIN, false);
		ByteBuffer two = ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).flip();
		two.putInt(Integer.BYTES + 1, Integer.MAX_VALUE);
		EventReader reader = new EventReader(this.context);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> reader.read(two));
		assertThat(reader.read(two)).isNotNull();
	}

	/** Thrown on another thread, so that not all frames are common. */
	private static Throwable failure(String message) throws InterruptedException {
		Callable<Object> failing = () -> {
			throw new IOException(message);
		};
		FutureTask<Object> task = new FutureTask<>(failing);
		task.run();
		try {
			task.get();
			throw new AssertionError("should have failed");
		}
		catch (ExecutionException ex) {
			return ex;
		}
	}

	private void assertSameLayout(String... patterns) throws IOException {
		ILoggingEvent read = roundTrip(false);
		for (String pattern : patterns) {
			assertThat(layout(pattern, read)).as(pattern).isEqualTo(layout(pattern, this.event));
		}
	}

	private ILoggingEvent roundTrip(boolean callerData) throws IOException {
		return read(EventWriter.write(this.event, ORIGIN, callerData));
	}

	private ILoggingEvent read(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		ILoggingEvent read = new EventReader(this.context).read(buffer);
		assertThat(buffer.hasRemaining()).isFalse();
		return read;
	}

	private String layout(String pattern, ILoggingEvent event) {
		PatternLayout layout = new PatternLayout();
		layout.setContext(this.context);
		layout.setPattern(pattern);
		layout.start();
		return layout.doLayout(event);
	}

}
