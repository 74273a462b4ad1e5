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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.FleetLog;
import io.observability.testing.LiveFolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

class QueueAppenderTests {

	private static final String ROLLING = """
			<rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
				<fileNamePattern>${dir}/app.%d{yyyy-MM-dd}.%i.log</fileNamePattern>
				<maxFileSize>10MB</maxFileSize>
			</rollingPolicy>
			""";

	@TempDir
	private Path directory;

	private final List<LoggerContext> contexts = new ArrayList<>();

	private final List<Thread> othersThreads = logThreads().toList();

	@AfterEach
	void stop() {
		this.contexts.forEach(LoggerContext::stop);
	}

	@Test
	void isConfiguredLikeARollingFileAppender() throws Exception {
		LoggerContext context = configure("""
				<file>${dir}/app.log</file>
				<storeDirectory>${dir}/store</storeDirectory>
				<maxBacklog>8MB</maxBacklog>
				<whenFull>drop</whenFull>
				<orderingWindow>50 milliseconds</orderingWindow>
				<filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>INFO</level></filter>
				<encoder><pattern>%level %X{user} %msg%n</pattern></encoder>
				""" + ROLLING);
		Logger logger = context.getLogger("test");
		MDC.put("user", "ann");
		logger.info("hello {}", "world");
		logger.debug("filtered");
		logger.error("failed", new IllegalStateException("why"));
		MDC.remove("user");
		context.stop();
		assertThat(log()).startsWith("INFO ann hello world", "ERROR ann failed",
				"java.lang.IllegalStateException: why");
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void writesTheFileItselfWithoutAStore() throws Exception {
		LoggerContext context = configure("""
				<file>${dir}/app.log</file>
				<encoder><pattern>%msg%n</pattern></encoder>
				""" + ROLLING);
		context.getLogger("test").info("alone");
		assertThat(log()).containsExactly("alone");
		assertThat(this.directory.resolve("store")).doesNotExist();
	}

	@Test
	void activeFileMayBeNamedByTheRollingPolicy() throws Exception {
		LoggerContext context = configure("""
				<storeDirectory>${dir}/store</storeDirectory>
				<encoder><pattern>%msg%n</pattern></encoder>
				""" + ROLLING);
		context.getLogger("test").info("one");
		context.stop();
		try (Stream<Path> files = Files.list(this.directory)) {
			Path file = files.filter((path) -> path.getFileName().toString().endsWith(".0.log")).findFirst().get();
			assertThat(file).hasContent("one\n");
		}
	}

	@Test
	void severalContextsInOneJvmWriteOneLog() throws Exception {
		LoggerContext one = configure(merged());
		LoggerContext two = configure(merged());
		for (int i = 0; i < 1000; i++) {
			one.getLogger("test").info("one {}", i);
			two.getLogger("test").info("two {}", i);
		}
		one.stop();
		two.getLogger("test").info("still there");
		two.stop();
		List<String> log = log();
		assertThat(log).hasSize(2001).doesNotHaveDuplicates();
		assertThat(log.stream().filter((line) -> line.startsWith("one"))).hasSize(1000);
		assertThat(queueFiles()).isEmpty();
		assertThat(ownThreads()).isEmpty();
	}

	@Test
	void contextThatIsStartedAgainLeaksNothing() throws Exception {
		for (int i = 0; i < 20; i++) {
			LoggerContext context = configure(merged());
			context.getLogger("test").info("restart {}", i);
			context.stop();
			assertThat(ownThreads()).isEmpty();
		}
		assertThat(log()).hasSize(20).doesNotHaveDuplicates();
	}

	@Test
	void anEventCanHoldAnything() throws Exception {
		LoggerContext context = configure(merged());
		List<String> messages = List.of("", "\u0000", "a\r\nb", "\uD800 lone", "é€😀", "x".repeat(10_000_000));
		for (String message : messages) {
			context.getLogger("test").info(message);
		}
		context.stop();
		byte[] expected = (String.join("\n", messages) + "\n").getBytes(StandardCharsets.UTF_8);
		assertThat(Files.readAllBytes(this.directory.resolve("app.log"))).isEqualTo(expected);
	}

	@Test
	void takesEventsMadeByHand() throws Exception {
		LoggerContext context = configure(merged());
		ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
		LoggingEvent event = new LoggingEvent("fqcn", root, Level.WARN, "by hand", null, null);
		event.setTimeStamp(1);
		root.callAppenders(event);
		LoggingEvent bare = new LoggingEvent();
		bare.setLevel(Level.INFO);
		bare.setMessage("bare");
		root.getAppender("FILE").doAppend(bare);
		context.stop();
		assertThat(log()).containsExactlyInAnyOrder("by hand", "bare");
	}

	@Test
	void exceptionsReachNoCaller() throws Exception {
		LoggerContext context = configure(merged());
		context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("FILE").addFilter(new Filter<>() {

			@Override
			public FilterReply decide(ILoggingEvent event) {
				throw new IllegalStateException("on purpose");
			}

		});
		context.getLogger("test").info("never written");
		assertThat(errors(context)).singleElement().extracting(Status::getThrowable).asString().contains("on purpose");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "<storeDirectory>${dir}/store</storeDirectory>" })
	void argumentsMayDoAnything(String store) throws Exception {
		LoggerContext context = configure("""
				<file>${dir}/app.log</file>
				<encoder><pattern>%msg%n</pattern></encoder>
				""" + store + ROLLING);
		Logger logger = context.getLogger("test");
		logger.info("1 {}", argument(() -> {
			throw new IllegalStateException("on purpose");
		}));
		logger.info("2 {}", argument(QueueAppenderTests::overflow));
		logger.info("3 {}", argument(() -> {
			logger.info("nested");
			return "logs itself";
		}));
		logger.info("4");
		context.stop();
		assertThat(log()).containsExactly("1 [FAILED toString()]", "2 [FAILED toString()]", "nested", "3 logs itself",
				"4");
		assertThat(errors(context)).isEmpty();
	}

