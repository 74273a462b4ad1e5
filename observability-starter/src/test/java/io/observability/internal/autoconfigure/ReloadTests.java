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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.FilterReply;
import io.observability.logback.QueueAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Logback is configured again while other threads log. Without the starter, what they log
 * until the logger has its appender is lost, and nothing after that.
 */
class ReloadTests {

	private static final String ROLLING = """
			<file>${dir}/app.log</file>
			<encoder><pattern>%msg%n</pattern></encoder>
			<rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
				<fileNamePattern>${dir}/app.%d{yyyy-MM-dd}.%i.log</fileNamePattern>
				<maxFileSize>1GB</maxFileSize>
			</rollingPolicy>
			</appender>
			""";

	private static final String PLAIN = "<appender name='FILE' class='ch.qos.logback.core.rolling.RollingFileAppender'>"
			+ ROLLING;

	private static final String MEMBER = "<appender name='FILE' class='io.observability.logback.QueueAppender'>"
			+ ROLLING;

	private static final String ASYNC = """
			<appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
				<discardingThreshold>0</discardingThreshold>
				<appender-ref ref="FILE"/>
			</appender>
			""";

	private static final String ROOT = "<root level='debug'><appender-ref ref='FILE'/></root>";

	private static final String ROOT_ASYNC = "<root level='debug'><appender-ref ref='ASYNC'/></root>";

	/** Gets its level after the appenders have been attached. */
	private static final String LAST = "<logger name='last' level='warn'/>";

	private static final int RELOADS = 10;

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	private final Logger logger = this.context.getLogger("test");

	private final ReentrantReadWriteLock resetLock = new ReentrantReadWriteLock();

	private final AtomicInteger logged = new AtomicInteger();

	private volatile boolean attached;

	private Runnable onAttached = () -> {
	};

