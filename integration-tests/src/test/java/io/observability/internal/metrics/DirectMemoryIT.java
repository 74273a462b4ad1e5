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
package io.observability.internal.metrics;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.log.queue.CollectorProgress;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.segment.SequenceId;
import io.observability.testing.ForkedJvm;
import io.observability.testing.TestFleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of many instances, with the limit to direct memory that buildpacks set. The profile
 * {@code soak} does it 1,000 times.
 */
class DirectMemoryIT {

	private static final int CYCLES = Integer.getInteger("soak.cycles", 20);

	private static final int INSTANCES = 80;

	private static final int ARCHIVED_SERIES = 40_000;

	/** The log, its checkpoint and two locks, if it is elected late. */
	private static final int OF_A_COLLECTOR = 4;

	private static final int MEGABYTE = 1 << 20;

	@TempDir
	private Path directory;

	private final List<LogQueue> queues = new ArrayList<>();

	private TestFleet fleet;

	@BeforeEach
	void openStore() {
		this.fleet = TestFleet.in(this.directory);
	}

	@AfterEach
	void closeStore() throws IOException {
		for (LogQueue queue : this.queues) {
			queue.close();
		}
		this.fleet.close();
	}

	@Test
	void fleetOfAnySizeIsShownFoldedAndCollectedInLittleDirectMemory() throws IOException {
		endLargeInstance();
		for (int i = 0; i < INSTANCES; i++) {
			startInstance();
		}
		Path log = this.directory.resolve("app.log");
		try (ForkedJvm jvm = ForkedJvm.startPlain(List.of("env", "JAVA_TOOL_OPTIONS=-XX:MaxDirectMemorySize=10M"),
				DirectMemoryMain.class, Map.of(), this.fleet.store().path().toString(), log.toString(),
				Integer.toString(CYCLES))) {
			long descriptors = Long.parseLong(jvm.awaitLine("descriptors ").substring("descriptors ".length()));
			assertThat(descriptors).as("descriptors more than at first").isLessThanOrEqualTo(OF_A_COLLECTOR);
			assertThat(jvm.awaitLine("series")).isEqualTo("series 5000");
			long direct = Long.parseLong(jvm.awaitLine("direct ").substring("direct ".length()));
			System.out.println("most direct memory of an instance among " + INSTANCES + ": bytes=" + direct);
			assertThat(direct).isLessThan(2 * MEGABYTE);
			assertThat(jvm.awaitExit()).isZero();
		}
		assertThat(this.fleet.store().archive().resolve("totals.seg").toFile().length()).isGreaterThan(10 * MEGABYTE);
		assertThat(Files.readAllLines(log, StandardCharsets.UTF_8)).hasSize(INSTANCES + CYCLES);
	}

	private void endLargeInstance() {
		TestFleet.Member large = this.fleet.start();
		for (int i = 0; i < ARCHIVED_SERIES; i++) {
			large.writer().totals(Families.COUNTER, List.of(i + "x".repeat(250))).add(1);
		}
		large.end();
	}

	private void startInstance() throws IOException {
		TestFleet.Member member = this.fleet.start();
		member.writer().totals(Families.COUNTER, List.of("tea")).add(1);
		Instance instance = member.instance();
		Function<SequenceId, CollectorProgress> progress = (queue) -> () -> true;
		LogQueue queue = LogQueue.open(instance, MEGABYTE, FullPolicy.BLOCK, progress, (task, cause) -> {
		});
		byte[] event = "event\n".getBytes(StandardCharsets.UTF_8);
		assertThat(queue.append(Level.INFO, 1, event, event.length)).isTrue();
		this.queues.add(queue);
	}

}
