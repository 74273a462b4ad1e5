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

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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

/**
 * Cost of one record into each kind of meter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init")
public class RecordingBenchmark {

	private static final long NANOS = 1_234_567;

	/** Which registry is measured. */
	@Param({ "prometheus", "shared" })
	public String registry;

	private MeasuredRegistry measured;

	private Counter counter;

	private Timer timer;

	private Timer histogram;

	private DistributionSummary summary;

	@Setup(Level.Trial)
	public void open() throws IOException {
		this.measured = MeasuredRegistry.open(this.registry);
		MeterRegistry meters = this.measured.meters();
		this.counter = meters.counter("orders");
		this.timer = meters.timer("latency");
		this.histogram = Timer.builder("histogram").publishPercentileHistogram().register(meters);
		this.summary = meters.summary("amount");
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.measured.close();
	}

	@Benchmark
	public void counter() {
		this.counter.increment();
	}

	@Benchmark
	public void timer() {
		this.timer.record(NANOS, TimeUnit.NANOSECONDS);
	}

	@Benchmark
	public void timerWithHistogram() {
		this.histogram.record(NANOS, TimeUnit.NANOSECONDS);
	}

	@Benchmark
	public void summary() {
		this.summary.record(12.5);
	}

	@Benchmark
	public void summaryOfWholeAmounts() {
		this.summary.record(12);
	}

}
