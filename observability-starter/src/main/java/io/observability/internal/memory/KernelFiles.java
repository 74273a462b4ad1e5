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

package io.observability.internal.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Reads what the Linux kernel shows as files in {@code /proc}. Elsewhere there is
 * nothing.
 */
public final class KernelFiles {

	private static final Path PROC = Path.of("/proc");

	private KernelFiles() {
	}

	/**
	 * Reads a file.
	 * @param path below {@code /proc}
	 * @return its content now, or null if it is missing or can't be read
	 */
	public static @Nullable String read(String path) {
		try {
			return new String(Files.readAllBytes(PROC.resolve(path)), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Reads the beginning of a file that may be long.
	 * @param path below {@code /proc}
	 * @param limit the most bytes to read
	 * @return its content now, or null if it is missing or can't be read
	 */
	public static @Nullable String read(String path, int limit) {
		try (InputStream file = Files.newInputStream(PROC.resolve(path))) {
			return new String(file.readNBytes(limit), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Reads where a link leads to.
	 * @param path below {@code /proc}
	 * @return its target, or null if it is missing or can't be read
	 */
	public static @Nullable String link(String path) {
		try {
			return Files.readSymbolicLink(PROC.resolve(path)).toString();
		}
		catch (IOException | UnsupportedOperationException ex) {
			return null;
		}
	}

}
