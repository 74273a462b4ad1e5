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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.task.Leadership;
import io.observability.logback.QueueAppender;
import io.observability.testing.LiveFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Appenders join the fleet however Logback is configured. A member is recognised by its
 * queue in the store.
 */
class MergedLogTests {

	private static final String ROLLING = """
			<file>${dir}/app.log</file>
			<encoder><pattern>%msg%n</pattern></encoder>
			<rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
				<fileNamePattern>${dir}/app.%d{yyyy-MM-dd}.log</fileNamePattern>
			</rollingPolicy>
			""";

	private static final String PLAIN = """
			<appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
			""" + ROLLING + "</appender>";

	private static final String MEMBER = """
			<appender name="FILE" class="io.observability.logback.QueueAppender">
			""" + ROLLING + "</appender>";

	private static final String ASYNC = """
			<appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
				<queueSize>77</queueSize>
				<neverBlock>true</neverBlock>
				<filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>INFO</level></filter>
				<appender-ref ref="FILE"/>
			</appender>
			""";

	private static final String ROOT = "<root level='debug'><appender-ref ref='FILE'/></root>";

	private static final String ROOT_ASYNC = "<root level='debug'><appender-ref ref='ASYNC'/></root>";

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void appenderInsideAnotherFindsTheStoreWhenItIsStarted() throws Exception {
		MergedLog log = prepare("shop");
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		assertThat(queues("shop")).hasSize(1);
		log.install();
		assertThat(queues("shop")).hasSize(1);
		assertLogs("one", "two");
	}

	@Test
	void appenderThatWasStartedBeforeTheStoreWasKnownIsStartedAgain() throws Exception {
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		prepare("shop").install();
		assertThat(queues("shop")).hasSize(1);
		assertLogs("one");
	}

	@Test
	void plainFileAppenderIsReplacedWhereverItIsReferredTo() throws Exception {
		prepare("shop");
		configure(PLAIN + ASYNC + ROOT_ASYNC + """
				<logger name="one" additivity="false"><appender-ref ref="FILE"/></logger>
				<logger name="two" additivity="false"><appender-ref ref="FILE"/></logger>
				""");
		assertThat(appender("one", "FILE")).isInstanceOf(QueueAppender.class).isSameAs(appender("two", "FILE"));
		AsyncAppender async = (AsyncAppender) appender(Logger.ROOT_LOGGER_NAME, "ASYNC");
		assertThat(async.getAppender("FILE")).isSameAs(appender("one", "FILE"));
		assertThat(async.getQueueSize()).isEqualTo(77);
		assertThat(async.isNeverBlock()).isTrue();
		assertThat(async.getCopyOfAttachedFiltersList()).hasSize(1);
		assertThat(queues("shop")).hasSize(1);
		assertLogs("one", "two", "other");
	}

	@Test
	void reloadedConfigurationJoinsAgain() throws Exception {
		MergedLog log = prepare("shop");
		configure(PLAIN + ASYNC + ROOT_ASYNC);
		log.install();
		for (int i = 0; i < 3; i++) {
			this.context.getLogger("one").info("before");
			this.context.reset();
			configure(PLAIN + ASYNC + ROOT_ASYNC);
			await().untilAsserted(() -> assertThat(queues("shop")).hasSize(1));
		}
		this.context.getLogger("one").info("after");
		this.context.stop();
		assertThat(lines()).containsExactly("before", "before", "before", "after");
	}

	@Test
	void appenderThatIsAddedInCodeJoins() throws Exception {
		MergedLog log = prepare("shop");
		configure("<root level='debug'/>");
		log.install();
		this.context.reset();
		QueueAppender appender = new QueueAppender();
		appender.setContext(this.context);
		appender.setName("LATE");
		appender.setFile(this.directory.resolve("app.log").toString());
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(this.context);
		encoder.setPattern("%msg%n");
		encoder.start();
		appender.setEncoder(encoder);
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setContext(this.context);
		policy.setParent(appender);
		policy.setFileNamePattern(this.directory + "/app.%d.log");
		appender.setRollingPolicy(policy);
		appender.start();
		this.context.getLogger("one").addAppender(appender);
		assertThat(queues("shop")).hasSize(1);
		assertLogs("one");
	}

	@Test
	void secondApplicationStaysInTheStoreOfTheFirst() throws Exception {
		MergedLog log = prepare("shop");
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		log.install();
		this.context.putObject(LoggingSystem.class.getName(), new Object());
		prepare("other").install();
		this.context.reset();
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		await().untilAsserted(() -> assertThat(queues("shop")).hasSize(1));
		assertThat(this.directory.resolve("other")).doesNotExist();
	}

	@Test
	void nextApplicationHasItsOwnStore() throws Exception {
		prepare("shop").install();
		prepare("other");
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		assertThat(queues("other")).hasSize(1);
		assertThat(this.directory.resolve("shop")).doesNotExist();
		this.context.reset();
		MergedLog log = MergedLog.in(this.context);
		log.prepare(environment("shop").withProperty("observability.logging.enabled", "false"));
		configure(MEMBER + ASYNC + ROOT_ASYNC);
		log.install();
		await().untilAsserted(() -> assertThat(queues("other")).isEmpty());
		assertThat(this.directory.resolve("shop")).doesNotExist();
	}

