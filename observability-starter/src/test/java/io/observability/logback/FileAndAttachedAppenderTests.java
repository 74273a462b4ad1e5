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

package io.observability.logback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.FleetLog;
import io.observability.internal.log.collector.MissedEvents;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/** An appender with a file and an attached appender: each shows what it can. */
class FileAndAttachedAppenderTests {

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	private final ListAppender<ILoggingEvent> attached = new ListAppender<>();

	private final Logger logger = this.context.getLogger("test");

	@BeforeEach
	void start() {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		QueueAppender appender = new QueueAppender();
		appender.setContext(this.context);
		appender.setName("FILE");
		appender.setFile(this.directory.resolve("app.log").toString());
		appender.setStoreDirectory(this.directory.resolve("store").toString());
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(this.context);
		encoder.setPattern("%msg %kvp%n%nopex");
		encoder.start();
		appender.setEncoder(encoder);
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setContext(this.context);
		policy.setParent(appender);
		policy.setFileNamePattern(this.directory.resolve("app.%d.log").toString());
		policy.start();
		appender.setRollingPolicy(policy);
		this.attached.setName("attached");
		this.attached.setContext(this.context);
		appender.addAppender(this.attached);
		appender.start();
		this.logger.addAppender(appender);
	}

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void eventThatTheFileCannotShowIsAttachedAppenders() throws IOException {
		this.logger.atInfo().addKeyValue("key", text(() -> {
			throw new IllegalStateException("on purpose");
		})).log("throws");
		this.logger.atInfo().addKeyValue("key", text(FileAndAttachedAppenderTests::overflow)).log("overflows");
		this.logger.info("good");
		this.context.stop();
		assertThat(log()).containsExactly("good ");
		assertThat(this.attached.list).extracting(ILoggingEvent::getMessage)
			.containsExactly("throws", "overflows", "good");
		assertThat(this.attached.list.get(0).getKeyValuePairs()).singleElement()
			.asString()
			.contains("toString() failed", "IllegalStateException");
		assertThat(this.attached.list.get(1).getKeyValuePairs()).singleElement()
			.asString()
			.contains("toString() failed", "StackOverflowError");
		assertThat(this.context.getStatusManager().getCopyOfStatusList())
			.filteredOn((status) -> status.getLevel() == Status.ERROR)
			.hasSize(2);
	}

	@Test
	void eventThatIsLoggedWhileAnotherIsEncodedComesBeforeItAndOnce() throws IOException {
		this.logger.atInfo().addKeyValue("key", text(() -> {
			this.logger.atInfo().addKeyValue("key", text(() -> {
				this.logger.info("too deep");
				return "inner";
			})).log("nested");
			return "outer";
		})).log("event");
		this.context.stop();
		assertThat(log()).containsExactly("nested key=\"inner\"", "event key=\"outer\"");
		assertThat(this.attached.list).extracting(ILoggingEvent::getMessage).containsExactly("nested", "event");
	}

	@Test
	void encoderThatKeepsABufferForEachThreadIsNotConfused() throws IOException {
		StringBuilder buffer = new StringBuilder();
		QueueAppender appender = (QueueAppender) this.logger.getAppender("FILE");
		appender.setEncoder(new PatternLayoutEncoder() {

			@Override
			public byte[] encode(ILoggingEvent event) {
				buffer.setLength(0);
				buffer.append('<').append(event.getMessage());
				if (event.getKeyValuePairs() != null) {
					buffer.append(event.getKeyValuePairs());
				}
				return buffer.append(">\n").toString().getBytes(StandardCharsets.UTF_8);
			}

		});
		this.logger.atInfo().addKeyValue("key", text(() -> {
			this.logger.info("nested");
			return "value";
		})).log("event");
		this.context.stop();
		assertThat(log()).containsExactly("<nested>", "<event[key=\"value\"]>");
	}

	@Test
	void exceptionWithManyCausesIsPassedOn() {
		Throwable cause = new IllegalStateException("root");
		for (int i = 0; i < 500; i++) {
			cause = new IllegalStateException("cause " + i, cause);
		}
		this.logger.info("deep", cause);
		this.context.stop();
		IThrowableProxy read = this.attached.list.get(0).getThrowableProxy();
		int depth = 0;
		for (; read.getCause() != null; read = read.getCause()) {
			depth++;
		}
		assertThat(depth).isEqualTo(500);
		assertThat(read.getMessage()).isEqualTo("root");
	}

	@Test
	void eventThatDoesNotGetIntoTheQueueIsMissedByAttachedAppenders() throws IOException {
		QueueAppender appender = (QueueAppender) this.logger.getAppender("FILE");
		appender.addFilter(new Filter<>() {

			@Override
			public FilterReply decide(ILoggingEvent event) {
				if (event.getMessage().equals("bad")) {
					throw new IllegalStateException("on purpose");
				}
				return FilterReply.NEUTRAL;
			}

		});
		long before = MissedEvents.count("attached");
		this.logger.info("bad");
		this.logger.info("good");
		assertThat(MissedEvents.count("attached") - before).isEqualTo(1);
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("store"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(FleetLog.of(store).appenders()).singleElement()
				.extracting(FleetLog.AttachedAppender::missed)
				.isEqualTo(1L));
	}

	@Test
	void otherAppendersFindNoPropertiesOfTheStarter() {
		ListAppender<ILoggingEvent> other = new ListAppender<>();
		other.setContext(this.context);
		other.start();
		this.logger.addAppender(other);
		this.logger.info("event");
		this.context.stop();
		assertThat(List.of(other.list.get(0), this.attached.list.get(0)))
			.allSatisfy((event) -> assertThat(event.getLoggerContextVO().getPropertyMap()).isEmpty());
	}

	private static Object text(Supplier<String> text) {
		return new Object() {

			@Override
			public String toString() {
				return text.get();
			}

		};
	}

	@SuppressWarnings("InfiniteRecursion") // on purpose
	private static String overflow() {
		return overflow() + "x";
	}

	private List<String> log() throws IOException {
		return Files.readAllLines(this.directory.resolve("app.log"));
	}

}
