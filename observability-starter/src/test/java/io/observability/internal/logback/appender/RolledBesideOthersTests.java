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
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import io.observability.internal.log.collector.LogFileLock;
import io.observability.logback.QueueAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/** A process that waits to join its fleet, beside a collector that rolls the file. */
class RolledBesideOthersTests {

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	private Path file;

	private Path rolled;

	@BeforeEach
	void start() throws IOException {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		this.file = this.directory.resolve("app.log");
		Path noFolder = Files.createFile(this.directory.resolve("store"));
		this.rolled = this.directory.resolve("rolled");
		PatternLayoutEncoder encoder = new RollingEncoder();
		encoder.setContext(this.context);
		encoder.setPattern("%msg%n");
		encoder.start();
		QueueAppender appender = new QueueAppender();
		appender.setContext(this.context);
		appender.setName("FILE");
		appender.setFile(this.file.toString());
		appender.setEncoder(encoder);
		appender.setStoreDirectory(noFolder.toString());
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setContext(this.context);
		policy.setParent(appender);
		policy.setFileNamePattern(this.directory.resolve("app.%d.log.gz").toString());
		appender.setRollingPolicy(policy);
		appender.start();
		this.context.getLogger("test").addAppender(appender);
	}

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void eventThatIsEncodedWhileTheFileIsRolledGoesToTheNewFile() throws IOException {
		log("before");
		log("meanwhile");
		log("after");
		assertThat(this.rolled).hasContent("before\n");
		assertThat(this.file).hasContent("meanwhile\nafter\n");
		assertThat(this.context.getStatusManager().getCopyOfStatusList())
			.noneMatch((status) -> status.getLevel() == Status.ERROR);
	}

	private void log(String message) {
		this.context.getLogger("test").info(message);
	}

	/** Plays the collector. */
	private final class RollingEncoder extends PatternLayoutEncoder {

		@Override
		public byte[] encode(ILoggingEvent event) {
			if (event.getMessage().equals("meanwhile")) {
				roll();
			}
			return super.encode(event);
		}

		private void roll() {
			Path file = RolledBesideOthersTests.this.file;
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
				LogFileLock lock = LogFileLock.acquire(channel);
				Files.move(file, RolledBesideOthersTests.this.rolled);
				lock.release();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
