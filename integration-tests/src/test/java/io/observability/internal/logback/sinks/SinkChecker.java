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

package io.observability.internal.logback.sinks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.observability.logback.LogWriterMain;

/**
 * Checks the files of the attached appenders of {@link LogWriterMain}s, one for each
 * process that was the collector.
 */
public final class SinkChecker {

	private final Map<String, BitSet> seen = new HashMap<>();

	private final List<String> findings = new ArrayList<>();

	private int files;

	private SinkChecker() {
	}

	public static SinkChecker check(Path directory) throws IOException {
		SinkChecker checker = new SinkChecker();
		for (Path file : list(directory, "sink-")) {
			checker.read(file);
		}
		for (Path file : list(directory, "ack-")) {
			checker.compare(file);
		}
		return checker;
	}

	private static List<Path> list(Path directory, String prefix) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith(prefix)).toList();
		}
	}

	/** One process has each event once, and each writer's in order. */
	private void read(Path file) throws IOException {
		Map<String, Integer> last = new HashMap<>();
		for (String line : Files.readAllLines(file)) {
			String[] words = line.split(" ", -1);
			String writer = words[0] + " " + words[1];
			int number = Integer.parseInt(words[2]);
			if (last.getOrDefault(writer, 0) >= number) {
				this.findings.add("unordered: file=" + file + ", line=" + line);
			}
			last.put(writer, number);
			this.seen.computeIfAbsent(writer, (key) -> new BitSet()).set(number);
		}
		this.files += last.isEmpty() ? 0 : 1;
	}

	private void compare(Path acknowledgements) throws IOException {
		ByteBuffer acknowledged = ByteBuffer.wrap(Files.readAllBytes(acknowledgements));
		String name = acknowledgements.getFileName().toString().substring("ack-".length());
		for (int thread = 0; acknowledged.hasRemaining(); thread++) {
			int count = acknowledged.getInt();
			BitSet numbers = this.seen.getOrDefault(name + " " + thread, new BitSet());
			int present = numbers.get(1, count + 1).cardinality();
			if (present < count) {
				this.findings.add("missing: writer=" + name + " " + thread + ", count=" + (count - present) + ", first="
						+ numbers.nextClearBit(1) + ", acknowledged=" + count);
			}
		}
	}

	public List<String> findings() {
		return this.findings;
	}

	public int files() {
		return this.files;
	}

}
