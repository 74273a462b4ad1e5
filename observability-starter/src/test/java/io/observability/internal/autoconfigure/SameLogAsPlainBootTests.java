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

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One process with the starter writes, byte for byte, what plain Boot writes, except that
 * structured formats have one member more.
 */
class SameLogAsPlainBootTests {

	private static final int ROUNDS = Integer.getInteger("soak.log.rounds", 1);

	private final PrintStream standardError = System.err;

	@TempDir
	private Path directory;

	/** SLF4J prints what arguments throw. */
	@BeforeEach
	void silence() {
		System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
	}

	@AfterEach
	void unsilence() {
		System.setErr(this.standardError);
	}

	@AfterAll
	static void reset() {
		LoggingRun.reset();
	}

	@ParameterizedTest
	@MethodSource("io.observability.internal.autoconfigure.LogSettings#all")
	void sameBytes(LogSetting setting) throws IOException {
		List<WrittenLogs> logs = new ArrayList<>();
		// From one place, which some of the patterns show.
		for (boolean starter : List.of(false, true)) {
			logs.add(log(setting, starter));
		}
		logs.get(1).assertSameAs(logs.get(0));
	}

	private WrittenLogs log(LogSetting setting, boolean starter) throws IOException {
		return log(setting, this.directory.resolve(starter ? "merged" : "plain"), starter,
				(events) -> events.log(ROUNDS));
	}

	private static WrittenLogs log(LogSetting setting, Path files, boolean starter, Consumer<KindsOfEvents> events)
			throws IOException {
		LoggingRun run = LoggingRun.start(setting, files, starter);
		try (run) {
			events.accept(new KindsOfEvents(run.context()));
		}
		return WrittenLogs.in(files, setting.charset());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ecs", "gelf", "logstash" })
	void attachedAppendersWriteTheSameTraces(String format) throws IOException {
		String appender = "<appender name=\"ATTACHED\" class=\"ch.qos.logback.core.FileAppender\">"
				+ "<file>DIR/attached.log</file>"
				+ "<encoder class=\"org.springframework.boot.logging.logback.StructuredLogEncoder\"><format>" + format
				+ "</format></encoder></appender>";
		String direct = appender + "<root level=\"INFO\"><appender-ref ref=\"ATTACHED\"/></root>";
		String fleet = appender + "<appender name=\"FLEET\" class=\"io.observability.logback.QueueAppender\">"
				+ "<appender-ref ref=\"ATTACHED\"/></appender>"
				+ "<root level=\"INFO\"><appender-ref ref=\"FLEET\"/></root>";
		String options = "logging.structured.json.stacktrace.";
		for (String[] properties : List.<String[]>of(new String[0],
				new String[] { options + "root", "first", options + "include-common-frames", "true" }, new String[] {
						options + "root", "last", options + "max-length", "500", options + "max-throwable-depth", "3" },
				new String[] { options + "printer", OwnFormats.Printer.class.getName() })) {
			Path files = Files.createTempDirectory(this.directory, "attached");
			List<WrittenLogs> logs = new ArrayList<>();
			for (boolean starter : List.of(false, true)) {
				Path run = files.resolve(starter ? "merged" : "plain");
				LogSetting setting = LogSetting.xml(format, starter ? fleet : direct, properties);
				logs.add(log(setting, run, starter, KindsOfEvents::exceptions));
			}
			logs.get(1).assertSameAs(logs.get(0));
		}
	}

	@Test
	void processThatStartsAgainWritesNoHeaderOrFooterIntoTheMiddle() throws IOException {
		for (int i = 0; i < 3; i++) {
			LoggingRun run = LoggingRun.start(LogSettings.headerAndFooter(), this.directory, true);
			try (run) {
				run.context().getLogger("shop").info("run {}", i);
			}
			assertThat(this.directory.resolve("app.log")).content()
				.startsWith("[\n\"run 0\",\n")
				.endsWith("\"run " + i + "\",\nnull]\n")
				.containsOnlyOnce("[\n")
				.containsOnlyOnce("null]\n");
		}
	}

	@Test
	void eachOutputSpellsTheInstanceAsItsFormatDoes() throws IOException {
		String console = "<appender name=\"GELF\" class=\"ch.qos.logback.core.FileAppender\"><file>DIR/gelf.log</file>"
				+ "<encoder class=\"org.springframework.boot.logging.logback.StructuredLogEncoder\">"
				+ "<format>gelf</format></encoder></appender>"
				+ "<appender name=\"ECS\" class=\"ch.qos.logback.core.FileAppender\"><file>DIR/ecs.log</file>"
				+ "<encoder class=\"org.springframework.boot.logging.logback.StructuredLogEncoder\">"
				+ "<format>ecs</format></encoder></appender>"
				+ "<include resource=\"io/observability/logback/merged-file-appender.xml\"/><root level=\"INFO\">"
				+ "<appender-ref ref=\"GELF\"/><appender-ref ref=\"ECS\"/><appender-ref ref=\"FILE\"/></root>";
		LoggingRun run = LoggingRun.start(LogSetting.xml("both", console, "logging.structured.format.file", "gelf"),
				this.directory, true);
		try (run) {
			run.context().getLogger("shop").info("event");
		}
		assertThat(Files.readString(this.directory.resolve("gelf.log"))).contains(",\"_instance_id\":\"0\"}")
			.doesNotContain("\"instance_id\"");
		assertThat(Files.readString(this.directory.resolve("ecs.log"))).contains(",\"instance_id\":\"0\"}")
			.doesNotContain("\"_instance_id\"");
	}

}
