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

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link LogCallBenchmark} for one thread, ours and what it is compared with in
 * turns, each turn in a JVM of its own.
 */
final class LogCallRatios {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private LogCallRatios() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws RunnerException if it can't be run
	 */
	public static void main(String[] args) throws RunnerException {
		Comparison async = new Comparison("caller's processor time, ours / AsyncAppender", "ns");
		Comparison copy = new Comparison("caller's processor time, ours / encode and copy", "ns");
		for (int round = 0; round < ROUNDS; round++) {
			double ours = run("queue");
			async.add(ours, run("async"));
			copy.add(ours, run("copy"));
		}
		async.printRatio("<= 1.0");
		copy.printRatio("<= 1.3");
	}

	private static double run(String log) throws RunnerException {
		Options options = new OptionsBuilder().include(LogCallBenchmark.class.getName())
			.param("log", log)
			.threads(1)
			.forks(1)
			.warmupIterations(5)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(3)
			.measurementTime(TimeValue.seconds(1))
			.addProfiler(CallerCpu.class)
			.verbosity(VerboseMode.SILENT)
			.build();
		RunResult result = new Runner(options).runSingle();
		Result<?> cpu = result.getSecondaryResults().get(CallerCpu.FIGURE);
		if (cpu == null) {
			throw new IllegalStateException("time was not measured: results=" + result.getSecondaryResults());
		}
		return cpu.getScore();
	}

}
