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
import java.time.Duration;

/**
 * How long the sample application takes to start, with the starter and without it: from
 * the start of its process to the line in which Spring Boot says that it has started, and
 * the processor time until then.
 */
final class StartupBenchmark {

	private static final int PAIRS = 11;

	private static final double NANOS_PER_MILLI = 1e6;

	private StartupBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		Comparison elapsed = new Comparison("start-up with / without the starter", "ms");
		Comparison processor = new Comparison("processor time of the start with / without", "ms");
		try (Shop shop = Shop.unpack()) {
			start(shop, true);
			start(shop, false);
			for (int pair = 0; pair < PAIRS; pair++) {
				// Who goes first changes, in case the one before leaves the machine
				// slower.
				Start first = start(shop, pair % 2 == 0);
				Start second = start(shop, pair % 2 != 0);
				Start with = (pair % 2 == 0) ? first : second;
				Start without = (pair % 2 == 0) ? second : first;
				elapsed.add(with.elapsedMillis(), without.elapsedMillis());
				processor.add(with.processorMillis(), without.processorMillis());
			}
		}
		elapsed.printDifference("<= +150");
		elapsed.printRatio("none");
		processor.printDifference("none");
		processor.printRatio("none");
	}

	private static Start start(Shop shop, boolean withStarter) throws IOException {
		long start = System.nanoTime();
		ChildProcess application = shop.start(withStarter, 0);
		application.awaitLine("Started ShopApplication");
		long elapsed = System.nanoTime() - start;
		Duration processor = application.processorTime();
		application.kill();
		return new Start(elapsed / NANOS_PER_MILLI, processor.toNanos() / NANOS_PER_MILLI);
	}

	/**
	 * One start.
	 *
	 * @param elapsedMillis time that passed
	 * @param processorMillis time of processors that it took
	 */
	private record Start(double elapsedMillis, double processorMillis) {
	}

}
