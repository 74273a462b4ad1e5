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

package io.observability.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Counts what is wrong in what {@link LogWriter}s have written into one log. */
final class LogCheck {

	private static final Pattern LINE = Pattern
		.compile("\\S{24,29}  INFO \\d+ --- \\[shop\\] \\[\\S+\\] \\S+ +: (w\\d+ \\d+) (\\d+) has been .* by card");

	private static final Pattern PIECE = Pattern.compile("app\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.(\\d+)(\\.gz)?");

	private final Map<String, BitSet> seen = new HashMap<>();

	private final Map<String, Integer> last = new HashMap<>();

	private long lines;

	private long doubled;

	private long torn;

	private long unordered;

	private LogCheck() {
	}

	/** Reads the log and its pieces, and tells what is wrong. */
	static String of(Path directory, long expected) throws IOException {
		LogCheck check = new LogCheck();
		List<Path> pieces = TemporaryFolder.files(directory)
			.stream()
			.filter((file) -> PIECE.matcher(file.getFileName().toString()).matches())
			.sorted(Comparator.comparing(LogCheck::index))
			.toList();
		for (Path piece : pieces) {
			check.read(piece);
		}
		check.read(directory.resolve("app.log"));
		long present = check.seen.values().stream().mapToLong(BitSet::cardinality).sum();
		return "lines=%d, pieces=%d, missing=%d, doubled=%d, torn=%d, out of order=%d".formatted(check.lines,
				pieces.size(), expected - present, check.doubled, check.torn, check.unordered);
	}

	private static Integer index(Path piece) {
		Matcher name = PIECE.matcher(piece.getFileName().toString());
		return name.matches() ? Integer.valueOf(name.group(1)) : -1;
	}

	private void read(Path file) throws IOException {
		try (InputStream bytes = Files.newInputStream(file);
				InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
				BufferedReader reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
			reader.lines().forEach(this::check);
		}
	}

	private void check(String line) {
		this.lines++;
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches()) {
			this.torn++;
			return;
		}
		String writer = matcher.group(1);
		int number = Integer.parseInt(matcher.group(2));
		BitSet numbers = this.seen.computeIfAbsent(writer, (key) -> new BitSet());
		if (numbers.get(number)) {
			this.doubled++;
		}
		else if (number < this.last.getOrDefault(writer, 0)) {
			this.unordered++;
		}
		numbers.set(number);
		this.last.put(writer, number);
	}

}