	@Test
	void failuresReachNoCallerAndAreReportedOnceForEachKind() throws Exception {
		LoggerContext context = configure(merged());
		ch.qos.logback.classic.Logger logger = context.getLogger("test");
		for (int i = 0; i < 3; i++) {
			logger.callAppenders(event(logger, () -> {
				throw new IllegalStateException("on purpose");
			}));
			logger.callAppenders(event(logger, QueueAppenderTests::overflow));
			logger.callAppenders(event(logger, () -> {
				logger.info("nested");
				return "event";
			}));
		}
		context.stop();
		assertThat(log()).containsExactly("nested", "event", "nested", "event", "nested", "event");
		assertThat(errors(context)).extracting((status) -> status.getThrowable().getClass().getSimpleName())
			.containsExactly("IllegalStateException", "StackOverflowError");
	}

	private static Object argument(Supplier<String> text) {
		return new Object() {

			@Override
			public String toString() {
				return text.get();
			}

		};
	}

	private static ILoggingEvent event(ch.qos.logback.classic.Logger logger, Supplier<String> message) {
		return new LoggingEvent("fqcn", logger, Level.INFO, "message", null, null) {

			@Override
			public String getFormattedMessage() {
				return message.get();
			}

		};
	}

	@SuppressWarnings("InfiniteRecursion") // on purpose
	private static String overflow() {
		return overflow() + "x";
	}

