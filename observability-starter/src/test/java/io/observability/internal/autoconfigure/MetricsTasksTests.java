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

package io.observability.internal.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.segment.Problems;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.TaskFailures;
import io.observability.testing.TestFleet;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MetricsTasksTests {

	private static final Duration INTERVAL = Duration.ofMillis(10);

	@TempDir
	private Path directory;

	private final TaskFailures failures = Supervisor.ofThisProcess().failures();

	private final Faulty sample = new Faulty();

	private final Faulty repair = new Faulty();

	private final Faulty folded = new Faulty();

	private TestFleet fleet;

	private MetricsTasks tasks;

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		Archive archive = new Archive(this.fleet.store(), new Problems((text) -> {
		}), Duration.ofDays(7));
		this.tasks = new MetricsTasks(() -> {
			this.sample.run();
			return INTERVAL.toNanos();
		}, this.repair, archive, this.folded, INTERVAL);
		this.tasks.start();
	}

	@AfterEach
	void stop() {
		this.tasks.stop();
		this.fleet.close();
	}

	static List<Throwable> errors() {
		return List.of(new OutOfMemoryError("planted"), new NoClassDefFoundError("planted"), new StackOverflowError());
	}

	@ParameterizedTest
	@MethodSource("errors")
	void samplingThatMeetsAnErrorGoesOnAndReportsItOnce(Error error, CapturedOutput output) {
		meet(MetricsTasks.SAMPLING, this.sample, error);
		assertThat(output).containsOnlyOnce("background task failed, it goes on: task=sampling");
	}

	@ParameterizedTest
	@MethodSource("errors")
	void repairThatMeetsAnErrorGoesOnAndReportsItOnce(Error error, CapturedOutput output) {
		meet(MetricsTasks.REPAIR, this.repair, error);
		assertThat(output).containsOnlyOnce("background task failed, it goes on: task=repair");
	}

	@ParameterizedTest
	@MethodSource("errors")
	void foldingThatMeetsAnErrorGoesOnAndReportsItOnce(Error error, CapturedOutput output) {
		terminateAnInstanceThatHasCounted();
		this.folded.next.set(error);
		long before = this.failures.count(MetricsTasks.FOLDING);
		Awaitility.await().until(() -> this.failures.count(MetricsTasks.FOLDING) == before + 1);
		terminateAnInstanceThatHasCounted();
		Awaitility.await().until(() -> this.folded.runs.get() > 0);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=tea}", "2.0");
		assertThat(output).containsOnlyOnce("background task failed, it goes on: task=folding");
		assertThat(this.failures.current()).isEmpty();
	}

	@Test
	void processThatLivesForAMomentTakesInItsPredecessorsWhenItStops() {
		terminateAnInstanceThatHasCounted();
		this.tasks.stop();
		assertThat(this.folded.runs).hasValue(1);
	}

	private void meet(String task, Faulty work, Error error) {
		long before = this.failures.count(task);
		work.next.set(error);
		Awaitility.await().until(() -> this.failures.count(task) == before + 1);
		int runs = work.runs.get();
		Awaitility.await().until(() -> work.runs.get() > runs + 3);
		assertThat(this.failures.count(task)).isEqualTo(before + 1);
		assertThat(this.failures.current()).doesNotContainKey(task);
	}

	private void terminateAnInstanceThatHasCounted() {
		TestFleet.Member member = this.fleet.start();
		member.writer().totals(Families.COUNTER, List.of("tea")).add(1);
		member.kill();
	}

	private static final class Faulty implements Runnable {

		private final AtomicReference<@Nullable Error> next = new AtomicReference<>();

		private final AtomicInteger runs = new AtomicInteger();

		@Override
		public void run() {
			Error error = this.next.getAndSet(null);
			if (error != null) {
				throw error;
			}
			this.runs.incrementAndGet();
		}

	}

}
