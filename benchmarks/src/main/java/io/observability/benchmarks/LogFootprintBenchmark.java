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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Heap that a process needs for the merged log, next to one that writes its file itself,
 * and what its queue takes on disk when it is idle.
 */
final class LogFootprintBenchmark {

	private static final int ROUNDS = 5;

	private LogFootprintBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process or its files fail
	 */
	public static void main(String[] args) throws IOException {
		Comparison heap = new Comparison("heap, ours and collecting / Logback's rolling file", "KB");
		for (int round = 0; round < ROUNDS; round++) {
			heap.add(heap("queue"), heap("rolling"));
		}
		heap.printDifference("+2048");
	}

	private static double heap(String kind) throws IOException {
		try (TemporaryFolder folder = TemporaryFolder.create("log");
				ChildProcess writer = LogWriter.start(kind, folder.path(), "w0", 1)) {
			writer.awaitLine("ready");
			writer.ask("log 100000");
			writer.ask("pace 20000 5000");
			double used = Double.parseDouble(writer.ask("heap")) / 1024;
			if (kind.equals("queue")) {
				printSegments(folder.path());
			}
			return used;
		}
	}

	private static void printSegments(Path directory) throws IOException {
		List<Path> segments = TemporaryFolder.files(directory.resolve("store"))
			.stream()
			.filter((file) -> file.getFileName().toString().startsWith("log-"))
			.toList();
		long bytes = 0;
		for (Path segment : segments) {
			bytes += Files.size(segment);
		}
		System.out.println("idle queue: segments=" + segments.size() + ", bytes=" + bytes + ", bar <= 2 segments");
	}

}
