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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One process with the starter writes, byte for byte, what plain Boot writes, except that
 * structured formats have one member more.
 */
class SameLogAsPlainBootTests {

	private static final Pattern INSTANCE = Pattern.compile(",\"_?(instance_id|INSTANCE_ID|worker)\":\"0\"");

	/** In the header of HTML. */
	private static final Pattern SESSION_START = Pattern.compile("Log session start time [^<]*");

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
		List<Map<String, String>> logs = new ArrayList<>();
		// On one line, which some of the patterns show.
		for (boolean starter : List.of(false, true)) {
			logs.add(log(setting, starter));
		}
		Map<String, String> plain = logs.get(0);
		Map<String, String> merged = logs.get(1);
		assertThat(merged.keySet()).isEqualTo(plain.keySet());
		merged.forEach((name,
				content) -> assertThat(difference(comparable(plain.get(name), setting), comparable(content, setting)))
					.as(name)
					.isEmpty());
	}

	/**
	 * Returns where two texts differ first, rather than texts that are too long to read.
	 */
	private static String difference(String expected, String actual) {
		int at = Arrays.mismatch(expected.toCharArray(), actual.toCharArray());
		return (at < 0) ? ""
				: "at %d: expected <%s>, but was <%s>".formatted(at, around(expected, at), around(actual, at));
	}

	private static String around(String text, int at) {
		return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
	}

	private Map<String, String> log(LogSetting setting, boolean starter) throws IOException {
		Path files = this.directory.resolve(starter ? "merged" : "plain");
		LoggingRun run = LoggingRun.start(setting, files, starter);
		try (run) {
			new KindsOfEvents(run.context()).log(ROUNDS);
		}
		return run.files();
	}

	/** Returns the content, less the instance's member and the time of a header. */
	private static String comparable(String content, LogSetting setting) {
		Charset charset = setting.charset();
		String text = new String(content.getBytes(StandardCharsets.ISO_8859_1), charset);
		String rest = INSTANCE.matcher(SESSION_START.matcher(text).replaceAll("")).replaceAll("");
		return rest.equals(text) ? content : new String(rest.getBytes(charset), StandardCharsets.ISO_8859_1);
	}

}
