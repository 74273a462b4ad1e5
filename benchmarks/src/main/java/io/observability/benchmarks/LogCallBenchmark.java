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
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.Logger;

/**
 * Cost of one log call for the thread that makes it. Run with {@link CallerCpu}, which
 * leaves out the time in which the caller waits for a queue that is full.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init")
public class LogCallBenchmark {

	/** Where the events go, see {@link MeasuredLog}. */
	@Param({ "none", "copy", "queue", "async" })
	public String log;

	private TemporaryFolder folder;

	private MeasuredLog measured;

	private Logger logger;

	private int number;

	@Setup(Level.Trial)
	public void open() throws IOException {
		this.folder = TemporaryFolder.create("log");
		this.measured = MeasuredLog.open(this.log, this.folder.path(), "w0");
		this.logger = this.measured.logger();
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.measured.close();
		this.folder.close();
	}

	@Benchmark
	public void call() {
		this.logger.info("order {} {}", this.number++,
				"has been shipped to a customer in Amsterdam, who has paid by card");
	}

}
