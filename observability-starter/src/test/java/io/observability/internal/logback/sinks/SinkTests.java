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

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.internal.logback.event.EventOrigin;
import io.observability.internal.logback.event.EventWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Events that can't be read, and appenders that fail. */
class SinkTests {

	private static final int TEXT_OFFSET = 40;

	private final LoggerContext context = new LoggerContext();

	private final RollingFileAppender<ILoggingEvent> owner = new RollingFileAppender<>();

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private boolean attached = true;

	private Sink sink;

	@BeforeEach
	void start() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		this.appender.setName("LIST");
		this.appender.start();
		this.owner.setContext(this.context);
		this.owner.setName("QUEUE");
		this.sink = new Sink(this.owner, "LIST", this.appender, () -> this.attached);
	}

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void eventThatCannotBeReadCostsNoOtherAndIsCountedAndReportedOnce() throws Exception {
		byte[] good = event("good");
		List<byte[]> bad = new ArrayList<>(List.of(new byte[0], new byte[3], new byte[100]));
		bad.add(withInt(good, 0, -5));
		bad.add(withInt(good, 0, good.length));
		bad.add(Arrays.copyOf(good, good.length / 2));
		bad.add(withInt(good, TEXT_OFFSET, Integer.MAX_VALUE));
		long skipped = SkippedRecords.bytes();
		long length = 0;
		for (int i = 0; i < 20; i++) {
			for (byte[] event : bad) {
				this.sink.deliver(ByteBuffer.wrap(event));
				this.sink.deliver(ByteBuffer.wrap(good));
				length += event.length;
			}
		}
		assertThat(this.appender.list).hasSize(20 * bad.size()).allMatch((event) -> event.getMessage().equals("good"));
		assertThat(SkippedRecords.bytes() - skipped).isEqualTo(length);
		assertThat(warnings()).hasSizeBetween(1, 2).allMatch((text) -> text.contains("event skipped"));
	}

	@Test
	void bytesBehindAnEventAreIgnored() throws Exception {
		byte[] event = event("good");
		this.sink.deliver(ByteBuffer.wrap(Arrays.copyOf(event, event.length + 3)));
		assertThat(this.appender.list).hasSize(1);
	}

	@Test
	void whatLogbackSwallowsIsAFailureHoweverOftenItHappens() throws IOException {
		for (Failing failing : List.of(new Failing(), new Failing())) {
			assertFailsEachTime(failing, "on purpose");
		}
		assertFailsEachTime(new FailingSynchronized(), "on purpose");
	}

	@Test
	void anErrorWithAnExceptionThatTheAppenderReportsIsAFailure() throws IOException {
		assertFailsEachTime(new Reporting(), "reported");
	}

	private void assertFailsEachTime(Appender<ILoggingEvent> failing, String message) throws IOException {
		failing.setContext(this.context);
		failing.start();
		Sink sink = new Sink(this.owner, "FAILING", failing, () -> true);
		ByteBuffer event = ByteBuffer.wrap(event("any"));
		for (int i = 0; i < 20; i++) {
			assertThatException().isThrownBy(() -> sink.deliver(event.duplicate()))
				.withStackTraceContaining("java.net.ConnectException: " + message)
				.satisfies((failure) -> assertThat(sink.isOfTarget(failure)).isTrue());
		}
	}

	@Test
	void anAppenderThatHasStoppedItselfIsStartedAgain() throws Exception {
		byte[] event = event("good");
		this.appender.stop();
		this.sink.deliver(ByteBuffer.wrap(event));
		assertThat(this.appender.list).hasSize(1);
	}

	@Test
	void anAppenderThatWasDetachedGetsNothing() throws Exception {
		byte[] event = event("good");
		this.attached = false;
		this.sink.deliver(ByteBuffer.wrap(event));
		assertThat(this.appender.list).isEmpty();
		this.attached = true;
		this.sink.deliver(ByteBuffer.wrap(event));
		assertThat(this.appender.list).hasSize(1);
	}

	@Test
	void anAppenderThatHangsIsNotCalledAgainUntilItReturns() throws Exception {
		Hanging hanging = new Hanging();
		hanging.setContext(this.context);
		hanging.start();
		Sink sink = new Sink(this.owner, "HANGING", hanging, () -> true);
		byte[] event = event("good");
		Thread thread = new Thread(
				() -> assertThatNoException().isThrownBy(() -> sink.deliver(ByteBuffer.wrap(event))));
		thread.start();
		hanging.called.await();
		assertThatException().isThrownBy(() -> sink.deliver(ByteBuffer.wrap(event)))
			.isInstanceOf(TimeoutException.class)
			.satisfies((failure) -> assertThat(sink.isOfTarget(failure)).isTrue());
		hanging.released.countDown();
		thread.join();
		sink.deliver(ByteBuffer.wrap(event));
		assertThat(hanging.count).isEqualTo(2);
	}

	@Test
	void filtersOfTheAppenderApply() throws Exception {
		this.appender.addFilter(new Filter<>() {

			@Override
			public FilterReply decide(ILoggingEvent event) {
				return event.getMessage().equals("bad") ? FilterReply.DENY : FilterReply.NEUTRAL;
			}

		});
		this.sink.deliver(ByteBuffer.wrap(event("bad")));
		this.sink.deliver(ByteBuffer.wrap(event("good")));
		assertThat(this.appender.list).extracting(ILoggingEvent::getMessage).containsExactly("good");
	}

	@Test
	void anEventItselfCanBeTheReasonOfMostFailures() {
		assertThat(this.sink.isOfTarget(new IllegalStateException("no"))).isFalse();
		assertThat(this.sink.isOfTarget(new IllegalStateException(new SocketTimeoutException()))).isTrue();
		assertThat(this.sink.isOfTarget(new CharacterCodingException())).isFalse();
	}

	private byte[] event(String message) throws IOException {
		LoggingEvent event = new LoggingEvent("test", this.context.getLogger("test"), Level.INFO, message, null, null);
		return EventWriter.write(event, new EventOrigin("0", 1), false);
	}

	private static byte[] withInt(byte[] event, int offset, int value) {
		byte[] changed = event.clone();
		ByteBuffer.wrap(changed).putInt(offset, value);
		return changed;
	}

	private List<String> warnings() {
		return this.context.getStatusManager()
			.getCopyOfStatusList()
			.stream()
			.filter((status) -> status.getLevel() == Status.WARN)
			.map(Status::getMessage)
			.toList();
	}

	private static class Failing extends UnsynchronizedAppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			throw new IllegalStateException(new ConnectException("on purpose"));
		}

	}

	private static final class FailingSynchronized extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			throw new IllegalStateException(new ConnectException("on purpose"));
		}

	}

	private static final class Hanging extends UnsynchronizedAppenderBase<ILoggingEvent> {

		private final CountDownLatch called = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private int count;

		@Override
		protected void append(ILoggingEvent event) {
			this.called.countDown();
			try {
				this.released.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			this.count++;
		}

	}

	private static final class Reporting extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			addError("failed", new ConnectException("reported"));
		}

	}

}