	private volatile boolean done;

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@ParameterizedTest
	@ValueSource(strings = { PLAIN + ROOT, PLAIN + ASYNC + ROOT_ASYNC, MEMBER + ROOT })
	void nothingIsLostOrDoubledOnceTheAppenderIsAttached(String configuration) throws Exception {
		MergedLog log = prepare();
		this.context.addListener(new AttachedListener());
		configure(configuration);
		log.install();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			Thread thread = new Thread(this::log);
			threads.add(thread);
			thread.start();
		}
		for (int i = 0; i < RELOADS; i++) {
			int before = this.logged.get();
			while (this.logged.get() < before + 100) {
				Thread.onSpinWait();
			}
			this.resetLock.writeLock().lock();
			try {
				this.attached = false;
			}
			finally {
				this.resetLock.writeLock().unlock();
			}
			this.context.reset();
			configure(configuration);
		}
		this.done = true;
		for (Thread thread : threads) {
			thread.join();
		}
		this.context.stop();
		List<Integer> numbers = numbers();
		assertThat(missing(numbers)).as("of %s", this.logged).isEmpty();
		assertThat(numbers).doesNotHaveDuplicates();
	}

	@Test
	void replacedAsyncAppenderPassesOnWhatItHoldsAtTheEndOfTheContext() throws Exception {
		MergedLog log = prepare();
		this.context.addListener(new AttachedListener());
		AtomicReference<Appender<ILoggingEvent>> replaced = new AtomicReference<>();
		this.onAttached = () -> {
			replaced.set(this.context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("ASYNC"));
			for (int i = 0; i < 10; i++) {
				this.logger.info("line " + this.logged.incrementAndGet());
			}
		};
		configure(PLAIN.replace("<file>", "<filter class='" + Gate.class.getName() + "'/><file>") + ASYNC + ROOT_ASYNC);
		log.install();
		Thread opening = new Thread(() -> {
			while (replaced.get().isStarted()) {
				Thread.onSpinWait();
			}
			Gate.OPEN.countDown();
		});
		opening.start();
		this.context.stop();
		opening.join();
		assertThat(numbers()).hasSize(10);
	}

	@Test
	void resetWhileTheAppenderIsReplacedDoublesNothing() throws Exception {
		MergedLog log = prepare();
		String configuration = PLAIN.replace(SizeAndTimeBasedRollingPolicy.class.getName(),
				ReloadingPolicy.class.getName()) + ROOT;
		Thread scan = new Thread(() -> {
			this.context.reset();
			assertThatNoException().isThrownBy(() -> configure(configuration));
		});
		ReloadingPolicy.onReplacement = () -> {
			scan.start();
			while (this.context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().hasNext()) {
				Thread.onSpinWait();
			}
		};
		configure(configuration);
		scan.join();
		log.install();
		for (int i = 1; i <= 10; i++) {
			this.logger.info("line " + i);
		}
		this.context.stop();
		assertThat(numbers()).isEqualTo(IntStream.rangeClosed(1, 10).boxed().toList());
	}

	private MergedLog prepare() {
		MergedLog log = MergedLog.in(this.context);
		log.prepare(new MockEnvironment()
			.withProperty("observability.store.directory", this.directory.resolve("store").toString())
			.withProperty("logging.file.name", this.directory.resolve("app.log").toString()));
		return log;
	}

	/** Logs all the time, and counts only what has to be in the file. */
	private void log() {
		while (!this.done) {
			this.resetLock.readLock().lock();
			try {
				this.logger.info(this.attached ? "line " + this.logged.incrementAndGet() : "uncertain");
			}
			finally {
				this.resetLock.readLock().unlock();
			}
			LockSupport.parkNanos(1000);
		}
	}

	private List<Integer> numbers() throws IOException {
		try (Stream<String> lines = Files.lines(this.directory.resolve("app.log"))) {
			return lines.filter((line) -> line.startsWith("line "))
				.map((line) -> Integer.valueOf(line.substring("line ".length())))
				.sorted()
				.toList();
		}
	}

	private List<Integer> missing(List<Integer> numbers) {
		Set<Integer> present = new HashSet<>(numbers);
		return IntStream.rangeClosed(1, this.logged.get())
			.filter((number) -> !present.contains(number))
			.boxed()
			.toList();
	}

	private void configure(String elements) throws JoranException {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(this.context);
		String configuration = "<configuration>" + elements + LAST + "</configuration>";
		configurator.doConfigure(new ByteArrayInputStream(
				configuration.replace("${dir}", this.directory.toString()).getBytes(StandardCharsets.UTF_8)));
		this.context.start();
	}

	/** Notices when the appenders have been attached. */
	private final class AttachedListener implements LoggerContextListener {

		@Override
		public boolean isResetResistant() {
			return true;
		}

		@Override
		public void onLevelChange(Logger logger, Level level) {
			if (logger.getName().equals("last")) {
				ReloadTests.this.attached = true;
				ReloadTests.this.onAttached.run();
			}
		}

		@Override
		public void onStart(LoggerContext context) {
		}

		@Override
		public void onReset(LoggerContext context) {
		}

		@Override
		public void onStop(LoggerContext context) {
		}

	}

	/** Holds up events until it is opened. */
	public static final class Gate extends Filter<ILoggingEvent> {

		private static final CountDownLatch OPEN = new CountDownLatch(1);

		@Override
		public FilterReply decide(ILoggingEvent event) {
			while (OPEN.getCount() > 0) {
				LockSupport.parkNanos(1000);
			}
			return FilterReply.NEUTRAL;
		}

	}

	/** Notices that it gets another appender. */
	public static final class ReloadingPolicy extends SizeAndTimeBasedRollingPolicy<ILoggingEvent> {

		private static Runnable onReplacement = () -> {
		};

		@Override
		public void setParent(FileAppender<?> appender) {
			super.setParent(appender);
			if (appender instanceof QueueAppender) {
				Runnable once = onReplacement;
				onReplacement = () -> {
				};
				once.run();
			}
		}

	}

}
