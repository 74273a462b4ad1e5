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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Logback configuration of the application's own that ignores the file that the
 * properties name is reported at the start, once.
 */
class ConfiguredLogFilesTests {

	private static final String CONSOLE = """
			<appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
				<encoder><pattern>%msg%n</pattern></encoder>
			</appender>
			<root level="info"><appender-ref ref="CONSOLE"/></root>
			""";

	private static final String FILE = """
			<appender name="OWN" class="APPENDER">
				<file>FILE</file>
				<encoder><pattern>%msg%n</pattern></encoder>
			</appender>
			<logger name="LOGGER" level="info"><appender-ref ref="OWN"/></logger>
			""";

	private static final String PLAIN = "ch.qos.logback.core.FileAppender";

	private static final String MEMBER = "io.observability.logback.QueueAppender";

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	@AfterEach
	void stop() {
		this.context.stop();
	}

	@Test
	void configurationWithoutAFileAppenderIsReportedOnce() throws Exception {
		assertThat(warnings(CONSOLE, environment())).singleElement()
			.asString()
			.contains("log is not merged", "no appender that writes the configured file",
					"io/observability/logback/merged-file-appender.xml", "<appender-ref ref=\"FILE\"/>",
					"logging.file.path=" + logFile());
		assertThat(ConfiguredLogFiles.of(this.context).shown(logFile())).isNull();
	}

	@Test
	void fileThatEachProcessWritesItselfIsReported() throws Exception {
		assertThat(warnings(file(PLAIN, logFile(), "ROOT"), environment())).singleElement()
			.asString()
			.contains("each process writes the file itself", "QueueAppender");
		assertThat(ConfiguredLogFiles.of(this.context).shown(logFile())).hasToString(logFile());
	}

	@Test
	void otherFileThanConfiguredIsReported() throws Exception {
		String other = this.directory.resolve("other.log").toString();
		assertThat(warnings(file(MEMBER, other, "ROOT"), environment())).singleElement()
			.asString()
			.contains("merged log is another file than configured", "merged=[" + other);
		assertThat(ConfiguredLogFiles.of(this.context).shown(logFile())).hasToString(other);
	}

	@Test
	void appenderOfOneLoggerIsEnough() throws Exception {
		assertThat(warnings(CONSOLE + file(MEMBER, logFile(), "one"), environment())).isEmpty();
		assertThat(ConfiguredLogFiles.of(this.context).shown(logFile())).hasToString(logFile());
	}

	@Test
	void mergedFileWithoutThePropertyIsShown() throws Exception {
		MockEnvironment environment = environment();
		environment.setProperty("logging.file.name", "");
		assertThat(warnings(file(MEMBER, logFile(), "ROOT"), environment)).isEmpty();
		assertThat(ConfiguredLogFiles.of(this.context).shown(null)).hasToString(logFile());
	}

	@Test
	void mergedLogThatIsSwitchedOnNeedsAFile() throws Exception {
		MockEnvironment environment = environment().withProperty("observability.logging.enabled", "true");
		environment.setProperty("logging.file.name", "");
		assertThat(warnings(CONSOLE, environment)).singleElement().asString().contains("set logging.file.name");
	}

	@Test
	void nothingIsReportedIfTheMergedLogIsSwitchedOff() throws Exception {
		assertThat(warnings(CONSOLE, environment().withProperty("observability.logging.enabled", "false"))).isEmpty();
	}

	private MockEnvironment environment() {
		return new MockEnvironment()
			.withProperty("observability.store.directory", this.directory.resolve("store").toString())
			.withProperty("logging.file.name", logFile());
	}

	private String logFile() {
		return this.directory.resolve("app.log").toString();
	}

	private static String file(String appender, String file, String logger) {
		return FILE.replace("APPENDER", appender)
			.replace(">FILE<", ">" + file + "<")
			.replace("LOGGER", logger)
			.replace("</encoder>", "</encoder>" + (appender.equals(PLAIN) ? "" : """
					<rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
						<fileNamePattern>%s.%%d{yyyy-MM-dd}</fileNamePattern>
					</rollingPolicy>
					""".formatted(file)));
	}

	/** What is reported at the start, and again when another context starts. */
	private List<String> warnings(String configuration, MockEnvironment environment) throws Exception {
		MergedLog log = MergedLog.in(this.context);
		log.prepare(environment);
		this.context.setMDCAdapter(MDC.getMDCAdapter());
		JoranConfigurator configurator = new JoranConfigurator();
		configurator.setContext(this.context);
		configurator.doConfigure(new ByteArrayInputStream(
				("<configuration>" + configuration + "</configuration>").getBytes(StandardCharsets.UTF_8)));
		this.context.start();
		ListAppender<ILoggingEvent> reported = new ListAppender<>();
		reported.start();
		this.context.getLogger(MergedLog.class).addAppender(reported);
		log.install();
		log.install();
		return reported.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
