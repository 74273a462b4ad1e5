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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The starter's own metrics and health, of two processes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OwnMetricsIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@TempDir
	private static Path directory;

	private static FleetPageProcess first;

	private static FleetPageProcess second;

	@BeforeAll
	static void start() {
		first = FleetPageProcess.start(directory);
		second = FleetPageProcess.start(directory);
	}

	@AfterAll
	static void stop() {
		for (FleetPageProcess process : new FleetPageProcess[] { first, second }) {
			if (process != null) {
				process.close();
			}
		}
	}

	/** The last one, because it leaves one instance. */
	@Test
	@Order(Integer.MAX_VALUE)
	void bothReportTheSameFleet() {
		for (FleetPageProcess process : new FleetPageProcess[] { first, second }) {
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(get(process, "prometheus")).contains("\nobservability_instances 2.0\n",
						"\nobservability_log_collector_present 1.0\n",
						"\nobservability_log_collector_lag_seconds 0.0\n"));
		}
		assertThat(get(second, "health/observability")).contains("\"status\":\"UP\"");
		second.kill();
		await().atMost(TIMEOUT).untilAsserted(() -> {
			String scrape = get(first, "prometheus");
			assertThat(scrape).contains("\nobservability_instances 1.0\n", "\nobservability_archive_folds_total 1.0\n");
		});
	}

	@Test
	void stalledCollectorIsReplaced() {
		assertThat(get(second, "fleet")).contains("\"collector\":0");
		first.signal("STOP");
		try {
			second.get("/log?level=INFO&text=unread");
			await().atMost(TIMEOUT).untilAsserted(() -> {
				assertThat(get(second, "fleet")).contains("\"collector\":1");
				String scrape = get(second, "prometheus");
				assertThat(value(scrape, "observability_log_backlog_bytes")).isZero();
				assertThat(value(scrape, "observability_log_collector_lag_seconds")).isZero();
			});
		}
		finally {
			first.signal("CONT");
		}
	}

	private static double value(String scrape, String name) {
		return scrape.lines()
			.filter((line) -> line.startsWith(name + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(name.length() + 1)))
			.findFirst()
			.orElseThrow();
	}

	private static String get(FleetPageProcess process, String endpoint) {
		return process.get("/actuator/" + endpoint);
	}

}
