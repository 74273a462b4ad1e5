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
 * How long one scrape of 16 instances takes, as text, against the multiprocess mode of
 * Python's {@code prometheus_client} with the same series.
 */
final class PythonScrapeBenchmark {

	private static final int INSTANCES = 16;

	private static final int WARM_UP = 150;

	private static final int ROUNDS = 7;

	private static final int TURNS = 5;

	private PythonScrapeBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		compare(1_000);
		compare(10_000);
	}

	private static void compare(int series) throws IOException {
		try (ProcessFleet fleet = ProcessFleet.start(INSTANCES, series);
				PythonFleet python = PythonFleet.start(INSTANCES, series)) {
			for (int i = 0; i < WARM_UP; i++) {
				fleet.scrape();
			}
			System.out.printf("samples: %,d / %,d%n", python.scrape().samples(), fleet.scrape().samples());
			new Comparison("scrape of %d x %,d series, Python's / merged".formatted(INSTANCES, series), "ms")
				.measure(ROUNDS, TURNS, () -> python.scrape().millis(), () -> fleet.scrape().millis())
				.printRatio(">= 20");
		}
	}

}
