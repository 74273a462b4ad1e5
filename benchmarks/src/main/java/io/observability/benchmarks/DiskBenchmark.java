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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the series of one instance take on disk, per series and per sample that a scrape
 * shows, next to the multiprocess mode of Python's {@code prometheus_client}: length of
 * the files, what they take of the disk, and the pages of them that hold anything but
 * zeros.
 */
final class DiskBenchmark {

	private static final int SERIES = 10_000;

	private static final int PAGE_BYTES = 4096;

	private static final int KILOBYTE = 1024;

	private DiskBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		try (ProcessFleet fleet = ProcessFleet.start(1, SERIES); PythonFleet python = PythonFleet.start(1, SERIES)) {
			long samples = fleet.scrape().samples();
			long pythonSamples = python.scrape().samples();
			System.out.printf("samples: %,d / %,d%n", samples, pythonSamples);
			Space space = Space.of(fleet.store());
			Space pythonSpace = Space.of(python.folder());
			print("store", space, samples);
			print("Python", pythonSpace, pythonSamples);
			Comparison disk = new Comparison("bytes of disk per sample, store / Python's", "bytes");
			disk.add((double) space.onDisk() / samples, (double) pythonSpace.onDisk() / pythonSamples);
			disk.printRatio("< 1");
		}
	}

	private static void print(String name, Space space, long samples) {
		System.out.printf(Locale.ROOT,
				"%s: %d files, length %,d, on disk %,d, in pages with data %,d bytes; "
						+ "per series %.1f on disk, %.1f in pages with data; per sample %.1f and %.1f%n",
				name, space.files(), space.length(), space.onDisk(), space.withData(), (double) space.onDisk() / SERIES,
				(double) space.withData() / SERIES, (double) space.onDisk() / samples,
				(double) space.withData() / samples);
	}

	/**
	 * What the files of a folder take.
	 *
	 * @param files number of files
	 * @param length bytes from their beginnings to their ends
	 * @param onDisk bytes that the file system has given them
	 * @param withData bytes of pages that are not all zeros
	 */
	private record Space(int files, long length, long onDisk, long withData) {

		static Space of(Path folder) throws IOException {
			List<Path> files = TemporaryFolder.files(folder);
			long length = 0;
			long withData = 0;
			long onDisk = 0;
			for (Path file : files) {
				length += Files.size(file);
				withData += withData(Files.readAllBytes(file));
				onDisk += onDisk(file);
			}
			return new Space(files.size(), length, onDisk, withData);
		}

		private static long withData(byte[] bytes) {
			byte[] zeros = new byte[PAGE_BYTES];
			long withData = 0;
			for (int from = 0; from < bytes.length; from += PAGE_BYTES) {
				int to = Math.min(from + PAGE_BYTES, bytes.length);
				if (!Arrays.equals(bytes, from, to, zeros, 0, to - from)) {
					withData += PAGE_BYTES;
				}
			}
			return withData;
		}

		private static long onDisk(Path file) throws IOException {
			Process du = new ProcessBuilder("du", "-k", file.toString()).start();
			String output = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return Long.parseLong(output.substring(0, output.indexOf('\t'))) * KILOBYTE;
		}

	}

}
