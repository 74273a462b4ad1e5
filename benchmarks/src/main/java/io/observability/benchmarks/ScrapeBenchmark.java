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
 * How long one scrape takes, as text: of 16 instances against one process with
 * Micrometer's own registry, and of 64 instances against 1.
 */
final class ScrapeBenchmark {

	private static final int WARM_UP = 150;

	private static final int ROUNDS = 9;

	private static final int TURNS = 15;

	private ScrapeBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		againstOneProcess(16, 10_000);
		againstOneInstance(64, 1_000);
	}

	private static void againstOneProcess(int instances, int series) throws IOException {
		try (ProcessFleet fleet = ProcessFleet.start(instances, series);
				ChildProcess plain = ScrapedApplication.startPlain(series)) {
			plain.awaitLine("ready");
			String what = "merged scrape of %d x %,d series / Micrometer's of %,d".formatted(instances, series, series);
			Comparison.Figure merged = () -> fleet.scrape().millis();
			Comparison.Figure single = () -> ScrapedApplication.scrape(plain).millis();
			new Comparison("", "").measure(1, WARM_UP, merged, single);
			System.out.printf("samples: %,d / %,d%n", fleet.scrape().samples(),
					ScrapedApplication.scrape(plain).samples());
			new Comparison(what, "ms").measure(ROUNDS, TURNS, merged, single).printRatio("<= 1.25");
		}
	}

	private static void againstOneInstance(int instances, int series) throws IOException {
		try (ProcessFleet many = ProcessFleet.start(instances, series);
				ProcessFleet one = ProcessFleet.start(1, series)) {
			String what = "merged scrape of %d x %,d series / of 1 x %,d".formatted(instances, series, series);
			Comparison.Figure ofMany = () -> many.scrape().millis();
			Comparison.Figure ofOne = () -> one.scrape().millis();
			new Comparison("", "").measure(1, 2 * WARM_UP, ofMany, ofOne);
			System.out.printf("samples: %,d / %,d%n", many.scrape().samples(), one.scrape().samples());
			new Comparison(what, "ms").measure(ROUNDS, TURNS, ofMany, ofOne).printRatio("<= 2");
		}
	}

}
