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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Events per second that reach the files when four processes log as fast as they can:
 * ours, which merges, rolls at 10 MB and compresses; Logback's prudent mode, which merges
 * but does neither; and its {@code AsyncAppender} with a file for each process, rolled
 * and compressed as ours. With the system property {@code uncompressed} neither
 * compresses.
 */
final class LogThroughputBenchmark {

	private static final int PROCESSES = 4;

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private static final int EVENTS = Integer.getInteger("events", 300_000);

	private LogThroughputBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process or its files fail
	 */
	public static void main(String[] args) throws IOException {
		for (int threads : new int[] { 1, 4 }) {
			Comparison prudent = new Comparison(what(threads, "prudent mode"), "events/s");
			Comparison async = new Comparison(what(threads, "AsyncAppender"), "events/s");
			for (int round = 0; round < ROUNDS; round++) {
				double ours = eventsPerSecond("queue", threads);
				prudent.add(ours, eventsPerSecond("prudent", threads));
				async.add(ours, eventsPerSecond("async", threads));
			}
			prudent.printRatio(">= 3");
			async.printRatio(">= 1.5");
		}
	}

	private static String what(int threads, String peer) {
		return "%d processes x %d threads, ours / %s".formatted(PROCESSES, threads, peer);
	}

	private static double eventsPerSecond(String kind, int threads) throws IOException {
		try (TemporaryFolder folder = TemporaryFolder.create("log")) {
			return eventsPerSecond(kind, threads, folder.path());
		}
	}

	private static double eventsPerSecond(String kind, int threads, Path directory) throws IOException {
		List<ChildProcess> writers = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			writers.add(LogWriter.start(kind, directory, "w" + i, threads));
		}
		for (ChildProcess writer : writers) {
			writer.awaitLine("ready");
		}
		int events = EVENTS / threads;
		log(writers, events);
		long nanos = log(writers, events);
		for (ChildProcess writer : writers) {
			writer.close();
		}
		if (kind.equals("queue")) {
			System.out.println(
					"four processes, ours: " + LogCheck.of(directory, 2L * PROCESSES * threads * events) + ", bar 0");
		}
		return (double) PROCESSES * threads * events / nanos * 1e9;
	}

	/** Returns how long it took all of them. */
	private static long log(List<ChildProcess> writers, int events) throws IOException {
		long start = System.nanoTime();
		for (ChildProcess writer : writers) {
			writer.tell("log " + events);
		}
		for (ChildProcess writer : writers) {
			writer.awaitLine("done");
		}
		return System.nanoTime() - start;
	}

}
