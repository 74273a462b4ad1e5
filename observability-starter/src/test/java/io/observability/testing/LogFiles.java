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

package io.observability.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A log file and its rolled pieces, by Boot's naming. */
public final class LogFiles {

	private static final Pattern PIECE_SUFFIX = Pattern.compile("\\.(\\d{4}-\\d\\d-\\d\\d)\\.(\\d+)(\\.gz)?");

	private LogFiles() {
	}

	/**
	 * Lists the rolled pieces, oldest first, and the active file.
	 * @param active the active file
	 * @return the files
	 * @throws IOException if the folder can't be read
	 */
	public static List<Path> list(Path active) throws IOException {
		List<Path> files = new ArrayList<>();
		try (Stream<Path> siblings = Files.list(active.getParent())) {
			siblings.filter((file) -> suffix(active, file).matches())
				.sorted(Comparator.comparing((Path file) -> suffix(active, file).replaceFirst("$1"))
					.thenComparing((file) -> Integer.valueOf(suffix(active, file).replaceFirst("$2"))))
				.forEach(files::add);
		}
		files.add(active);
		return files;
	}

	private static Matcher suffix(Path active, Path file) {
		String name = file.getFileName().toString();
		String activeName = active.getFileName().toString();
		return PIECE_SUFFIX.matcher(name.startsWith(activeName) ? name.substring(activeName.length()) : "");
	}

	/**
	 * Reads all lines, of the oldest piece first.
	 * @param active the active file
	 * @return the lines
	 * @throws IOException if a file can't be read or is broken
	 */
	public static List<String> lines(Path active) throws IOException {
		List<String> lines = new ArrayList<>();
		for (Path file : list(active)) {
			try (BufferedReader reader = reader(file)) {
				reader.lines().forEach(lines::add);
			}
		}
		return lines;
	}

	/**
	 * Opens a file, compressed or not.
	 * @param file the file
	 * @return a reader of its text
	 * @throws IOException if it can't be opened
	 */
	public static BufferedReader reader(Path file) throws IOException {
		return new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
	}

	/**
	 * Reads a file, compressed or not.
	 * @param file the file
	 * @return its uncompressed bytes
	 * @throws IOException if it can't be read
	 */
	public static byte[] bytes(Path file) throws IOException {
		try (InputStream bytes = open(file)) {
			return bytes.readAllBytes();
		}
	}

	private static InputStream open(Path file) throws IOException {
		InputStream bytes = Files.newInputStream(file);
		return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
	}

}
