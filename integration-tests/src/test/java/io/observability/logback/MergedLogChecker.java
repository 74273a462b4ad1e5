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

package io.observability.logback;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Reads a merged log of {@link LogWriterMain}s, active file and rolled pieces, and counts
 * what should not be.
 */
final class MergedLogChecker {

	private static final Pattern LINE = Pattern
		.compile("\\S{23,29}  INFO \\[writer-(\\d+)\\] numbers : (\\S+) (\\d+) (\\d+) (x*)");

	private static final Pattern PIECE = Pattern.compile("app\\.log\\.(\\d{4}-\\d\\d-\\d\\d)\\.(\\d+)(\\.gz)?");

	private final Path directory;

	private final Map<String, BitSet> seen = new HashMap<>();

	private final Map<String, Integer> last = new HashMap<>();

	private final List<String> findings = new ArrayList<>();

	private long lines;

	private long doubled;

	private long torn;

	private long unordered;

	private long missing;

	private String lastTime = "";

	private long backInTime;

	private MergedLogChecker(Path directory) {
		this.directory = directory;
	}

	static MergedLogChecker check(Path directory) throws IOException {
		return check(directory, directory);
	}

	/** Checks a log that isn't where its writers keep their numbers. */
	static MergedLogChecker check(Path logDirectory, Path directory) throws IOException {
		MergedLogChecker checker = new MergedLogChecker(logDirectory);
		for (Path piece : checker.pieces()) {
			checker.read(piece);
		}
		checker.compareWithAcknowledgements(directory);
		return checker;
	}

	/** Oldest first, the active file last. */
	private List<Path> pieces() throws IOException {
		List<Path> pieces = new ArrayList<>();
		try (Stream<Path> files = Files.list(this.directory)) {
			files.filter((file) -> PIECE.matcher(file.getFileName().toString()).matches())
				.sorted(Comparator.comparing(MergedLogChecker::dateOf)
					.thenComparing(MergedLogChecker::indexOf)
					.thenComparing(Path::toString))
				.forEach(pieces::add);
		}
		pieces.add(this.directory.resolve("app.log"));
		return pieces;
	}

	private static String dateOf(Path piece) {
		Matcher name = PIECE.matcher(piece.getFileName().toString());
		return name.matches() ? name.group(1) : "";
	}

	private static int indexOf(Path piece) {
		Matcher name = PIECE.matcher(piece.getFileName().toString());
		return name.matches() ? Integer.parseInt(name.group(2)) : 0;
	}

	private void read(Path piece) throws IOException {
		try (InputStream file = Files.newInputStream(piece);
				InputStream stream = piece.toString().endsWith(".gz") ? new GZIPInputStream(file, 1 << 16) : file;
				BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
			String line = reader.readLine();
			while (line != null) {
				check(piece, line);
				line = reader.readLine();
			}
		}
		catch (java.io.EOFException | java.util.zip.ZipException ex) {
			this.torn++;
			this.findings.add("piece broken: file=" + piece + ", cause=" + ex);
		}
	}

	private void check(Path piece, String line) {
		this.lines++;
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches() || matcher.group(5).length() != Integer.parseInt(matcher.group(4)) % 120) {
			this.torn++;
			this.findings.add("torn: file=" + piece.getFileName() + ", line=" + line);
			return;
		}
		String writer = matcher.group(2) + " " + matcher.group(3);
		int number = Integer.parseInt(matcher.group(4));
		BitSet numbers = this.seen.computeIfAbsent(writer, (key) -> new BitSet());
		if (numbers.get(number)) {
			this.doubled++;
			this.findings.add("doubled: file=" + piece.getFileName() + ", line=" + line);
		}
		else if (number < this.last.getOrDefault(writer, 0)) {
			this.unordered++;
			this.findings.add("unordered: file=" + piece.getFileName() + ", line=" + line);
		}
		numbers.set(number);
		this.last.put(writer, number);
		String time = line.substring(0, 23);
		if (time.compareTo(this.lastTime) < 0) {
			this.backInTime++;
		}
		this.lastTime = time;
	}

	private void compareWithAcknowledgements(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((path) -> path.getFileName().toString().startsWith("ack-")).toList()) {
				ByteBuffer acknowledged = ByteBuffer.wrap(Files.readAllBytes(file));
				String name = file.getFileName().toString().substring("ack-".length());
				for (int thread = 0; acknowledged.hasRemaining(); thread++) {
					compare(name + " " + thread, acknowledged.getInt());
				}
			}
		}
	}

	private void compare(String writer, int acknowledged) {
		BitSet numbers = this.seen.getOrDefault(writer, new BitSet());
		int present = numbers.get(1, acknowledged + 1).cardinality();
		if (present < acknowledged) {
			this.missing += acknowledged - present;
			this.findings.add("missing: writer=" + writer + ", count=" + (acknowledged - present) + ", first="
					+ numbers.nextClearBit(1) + ", acknowledged=" + acknowledged);
		}
	}

	long lines() {
		return this.lines;
	}

	/** For logs whose rolled files another program has reordered. */
	String counts() {
		return "missing=%d, doubled=%d, torn=%d".formatted(this.missing, this.doubled, this.torn);
	}

	long backInTime() {
		return this.backInTime;
	}

	/**
	 * Empty if each acknowledged event is there once, whole and in its writer's order.
	 */
	List<String> findings() {
		return this.findings.stream().limit(20).toList();
	}

	@Override
	public String toString() {
		return "lines=%d, missing=%d, doubled=%d, torn=%d, unordered=%d, backInTime=%d".formatted(this.lines,
				this.missing, this.doubled, this.torn, this.unordered, this.backInTime);
	}

}
