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

package io.observability.internal.actuate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the end of the merged log's file.
 *
 * <p>
 * A position names the file and an offset in it. After a rollover there is another file,
 * of which the last lines are read. Lines that were added to the previous file since the
 * last call are skipped: the page shows recent lines, not a complete log.
 */
public final class LogTail {

	private static final int MAX_BYTES = 64 << 10;

	/**
	 * The most that is read at once: for each thread that reads, the platform keeps so
	 * much memory outside the heap.
	 */
	private static final int SLICE = 8 << 10;

	private static final int MAX_LINE = 2_000;

	private static final Pattern POSITION = Pattern.compile("([0-9a-f]{1,8})-([0-9]{1,18})");

	private final @Nullable Path file;

	private final Charset charset;

	/**
	 * Creates a reader; nothing is read yet.
	 * @param file the merged log, or null if there is none
	 * @param charset of the file
	 */
	public LogTail(@Nullable Path file, Charset charset) {
		this.file = file;
		this.charset = charset;
	}

	/** Reads the lines since a position, or the last lines without one. */
	LiveFleet.@Nullable LogLines since(@Nullable String position) throws IOException {
		if (this.file == null) {
			return null;
		}
		try {
			BasicFileAttributes attributes = Files.readAttributes(this.file, BasicFileAttributes.class);
			String key = Integer.toHexString(Objects.hash(attributes.fileKey(), attributes.creationTime()));
			return since(this.file, key, offset(position, key, attributes.size()), attributes.size());
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private static long offset(@Nullable String position, String key, long size) {
		Matcher matcher = POSITION.matcher((position != null) ? position : "");
		if (matcher.matches() && matcher.group(1).equals(key)) {
			long offset = Long.parseLong(matcher.group(2));
			if (offset <= size && size - offset <= MAX_BYTES) {
				return offset;
			}
		}
		return -1;
	}

	private LiveFleet.LogLines since(Path file, String key, long offset, long size) throws IOException {
		boolean continues = offset >= 0;
		long start = continues ? offset : Math.max(0, size - MAX_BYTES);
		byte[] bytes = read(file, start, (int) (size - start));
		int from = (continues || start == 0) ? 0 : afterLine(bytes, 0);
		int to = bytes.length;
		while (to > from && bytes[to - 1] != '\n') {
			to--;
		}
		List<String> lines = new String(bytes, from, to - from, this.charset).lines().map(LogTail::shortened).toList();
		return new LiveFleet.LogLines(key + "-" + (start + to), continues, lines);
	}

	private static byte[] read(Path file, long start, int length) throws IOException {
		if (length == 0) {
			return new byte[0];
		}
		ByteBuffer bytes = ByteBuffer.allocate(length);
		try (FileChannel channel = FileChannel.open(file)) {
			int count = 0;
			while (bytes.position() < length && count >= 0) {
				bytes.limit(Math.min(length, bytes.position() + SLICE));
				count = channel.read(bytes, start + bytes.position());
			}
		}
		return (bytes.position() < length) ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
	}

	/** Returns the start of the next line, or the end if there is none. */
	private static int afterLine(byte[] bytes, int from) {
		for (int i = from; i < bytes.length; i++) {
			if (bytes[i] == '\n') {
				return i + 1;
			}
		}
		return bytes.length;
	}

	private static String shortened(String line) {
		return (line.length() > MAX_LINE) ? line.substring(0, MAX_LINE) + " ..." : line;
	}

}
