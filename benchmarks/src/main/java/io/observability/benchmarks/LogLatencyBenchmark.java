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

/**
 * Time of a log call at a pace with which what is behind it keeps up: ours, next to
 * Logback's {@code AsyncAppender}.
 */
final class LogLatencyBenchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private static final int[] PACES = { 1000, 20_000, 100_000 };

	private static final int SECONDS = 5;

	private LogLatencyBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process or its files fail
	 */
	public static void main(String[] args) throws IOException {
		try (TemporaryFolder folder = TemporaryFolder.create("log");
				ChildProcess ours = LogWriter.start("queue", folder.path(), "w0", 1);
				ChildProcess async = LogWriter.start("async", folder.path(), "w1", 1)) {
			ours.awaitLine("ready");
			async.awaitLine("ready");
			ours.ask("pace 200000 50000");
			async.ask("pace 200000 50000");
			for (int pace : PACES) {
				compare(ours, async, pace);
			}
		}
	}

	private static void compare(ChildProcess ours, ChildProcess async, int pace) throws IOException {
		Comparison median = new Comparison("call at " + pace + "/s, median, ours / AsyncAppender", "ns");
		Comparison tail = new Comparison("call at " + pace + "/s, p99.9, ours / AsyncAppender", "ns");
		for (int round = 0; round < ROUNDS; round++) {
			double[] first = times(ours, pace);
			double[] second = times(async, pace);
			median.add(first[0], second[0]);
			tail.add(first[1], second[1]);
		}
		median.printRatio("<= 1.0");
		tail.printRatio("<= 1.0");
	}

	private static double[] times(ChildProcess writer, int pace) throws IOException {
		String answer = writer.ask("pace " + pace * SECONDS + " " + pace);
		int space = answer.indexOf(' ');
		return new double[] { Double.parseDouble(answer.substring(0, space)),
				Double.parseDouble(answer.substring(space + 1)) };
	}

}
