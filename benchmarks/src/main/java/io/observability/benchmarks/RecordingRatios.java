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

import java.util.Locale;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link RecordingBenchmark} for 1, 2 and 4 threads, the two registries in turns,
 * each turn in a JVM of its own.
 */
final class RecordingRatios {

	private static final int ROUNDS = 5;

	private static final int[] THREADS = { 1, 2, 4 };

	private static final Map<String, String> BARS = Map.of("counter", "<= 1.0", "timer", "<= 0.7", "timerWithHistogram",
			"<= 0.5", "summary", "none", "summaryOfWholeAmounts", "none");

	private RecordingRatios() {
	}

	/**
	 * Runs the benchmark.
	 * @param args the methods to run, all of them if there is none
	 * @throws RunnerException if it can't be run
	 */
	public static void main(String[] args) throws RunnerException {
		for (String method : (args.length > 0) ? args : BARS.keySet().stream().sorted().toArray(String[]::new)) {
			for (int threads : THREADS) {
				compare(method, threads);
			}
		}
	}

	private static void compare(String method, int threads) throws RunnerException {
		Comparison comparison = new Comparison(
				"%s, %d threads, shared / Micrometer's registry".formatted(method, threads), "ns");
		double bytes = 0;
		for (int round = 0; round < ROUNDS; round++) {
			RunResult shared = run(method, threads, "shared");
			RunResult prometheus = run(method, threads, "prometheus");
			comparison.add(shared.getPrimaryResult().getScore(), prometheus.getPrimaryResult().getScore());
			bytes = Math.max(bytes, allocated(shared));
		}
		comparison.printRatio(BARS.getOrDefault(method, "none"));
		System.out.printf(Locale.ROOT, "%s, %d threads: at most %.3f bytes allocated per record, bar 0%n", method,
				threads, bytes);
	}

	private static RunResult run(String method, int threads, String registry) throws RunnerException {
		Options options = new OptionsBuilder().include(RecordingBenchmark.class.getName() + "." + method + "$")
			.param("registry", registry)
			.threads(threads)
			.forks(1)
			.warmupIterations(3)
			.warmupTime(TimeValue.milliseconds(500))
			.measurementIterations(5)
			.measurementTime(TimeValue.milliseconds(300))
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT)
			.build();
		return new Runner(options).runSingle();
	}

	private static double allocated(RunResult result) {
		Result<?> perRecord = result.getSecondaryResults().get("gc.alloc.rate.norm");
		if (perRecord == null) {
			throw new IllegalStateException("allocation was not measured: results=" + result.getSecondaryResults());
		}
		return perRecord.getScore();
	}

}
