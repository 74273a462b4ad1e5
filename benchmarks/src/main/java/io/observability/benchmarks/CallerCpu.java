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

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Processor time of the benchmark's own threads, without those that work for them. */
public final class CallerCpu implements InternalProfiler {

	/** Name of the figure. */
	static final String FIGURE = "caller.cpu";

	private static final String WORKER = "jmh-worker";

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private long before;

	@Override
	public String getDescription() {
		return "Processor time of the calling threads";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.before = used();
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		double perCall = (double) (used() - this.before) / result.getMetadata().getAllOps();
		return List.of(new ScalarResult(FIGURE, perCall, "ns/op", AggregationPolicy.AVG));
	}

	private long used() {
		long sum = 0;
		for (long id : this.threads.getAllThreadIds()) {
			ThreadInfo thread = this.threads.getThreadInfo(id);
			if (thread != null && thread.getThreadName().contains(WORKER)) {
				sum += this.threads.getThreadCpuTime(id);
			}
		}
		return sum;
	}

}