	@Test
	void twoFilesInOneStoreAreTwoLogs() throws Exception {
		LoggerContext app = configure(merged());
		LoggerContext other = configure(merged().replace("app.log", "other.log"));
		for (int i = 0; i < 100; i++) {
			app.getLogger("test").info("app {}", i);
			other.getLogger("test").info("other {}", i);
		}
		List<FleetLog> logs = FleetLog.allOf(StoreDirectory.open(this.directory.resolve("store")));
		assertThat(logs).extracting((log) -> Path.of(String.valueOf(log.file())).getFileName())
			.containsExactly(Path.of("app.log"), Path.of("other.log"));
		assertThat(logs).allSatisfy((log) -> assertThat(log.queues()).hasSize(1))
			.extracting((log) -> log.queues().get(0).instance())
			.containsOnly(logs.get(0).queues().get(0).instance());
		app.stop();
		other.stop();
		assertThat(log()).hasSize(100).allMatch((line) -> line.startsWith("app "));
		assertThat(Files.readAllLines(this.directory.resolve("other.log"))).hasSize(100)
			.allMatch((line) -> line.startsWith("other "));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void tooSmallBacklogIsRefused() throws Exception {
		LoggerContext context = configure(merged() + "<maxBacklog>1KB</maxBacklog>");
		assertThat(errors(context)).singleElement()
			.extracting(Status::getThrowable)
			.asString()
			.contains("maxBacklog=1024");
	}

	@Test
	void droppedEventsAreReportedAtTheLatestWhenItStops() throws Exception {
		Path lock = StoreDirectory.open(this.directory.resolve("store")).collectorLock();
		LoggerContext context;
		try (ProcessLock noCollector = ProcessLock.tryAcquire(lock)) {
			context = configure(merged() + "<maxBacklog>1MB</maxBacklog><whenFull>drop</whenFull>");
			assertThat(noCollector).isNotNull();
			for (int i = 0; i < 200; i++) {
				context.getLogger("test").info("x".repeat(10_000));
			}
		}
		Awaitility.await().until(() -> queueFiles().size() <= 2);
		context.stop();
		List<String> reports = log().stream().filter((line) -> line.startsWith("log events dropped")).toList();
		assertThat(reports).singleElement().asString().contains("count=" + (200 - (log().size() - 1)));
	}

	@Test
	void joinsAgainWhenTheStoreIsDeleted() throws Exception {
		LoggerContext context = configure(merged());
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 1000; i++) {
				context.getLogger("test").info("{} {}", round, i);
			}
			deleteStore();
			context.getLogger("test").info("{} deleted", round);
			Awaitility.await()
				.until(() -> this.directory.resolve("store").toFile().exists() && !queueFiles().isEmpty());
		}
		context.stop();
		List<String> expected = new ArrayList<>();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 1000; i++) {
				expected.add(round + " " + i);
			}
			expected.add(round + " deleted");
		}
		assertThat(log()).containsExactlyElementsOf(expected);
		assertThat(errors(context)).isEmpty();
		assertThat(queueFiles()).isEmpty();
		assertThat(ownThreads()).isEmpty();
	}

	@Test
	void eventsOfAStoreThatWasDeletedAMomentAgoAreWrittenWhenItStops() throws Exception {
		LoggerContext context = configure(merged());
		context.getLogger("test").info("before");
		Awaitility.await().untilAsserted(() -> assertThat(log()).containsExactly("before"));
		deleteStore();
		// Nothing has noticed that yet.
		context.getLogger("test").info("after");
		context.stop();
		assertThat(log()).containsExactly("before", "after");
		assertThat(queueFiles()).isEmpty();
		assertThat(ownThreads()).isEmpty();
	}

	@Test
	void eventsOfASegmentWhoseFileIsReplacedAreWritten() throws Exception {
		Path lock = StoreDirectory.open(this.directory.resolve("store")).collectorLock();
		LoggerContext context;
		try (ProcessLock noCollector = ProcessLock.tryAcquire(lock)) {
			assertThat(noCollector).isNotNull();
			context = configure(merged());
			for (int i = 0; i < 50; i++) {
				context.getLogger("test").info(i + "x".repeat(10_000));
			}
			Path first = queueFiles().stream().sorted().findFirst().orElseThrow();
			Files.delete(first);
			Files.writeString(first, "x");
			LoggerContext joining = context;
			Awaitility.await()
				.until(() -> joining.getStatusManager()
					.getCopyOfStatusList()
					.stream()
					.anyMatch((status) -> status.getMessage().contains("joined the fleet again")));
		}
		context.stop();
		assertThat(log()).hasSize(50).doesNotHaveDuplicates();
	}

	@Test
	void worksAloneUntilADeletedStoreCanBeCreatedAgain() throws Exception {
		LoggerContext context = configure(merged());
		context.getLogger("test").info("before");
		Awaitility.await().untilAsserted(() -> assertThat(log()).containsExactly("before"));
		deleteStore();
		Path store = Files.createFile(this.directory.resolve("store"));
		Awaitility.await().untilAsserted(() -> assertThat(errors(context)).hasSize(1));
		context.getLogger("test").info("alone");
		assertThat(log()).containsExactly("before", "alone");
		Files.delete(store);
		Awaitility.await().until(() -> Files.isDirectory(store) && !queueFiles().isEmpty());
		context.getLogger("test").info("behind");
		context.stop();
		assertThat(log()).containsExactly("before", "alone", "behind");
	}

	private static String merged() {
		return """
				<file>${dir}/app.log</file>
				<storeDirectory>${dir}/store</storeDirectory>
				<encoder><pattern>%msg%n</pattern></encoder>
				""" + ROLLING;
	}

	private LoggerContext configure(String appender) throws JoranException {
		LoggerContext context = new LoggerContext();
		context.setMDCAdapter(MDC.getMDCAdapter());
		this.contexts.add(context);
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(context);
		String configuration = """
				<configuration>
					<appender name="FILE" class="io.observability.logback.QueueAppender">
						%s
					</appender>
					<root level="debug"><appender-ref ref="FILE"/></root>
				</configuration>
				""".formatted(appender.replace("${dir}", this.directory.toString()));
		configurator.doConfigure(new ByteArrayInputStream(configuration.getBytes(StandardCharsets.UTF_8)));
		return context;
	}

	private static List<Status> errors(LoggerContext context) {
		return context.getStatusManager()
			.getCopyOfStatusList()
			.stream()
			.filter((status) -> status.getLevel() == Status.ERROR)
			.toList();
	}

	private List<String> log() throws IOException {
		Path file = this.directory.resolve("app.log");
		return Files.exists(file) ? Files.readAllLines(file) : List.of();
	}

	private List<Path> queueFiles() throws IOException {
		return store().stream().filter((file) -> file.getFileName().toString().startsWith("log-")).toList();
	}

	private void deleteStore() throws IOException {
		for (Path file : store().stream().sorted(Comparator.reverseOrder()).toList()) {
			delete(file);
		}
	}

	private List<Path> store() throws IOException {
		return LiveFolder.tree(this.directory.resolve("store"));
	}

	private static void delete(Path file) throws IOException {
		try {
			Files.deleteIfExists(file);
		}
		catch (DirectoryNotEmptyException ex) {
			// It has been created again meanwhile.
		}
	}

	/** Those that were not there before the test. */
	private List<Thread> ownThreads() {
		return logThreads().filter((thread) -> !this.othersThreads.contains(thread)).toList();
	}

	private static Stream<Thread> logThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("observability-log"));
	}

}
