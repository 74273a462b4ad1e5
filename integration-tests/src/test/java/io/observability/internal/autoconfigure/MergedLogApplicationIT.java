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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import io.observability.testing.LiveFolder;
import io.observability.testing.LogFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Applications of Boot's in processes of their own, with no other setting than
 * {@code logging.file.name} and a store of the test's.
 */
class MergedLogApplicationIT {

	private static final Pattern EVENT = Pattern.compile("event (\\S+) (\\d+)");

	@TempDir
	private Path directory;

	@Test
	void instancesWriteOneRollingLog() throws IOException {
		String[] properties = properties("--logging.logback.rollingpolicy.max-file-size=100KB");
		try (ForkedJvm one = start(properties); ForkedJvm two = start(properties)) {
			one.send("log one 2000");
			two.send("log two 2000");
			one.awaitLine("done");
			two.awaitLine("done");
			one.terminate();
			two.terminate();
		}
		assertThat(events("one")).containsExactlyElementsOf(numbers(2000));
		assertThat(events("two")).containsExactlyElementsOf(numbers(2000));
		assertThat(pieces()).isNotEmpty();
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void stoppedFleetUnderLoadLeavesEmptyQueues() throws IOException {
		try (ForkedJvm one = start(properties()); ForkedJvm two = start(properties())) {
			one.send("log one 1000000");
			two.send("log two 1000000");
			Awaitility.await().until(() -> Files.size(this.directory.resolve("app.log")) > 1_000_000);
			one.terminate();
			two.terminate();
		}
		assertThat(events("one")).isNotEmpty().isEqualTo(numbers(events("one").size()));
		assertThat(events("two")).isNotEmpty().isEqualTo(numbers(events("two").size()));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void peerDrainsAProcessThatNeverStopsItsAppenders() throws IOException {
		String[] properties = properties("--logging.register-shutdown-hook=false");
		try (ForkedJvm one = start(properties); ForkedJvm two = start(properties)) {
			one.send("log one 2000");
			one.awaitLine("done");
			one.terminate();
			Awaitility.await().untilAsserted(() -> assertThat(events("one")).isEqualTo(numbers(2000)));
			two.terminate();
		}
	}

	@ParameterizedTest
	@CsvSource({ "false, --logging.register-shutdown-hook=false", "true, --logging.register-shutdown-hook=true",
			"true, --logging.register-shutdown-hook=false" })
	void lastOneOutDrainsWithoutBootsHook(String withoutHook, String property) throws IOException {
		try (ForkedJvm jvm = ForkedJvm.start(LoggingApplication.class, Map.of("withoutShutdownHook", withoutHook),
				properties(property))) {
			jvm.awaitLine("started");
			jvm.send("log last 50");
			jvm.awaitLine("done");
			jvm.send("exit");
			jvm.awaitExit();
		}
		assertThat(events("last")).isEqualTo(numbers(50));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void whatALaterHookLogsIsNotLost() throws IOException {
		String property = "--logging.register-shutdown-hook=false";
		try (ForkedJvm jvm = start(properties(property))) {
			jvm.send("log last 50");
			jvm.awaitLine("done");
			jvm.send("hook late 50");
			jvm.awaitLine("done");
			jvm.send("exit");
			jvm.awaitExit();
		}
		try (ForkedJvm next = start(properties(property))) {
			next.send("exit");
			next.awaitExit();
		}
		assertThat(events("last")).isEqualTo(numbers(50));
		assertThat(events("late")).isEqualTo(numbers(50));
	}

	@Test
	void nextStartWritesWhatKilledProcessesLeft() throws IOException {
		try (ForkedJvm one = start(properties()); ForkedJvm two = start(properties())) {
			one.signal("STOP");
			two.send("log two 2000");
			two.awaitLine("done");
			one.kill();
			two.kill();
		}
		try (ForkedJvm three = start(properties())) {
			three.terminate();
		}
		assertThat(events("two")).isEqualTo(numbers(2000));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void severalContextsOfOneProcessUseOneAppender() throws IOException {
		try (ForkedJvm jvm = start(properties())) {
			jvm.send("run");
			jvm.awaitLine("done");
			jvm.send("log again 100");
			jvm.awaitLine("done");
			jvm.send("exit");
			jvm.awaitExit();
		}
		assertThat(events("again")).isEqualTo(numbers(100));
		assertThat(queueFiles()).isEmpty();
	}

	@Test
	void structuredFormatIsEncodedByTheWriter() throws IOException {
		try (ForkedJvm jvm = start(
				properties("--logging.structured.format.file=ecs", "--observability.instance.label=worker"))) {
			jvm.send("log ecs 1");
			jvm.awaitLine("done");
			jvm.terminate();
		}
		assertThat(LogFiles.lines(this.directory.resolve("app.log"))).isNotEmpty()
			.allMatch((line) -> line.startsWith("{") && line.contains("\"ecs\":{\"version\""))
			.anyMatch((line) -> line.contains("event ecs 1") && line.contains("\"worker\":\"0\""));
	}

	@Test
	void patternsKnowTheInstance() throws IOException {
		String[] properties = properties("--logging.pattern.file=[%instance %instance{pid}] %msg%n");
		long pid;
		try (ForkedJvm one = start(properties); ForkedJvm two = start(properties)) {
			two.send("log two 1");
			two.awaitLine("done");
			pid = two.pid();
			one.terminate();
			two.terminate();
		}
		assertThat(LogFiles.lines(this.directory.resolve("app.log"))).contains("[1 " + pid + "] event two 1");
	}

	@Test
	void exampleInTheDocumentationWorks() throws IOException {
		String page = Files.readString(Path.of("../docs/merged-log.md"));
		int start = page.indexOf("<configuration>");
		Path configuration = Files.writeString(this.directory.resolve("logback-spring.xml"),
				page.substring(start, page.indexOf("```", start)));
		String[] properties = properties("--logging.config=" + configuration,
				"--logging.logback.rollingpolicy.max-file-size=100KB");
		try (ForkedJvm one = start(properties); ForkedJvm two = start(properties)) {
			for (ForkedJvm jvm : List.of(one, two)) {
				jvm.send("log app 2000");
				jvm.awaitLine("done");
				jvm.send("fail");
				jvm.awaitLine("done");
			}
			Awaitility.await().untilAsserted(() -> assertThat(errors()).hasSize(2));
			assertThat(errors()).anyMatch((line) -> line.contains("instance=0 pid=" + one.pid()))
				.anyMatch((line) -> line.contains("instance=1 pid=" + two.pid()));
			one.terminate();
			two.terminate();
		}
		assertThat(events("app")).hasSize(4000);
		assertThat(pieces()).hasSizeGreaterThan(2);
		assertThat(queueFiles()).isEmpty();
	}

	private List<String> errors() throws IOException {
		return Files.readAllLines(this.directory.resolve("app.log.errors"))
			.stream()
			.filter((line) -> line.contains("on purpose") && line.contains("instance="))
			.toList();
	}

	@Test
	void switchedOffThereIsNoStore() throws IOException {
		for (String off : List.of("--observability.enabled=false", "--observability.logging.enabled=false")) {
			try (ForkedJvm jvm = start(properties(off))) {
				jvm.send("log plain 10");
				jvm.awaitLine("done");
				assertThat(events("plain")).contains(10);
				jvm.terminate();
			}
		}
		assertThat(this.directory.resolve("store/collector.lock")).doesNotExist();
	}

	@Test
	void folderThatWasChosenButCannotBeUsedLeavesBootsOwnAppender() throws IOException {
		Path notADirectory = Files.createFile(this.directory.resolve("file"));
		try (ForkedJvm jvm = ForkedJvm.start(LoggingApplication.class,
				Map.of("user.home", notADirectory.toString(), "java.io.tmpdir", notADirectory.toString()),
				"--logging.file.name=" + this.directory.resolve("app.log"))) {
			jvm.awaitLine("started");
			jvm.send("log alone 10");
			jvm.awaitLine("done");
			jvm.terminate();
		}
		assertThat(events("alone")).isEqualTo(numbers(10));
		assertThat(LogFiles.lines(this.directory.resolve("app.log")))
			.anyMatch((line) -> line.contains("store directory can't be used"));
	}

	@ParameterizedTest
	@CsvSource({ "observability.store.directory, %s/file", "observability.logging.max-backlog, 1KB",
			"observability.logging.max-backlog, -1MB", "observability.logging.ordering-window, -1s",
			"observability.logging.when-full, maybe" })
	@ExtendWith(OutputCaptureExtension.class)
	void nonsenseFailsTheStartAndIsNamed(String property, String value, CapturedOutput output) throws IOException {
		Files.createFile(this.directory.resolve("file"));
		String actual = value.formatted(this.directory);
		assertThatException().isThrownBy(() -> LoggingApplication
			.run("--logging.file.name=" + this.directory.resolve("app.log"), "--" + property + "=" + actual));
		assertThat(output.toString()).containsSubsequence("APPLICATION FAILED TO START", property);
	}

	private ForkedJvm start(String... properties) {
		ForkedJvm jvm = ForkedJvm.start(LoggingApplication.class, Map.of(), properties);
		jvm.awaitLine("started");
		return jvm;
	}

	private String[] properties(String... more) {
		return Stream
			.concat(Stream.of("--logging.file.name=" + this.directory.resolve("app.log"),
					"--observability.store.directory=" + this.directory.resolve("store")), Stream.of(more))
			.toArray(String[]::new);
	}

	private List<Path> pieces() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("app.log")).toList();
		}
	}

	private List<Path> queueFiles() throws IOException {
		return LiveFolder.tree(this.directory.resolve("store"))
			.stream()
			.filter((file) -> file.getFileName().toString().startsWith("log-"))
			.toList();
	}

	private List<Integer> events(String prefix) throws IOException {
		List<Integer> numbers = new ArrayList<>();
		for (String line : LogFiles.lines(this.directory.resolve("app.log"))) {
			Matcher event = EVENT.matcher(line);
			if (event.find() && event.group(1).equals(prefix)) {
				numbers.add(Integer.valueOf(event.group(2)));
			}
		}
		return numbers;
	}

	private static List<Integer> numbers(int count) {
		return Stream.iterate(1, (number) -> number + 1).limit(count).toList();
	}

}
