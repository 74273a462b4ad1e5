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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import io.observability.logback.QueueAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/** What an appender that may be replaced writes into a file that others write, too. */
class DeferredHeaderTests {

	private static final String PRESENT = "what another process has written\n";

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	private final Logger logger = this.context.getLogger("test");

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		this.file = Files.writeString(this.directory.resolve("app.log"), PRESENT);
		DeferredHeader.watch(this.context, this.file.toString());
	}

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void startAndStopWriteNothing() throws IOException {
		start().stop();
		assertThat(this.file).hasContent(PRESENT);
	}

	@Test
	void appenderThatIsNotReplacedWritesHeaderAndFooter() throws IOException {
		RollingFileAppender<ILoggingEvent> appender = start();
		this.logger.info("one");
		this.logger.info("two");
		appender.stop();
		assertThat(this.file).hasContent(PRESENT + "<\none\ntwo\n>\n");
	}

	@Test
	void otherAppendersAreLeftAlone() {
		this.context.reset();
		DeferredHeader.watch(this.context, this.directory.resolve("other.log").toString());
		start();
		assertThat(this.file).hasContent(PRESENT + "<\n");
	}

	@Test
	void replacementGetsTheOriginalEncoder() {
		RollingFileAppender<ILoggingEvent> appender = start();
		QueueAppender replacement = new QueueAppender();
		replacement.setEncoder(appender.getEncoder());
		assertThat(appender.getEncoder()).isInstanceOf(DeferredHeaderEncoder.class);
		assertThat(replacement.getEncoder()).isInstanceOf(Framed.class);
	}

	private RollingFileAppender<ILoggingEvent> start() {
		RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
		appender.setContext(this.context);
		appender.setName("FILE");
		appender.setFile(this.file.toString());
		Framed encoder = new Framed();
		encoder.setContext(this.context);
		encoder.setPattern("%msg%n");
		encoder.start();
		appender.setEncoder(encoder);
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setContext(this.context);
		policy.setParent(appender);
		policy.setFileNamePattern(this.directory.resolve("app.%d.log").toString());
		policy.start();
		appender.setRollingPolicy(policy);
		appender.start();
		this.logger.addAppender(appender);
		return appender;
	}

	private static final class Framed extends PatternLayoutEncoder {

		@Override
		public byte[] headerBytes() {
			return "<\n".getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public byte[] footerBytes() {
			return ">\n".getBytes(StandardCharsets.UTF_8);
		}

	}

}