	@Test
	void bootstrapContextOfSpringCloudJoinsNoFleet() throws Exception {
		MockEnvironment bootstrap = environment("bootstrap");
		bootstrap.getPropertySources().addFirst(new MapPropertySource("bootstrap", Map.of()));
		MergedLog log = MergedLog.in(this.context);
		log.prepare(bootstrap);
		configure(PLAIN + ASYNC + ROOT_ASYNC);
		log.install();
		this.context.getLogger("one").info("early");
		this.context.reset();
		prepare("shop");
		configure(PLAIN + ASYNC + ROOT_ASYNC);
		log.install();
		this.context.getLogger("one").info("late");
		this.context.stop();
		assertThat(lines()).containsExactly("early", "late");
		assertThat(this.directory.resolve("bootstrap")).doesNotExist();
	}

	@Test
	void resetDoesNotWaitForTheCollector() throws Exception {
		MergedLog log = prepare("shop");
		configure(PLAIN + ROOT);
		log.install();
		StoreDirectory store = StoreDirectory.open(this.directory.resolve("shop"));
		await().until(() -> Files.exists(store.collectorLock()));
		Files.delete(store.collectorLock());
		try (Leadership other = new Leadership(store.collectorLock())) {
			await().until(other::isLeader);
			this.context.getLogger("one").info("before");
			this.context.reset();
			assertThat(queues("shop")).isNotEmpty();
			configure(PLAIN + ROOT);
			this.context.getLogger("one").info("after");
		}
		this.context.stop();
		assertThat(lines()).containsExactly("before", "after");
		assertThat(queues("shop")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { PLAIN, MEMBER })
	void appenderJoinsLaterIfTheStoreCannotBeUsedAtTheStart(String appender) throws Exception {
		Path store = startWithoutStore(appender + ROOT);
		AtomicInteger logged = new AtomicInteger();
		await().until(() -> log(logged) > 50);
		Files.delete(store);
		await().until(() -> log(logged) > 100 && Files.isDirectory(store) && !queuesIn(store).isEmpty());
		log(logged);
		this.context.stop();
		FileSystemUtils.deleteRecursively(store);
		assertThat(lines()).filteredOn((line) -> line.startsWith("line "))
			.containsExactlyElementsOf(
					IntStream.rangeClosed(1, logged.get()).mapToObj((number) -> "line " + number).toList());
	}

	@Test
	void appenderThatWaitsToJoinLeavesRollingToOthers() throws Exception {
		Path store = startWithoutStore(PLAIN.replace("TimeBasedRollingPolicy", "FixedWindowRollingPolicy")
			.replace("app.%d{yyyy-MM-dd}.log", "app.%i.log.gz")
			.replace("</appender>", "<triggeringPolicy class='ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy'>"
					+ "<maxFileSize>100</maxFileSize></triggeringPolicy></appender>")
				+ ROOT);
		AtomicInteger logged = new AtomicInteger();
		for (int i = 0; i < 10; i++) {
			log(logged);
		}
		assertThat(this.directory.resolve("app.1.log.gz")).doesNotExist();
		// As the collector does.
		Path piece = this.directory.resolve("app.log.piece");
		Files.move(this.directory.resolve("app.log"), piece);
		log(logged);
		assertThat(lines()).hasSize(10);
		assertThat(Files.readAllLines(piece)).filteredOn((line) -> line.startsWith("line ")).hasSize(100);
		Files.delete(store);
		this.context.stop();
	}

	private int log(AtomicInteger logged) {
		for (int i = 0; i < 10; i++) {
			this.context.getLogger("one").info("line {}", logged.incrementAndGet());
		}
		return logged.get();
	}

	private MergedLog prepare(String store) {
		MergedLog log = MergedLog.in(this.context);
		log.prepare(environment(store));
		return log;
	}

	private MockEnvironment environment(String store) {
		return new MockEnvironment()
			.withProperty("observability.store.directory", this.directory.resolve(store).toString())
			.withProperty("logging.file.name", this.directory.resolve("app.log").toString());
	}

	private void configure(String elements) throws JoranException {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(this.context);
		String configuration = "<configuration>" + elements + "</configuration>";
		configurator.doConfigure(new ByteArrayInputStream(
				configuration.replace("${dir}", this.directory.toString()).getBytes(StandardCharsets.UTF_8)));
		this.context.start();
	}

	private Appender<ILoggingEvent> appender(String logger, String name) {
		return this.context.getLogger(logger).getAppender(name);
	}

	private void assertLogs(String... loggers) throws IOException {
		for (String logger : loggers) {
			this.context.getLogger(logger).info("by {}", logger);
		}
		this.context.stop();
		assertThat(lines())
			.containsExactlyInAnyOrder(Stream.of(loggers).map((logger) -> "by " + logger).toArray(String[]::new));
	}

	/** A file is in the place of the store, which is returned. */
	private Path startWithoutStore(String configuration) throws Exception {
		MockEnvironment environment = new MockEnvironment()
			.withProperty("spring.application.name", "late-" + UUID.randomUUID())
			.withProperty("logging.file.name", this.directory.resolve("app.log").toString());
		Path store = StoreLocation.of(environment).directory();
		Files.createDirectories(store.getParent());
		Files.createFile(store);
		MergedLog log = MergedLog.in(this.context);
		log.prepare(environment);
		configure(configuration);
		log.install();
		return store;
	}

	private List<String> lines() throws IOException {
		return Files.readAllLines(this.directory.resolve("app.log"));
	}

	private List<Path> queues(String store) throws IOException {
		return queuesIn(this.directory.resolve(store));
	}

	private static List<Path> queuesIn(Path store) throws IOException {
		return LiveFolder.tree(store)
			.stream()
			.filter((file) -> file.getFileName().toString().matches("log-.*-0\\.seg"))
			.toList();
	}

}
