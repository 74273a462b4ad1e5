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

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import io.observability.internal.log.collector.MissedEvents;
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.logback.InstanceConverter;
import io.observability.logback.QueueAppender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/** Appenders that are attached to a {@link QueueAppender}. */
class SinksTests {

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	SinksTests() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
	}

	@AfterEach
	void stop() {
		Slow.released.countDown();
		Slow.released = new CountDownLatch(1);
		this.context.stop();
	}

	@Test
	void eachGetsTheEventsInItsOwnFormatBesideTheFile() throws Exception {
		configure("""
				<file>${dir}/app.log</file>
				<encoder><pattern>%msg%n</pattern></encoder>
				<rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
					<fileNamePattern>${dir}/app.%d.log</fileNamePattern>
				</rollingPolicy>
				<appender-ref ref="ONE"/>
				<appender-ref ref="TWO"/>
				""", file("ONE", "%instance %level %msg%n") + file("TWO", "%logger %msg%n"));
		this.context.getLogger("test").info("hello {}", "world");
		this.context.stop();
		assertThat(this.directory.resolve("app.log")).hasContent("hello world\n");
		assertThat(this.directory.resolve("ONE")).hasContent("0 INFO hello world\n");
		assertThat(this.directory.resolve("TWO")).hasContent("test hello world\n");
	}

	@Test
	void noFileIsNeeded() throws Exception {
		configure("<appender-ref ref=\"ONE\"/>", file("ONE", "%msg%n"));
		for (int i = 0; i < 10_000; i++) {
			this.context.getLogger("test").info("{}", i);
		}
		this.context.stop();
		assertThat(Files.readAllLines(this.directory.resolve("ONE"))).hasSize(10_000).isEqualTo(numbers(10_000));
	}

	@Test
	void withoutAStoreTheyGetThisProcessesEvents() throws Exception {
		configure("<appender-ref ref=\"ONE\"/>", file("ONE", "%msg%n"), "");
		this.context.getLogger("test").info("alone");
		assertThat(this.directory.resolve("ONE")).hasContent("alone\n");
	}

	@Test
	void oneThatFailsHarmsNoOther() throws Exception {
		configure("<appender-ref ref=\"BROKEN\"/><appender-ref ref=\"ONE\"/>",
				appender("BROKEN", Broken.class) + file("ONE", "%msg%n"));
		this.context.getLogger("test").info("one");
		this.context.getLogger("test").info("two");
		Awaitility.await().untilAsserted(() -> {
			assertThat(this.directory.resolve("ONE")).hasContent("one\ntwo\n");
			assertThat(warnings()).anyMatch((text) -> text.contains("appender failed: name=BROKEN"));
		});
	}

	@Test
	void oneThatHangsHoldsUpNoOtherAndMissesNothing() throws Exception {
		configure("<appender-ref ref=\"SLOW\"/><appender-ref ref=\"ONE\"/>",
				appender("SLOW", Slow.class) + file("ONE", "%msg%n"));
		Slow slow = (Slow) ((QueueAppender) root().getAppender("QUEUE")).getAppender("SLOW");
		for (int i = 0; i < 5000; i++) {
			this.context.getLogger("test").info("{}", i);
		}
		Path one = this.directory.resolve("ONE");
		Awaitility.await().untilAsserted(() -> assertThat(Files.readAllLines(one)).hasSize(5000));
		assertThat(slow.messages).isEmpty();
		Slow.released.countDown();
		Awaitility.await().until(() -> slow.messages.size() >= 5000);
		assertThat(slow.messages).isEqualTo(numbers(5000));
	}

	@Test
	void oneThatIsDownCatchesUpInOrder() throws Exception {
		configure("<appender-ref ref=\"DOWN\"/>", appender("DOWN", Down.class));
		Down down = (Down) ((QueueAppender) root().getAppender("QUEUE")).getAppender("DOWN");
		for (int i = 0; i < 2000; i++) {
			this.context.getLogger("test").info("{}", i);
		}
		Awaitility.await().until(() -> down.failures.get() >= 6);
		down.up = true;
		Awaitility.await().until(() -> down.messages.size() >= 2000);
		assertThat(down.messages).isEqualTo(numbers(2000));
		assertThat(MissedEvents.count("DOWN")).isZero();
	}

	@Test
	void whatOneHasNotTakenComesAfterTheNextStart() throws Exception {
		String others = appender("DOWN", Down.class);
		configure("<appender-ref ref=\"DOWN\"/>", others);
		Down first = (Down) ((QueueAppender) root().getAppender("QUEUE")).getAppender("DOWN");
		for (int i = 0; i < 100; i++) {
			this.context.getLogger("test").info("{}", i);
		}
		Awaitility.await().until(() -> first.failures.get() > 0);
		this.context.stop();
		this.context.start();
		Down.initiallyUp = true;
		try {
			configure("<appender-ref ref=\"DOWN\"/>", others);
			Down second = (Down) ((QueueAppender) root().getAppender("QUEUE")).getAppender("DOWN");
			Awaitility.await().until(() -> second.messages.size() >= 100);
			assertThat(second.messages).isEqualTo(numbers(100));
		}
		finally {
			Down.initiallyUp = false;
		}
	}

	@Test
	void anEventThatOneNeverTakesIsPassedOver() throws Exception {
		configure("<appender-ref ref=\"PICKY\"/>", appender("PICKY", Picky.class));
		Picky picky = (Picky) ((QueueAppender) root().getAppender("QUEUE")).getAppender("PICKY");
		long skipped = SkippedRecords.bytes();
		for (String message : List.of("one", "bad", "two", "three")) {
			this.context.getLogger("test").info(message);
		}
		Awaitility.await().until(() -> picky.messages.size() >= 3);
		assertThat(picky.messages).containsExactly("one", "two", "three");
		assertThat(SkippedRecords.bytes()).isGreaterThan(skipped);
	}

	private static List<String> numbers(int count) {
		return java.util.stream.IntStream.range(0, count).mapToObj(Integer::toString).toList();
	}

	@Test
	void whatASinkLogsItselfDoesNotComeBack() throws Exception {
		configure("<appender-ref ref=\"CHATTY\"/>", appender("CHATTY", Chatty.class));
		Chatty chatty = (Chatty) ((QueueAppender) root().getAppender("QUEUE")).getAppender("CHATTY");
		this.context.getLogger("test").info("one");
		Awaitility.await().untilAsserted(() -> assertThat(chatty.messages).hasSize(1));
		this.context.getLogger("test").info("two");
		this.context.stop();
		assertThat(chatty.messages).containsExactly("one", "two");
	}

	@Test
	void appendersAreStoppedAfterTheLastEvent() throws Exception {
		configure("<appender-ref ref=\"ONE\"/>", file("ONE", "%msg%n"));
		QueueAppender appender = (QueueAppender) root().getAppender("QUEUE");
		this.context.getLogger("test").info("last");
		appender.stop();
		assertThat(appender.getAppender("ONE").isStarted()).isFalse();
		assertThat(this.directory.resolve("ONE")).hasContent("last\n");
		appender.start();
		this.context.getLogger("test").info("again");
		this.context.stop();
		assertThat(this.directory.resolve("ONE")).hasContent("last\nagain\n");
	}

	private ch.qos.logback.classic.Logger root() {
		return this.context.getLogger(Logger.ROOT_LOGGER_NAME);
	}

	private List<String> warnings() {
		return this.context.getStatusManager()
			.getCopyOfStatusList()
			.stream()
			.filter((status) -> status.getLevel() == Status.WARN)
			.map(Status::getMessage)
			.toList();
	}

	private static String file(String name, String pattern) {
		return """
				<appender name="%s" class="ch.qos.logback.core.FileAppender">
					<file>${dir}/%s</file>
					<encoder><pattern>%s</pattern></encoder>
				</appender>
				""".formatted(name, name, pattern);
	}

	private static String appender(String name, Class<?> type) {
		return "<appender name=\"%s\" class=\"%s\"/>".formatted(name, type.getName());
	}

	private void configure(String queue, String others) throws JoranException {
		configure(queue, others, "<storeDirectory>${dir}/store</storeDirectory>");
	}

	private void configure(String queue, String others, String store) throws JoranException {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("instance", InstanceConverter::new);
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(this.context);
		String configuration = """
				<configuration>
					%s
					<appender name="QUEUE" class="io.observability.logback.QueueAppender">
						%s
						%s
					</appender>
					<root level="debug"><appender-ref ref="QUEUE"/></root>
				</configuration>
				""".formatted(others, store, queue).replace("${dir}", this.directory.toString());
		configurator.doConfigure(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
	}

	/** Throws what no appender may throw. */
	public static final class Broken extends UnsynchronizedAppenderBase<ILoggingEvent> {

		@Override
		public void doAppend(ILoggingEvent event) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		protected void append(ILoggingEvent event) {
			throw new IllegalStateException("never called");
		}

	}

	/** Does nothing until it is released. */
	public static final class Slow extends AppenderBase<ILoggingEvent> {

		private static volatile CountDownLatch released = new CountDownLatch(1);

		private final List<String> messages = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			try {
				released.await();
				this.messages.add(event.getFormattedMessage());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/** Fails until it is up, as one does whose target can't be reached. */
	public static final class Down extends AppenderBase<ILoggingEvent> {

		private static volatile boolean initiallyUp;

		private final List<String> messages = new CopyOnWriteArrayList<>();

		private final AtomicInteger failures = new AtomicInteger();

		private volatile boolean up = initiallyUp;

		@Override
		protected void append(ILoggingEvent event) {
			if (!this.up) {
				this.failures.incrementAndGet();
				throw new IllegalStateException("can't be reached");
			}
			this.messages.add(event.getFormattedMessage());
		}

	}

	/** Never takes one event. */
	public static final class Picky extends AppenderBase<ILoggingEvent> {

		private final List<String> messages = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getMessage().equals("bad")) {
				throw new IllegalStateException("on purpose");
			}
			this.messages.add(event.getFormattedMessage());
		}

	}

	/** Logs about each event, as libraries of network appenders do. */
	public static final class Chatty extends UnsynchronizedAppenderBase<ILoggingEvent> {

		private final List<String> messages = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			this.messages.add(event.getFormattedMessage());
			((LoggerContext) getContext()).getLogger("chatty").info("about {}", event.getFormattedMessage());
		}

	}

}
