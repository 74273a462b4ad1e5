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
package io.observability.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.segment.Problems;
import io.observability.testing.ForkedJvm;
import io.observability.testing.Shown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that log and count are killed at random moments: while they start, stop,
 * write, roll, compress and fold. Some are suspended meanwhile. No event is missing or
 * doubled, no count is lost, and the merged count never goes back.
 * {@code -Dsoak.kills.seed} repeats the choices.
 */
@EnabledIfSystemProperty(named = "soak.kills", matches = ".+")
class KillsAndStopsIT {

	private static final int KILLS = Integer.getInteger("soak.kills", 4);

	private static final int LONGEST_STOP_MILLIS = Integer.getInteger("soak.stop-millis", 7000);

	private static final long SEED = Long.getLong("soak.kills.seed", System.nanoTime());

	private static final int PROCESSES = 4;

	private static final int THREADS = 2;

	private static final int PAUSE_MICROS = 2000;

	private static final int MOST_PAUSE_MILLIS = 1500;

	private static final String COUNTER = "orders{shop=events}";

	@TempDir
	private Path directory;

	private final Random random = new Random(SEED);

	private final Map<ForkedJvm, Long> stopped = new HashMap<>();

	private FleetMetrics metrics;

	private double count;

	private int stops;

	private int looks;

	@BeforeEach
	void openMetrics() throws IOException {
		this.metrics = new FleetMetrics(StoreDirectory.open(this.directory.resolve("store")), List.of(),
				new Problems((text) -> {
				}));
	}

	@AfterEach
	void closeMetrics() throws IOException {
		this.metrics.close();
	}

	@Test
	void killsAndStopsAtRandomMomentsLoseAndDoubleNothing() throws IOException {
		System.out.println("soak.kills.seed=" + SEED);
		try (LogFleet fleet = new LogFleet(this.directory, this.directory, PROCESSES, PAUSE_MICROS,
				Map.of("metrics", "true", "maxFileSize", "200KB"))) {
			for (int i = 0; i < KILLS; i++) {
				if (i % 3 == 0) {
					stop(fleet.any());
				}
				pause(this.random.nextInt(MOST_PAUSE_MILLIS));
				kill(fleet, i % 4);
				resume(System.nanoTime());
				System.out.println("killed " + (i + 1) + " of " + KILLS + ", count=" + this.count);
			}
			resume(Long.MAX_VALUE);
			fleet.awaitProgress(1);
			fleet.stop();
			check(fleet);
		}
	}

	private void kill(LogFleet fleet, int kind) {
		ForkedJvm victim = switch (kind) {
			case 0 -> fleet.any();
			case 1 -> fleet.startUnawaited();
			case 2 -> {
				ForkedJvm stopping = fleet.any();
				stopping.send("stop");
				yield stopping;
			}
			default -> fleet.collector();
		};
		if (kind == 1 || kind == 2) {
			pause(this.random.nextInt((kind == 1) ? MOST_PAUSE_MILLIS : 200));
		}
		fleet.kill(victim);
		this.stopped.remove(victim);
		if (kind != 1) {
			fleet.start();
		}
	}

	private void stop(ForkedJvm victim) {
		victim.signal("STOP");
		this.stops++;
		this.stopped.put(victim,
				System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(LONGEST_STOP_MILLIS)));
	}

	private void resume(long now) {
		for (Iterator<Map.Entry<ForkedJvm, Long>> each = this.stopped.entrySet().iterator(); each.hasNext();) {
			Map.Entry<ForkedJvm, Long> entry = each.next();
			if (entry.getValue() < now) {
				entry.getKey().signal("CONT");
				each.remove();
			}
		}
	}

	/** Looks at the count meanwhile. */
	private void pause(long millis) {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		do {
			look();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
		while (System.nanoTime() < end);
	}

	private void look() {
		double now = Double.parseDouble(Shown.by(this.metrics).getOrDefault(COUNTER, "0"));
		assertThat(now).as("merged count").isGreaterThanOrEqualTo(this.count);
		this.count = now;
		this.looks++;
	}

	private void check(LogFleet fleet) throws IOException {
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		look();
		System.out.println("kills=" + KILLS + ", stops=" + this.stops + ", looks=" + this.looks + ", " + log
				+ ", count=" + this.count);
		assertThat(log.findings()).as(log.toString()).isEmpty();
		// A killed thread may have counted an event that it has not acknowledged.
		assertThat(this.count).isBetween((double) fleet.acknowledged(),
				(double) fleet.acknowledged() + (long) KILLS * THREADS);
	}

}
