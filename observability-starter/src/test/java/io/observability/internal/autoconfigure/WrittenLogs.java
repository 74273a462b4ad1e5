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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.observability.testing.LogFiles;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log files that a run has left, with all pieces of a file in one, less what differs
 * from run to run: the member with the instance of structured formats, process ids, and
 * times and addresses that are not an event's.
 *
 * @param files contents by name, one character for each byte
 */
record WrittenLogs(Map<String, String> files) {

	private static final Pattern INSTANCE = Pattern.compile(",\"_?(instance_id|INSTANCE_ID|worker)\":\"0\"");

	private static final Pattern CHANGING = Pattern
		.compile("Log session start time [^<]*|\"birthdate\":\\d+|(?<=[A-Z]{4,5} )\\d+(?= --- )|\\[I@\\p{XDigit}+");

	private static final int SHOWN = 200;

	static WrittenLogs in(Path directory, Charset charset) throws IOException {
		// Logback waits for the last compression only.
		Awaitility.await().until(() -> !isCompressing(directory));
		Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".log")).toList()) {
				ByteArrayOutputStream bytes = new ByteArrayOutputStream();
				for (Path piece : LogFiles.list(file)) {
					bytes.write(LogFiles.bytes(piece));
				}
				contents.put(file.getFileName().toString(), comparable(bytes.toByteArray(), charset));
			}
		}
		return new WrittenLogs(contents);
	}

	private static boolean isCompressing(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.anyMatch((file) -> file.toString().endsWith(".tmp"));
		}
	}

	private static String comparable(byte[] bytes, Charset charset) {
		String text = new String(bytes, charset);
		String rest = CHANGING.matcher(INSTANCE.matcher(text).replaceAll("")).replaceAll("");
		return new String(rest.equals(text) ? bytes : rest.getBytes(charset), StandardCharsets.ISO_8859_1);
	}

	void assertSameAs(WrittenLogs expected) {
		assertThat(this.files).containsOnlyKeys(expected.files.keySet());
		this.files
			.forEach((name, content) -> assertThat(difference(expected.files.get(name), content)).as(name).isEmpty());
	}

	/** Where they differ first: the whole would be too long to read. */
	private static String difference(String expected, String actual) {
		int at = Arrays.mismatch(expected.toCharArray(), actual.toCharArray());
		return (at < 0) ? ""
				: "at %d: expected <%s>, but was <%s>".formatted(at, around(expected, at), around(actual, at));
	}

	private static String around(String text, int at) {
		return text.substring(Math.max(0, at - SHOWN), Math.min(text.length(), at + SHOWN));
	}

}
