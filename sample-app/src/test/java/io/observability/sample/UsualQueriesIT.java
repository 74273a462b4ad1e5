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

package io.observability.sample;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * What people ask Prometheus for, of a fleet under load of which it scrapes one shared
 * port, while a worker is killed and started again.
 */
@ExtendWith(SharedFleet.class)
class UsualQueriesIT {

	/** Of the rates; the profile {@code soak} makes it longer. */
	private static final long RANGE = Long.getLong("query.seconds", 10);

	/** Two per cent, or what lies between a range's edge and the next scrape. */
	private static final double TOLERANCE = Math.max(0.02, 1.0 / RANGE);

	/** How long until what was answered is in Prometheus. */
	private static final long LAG = 3;

	private static final int HELD = 3;

	/** Twice what is asked most often: a spike is many times as high. */
	private static final double HIGHEST_RATE = 100;

	private static final Duration TIMEOUT = Duration.ofMinutes(5);

	private static RunningFleet fleet;

	@BeforeAll
	static void use(RunningFleet shared) {
		PrometheusServer.assumeInstalled();
		fleet = shared;
	}

	@Test
	void ratesQuantilesAndWhatIsInProgressAreRight(@TempDir Path data) throws Exception {
		warmUp();
		try (PrometheusServer prometheus = PrometheusServer.start(fleet.port(), "", data);
				SteadyLoad load = new SteadyLoad(fleet)) {
			await().atMost(TIMEOUT).until(() -> prometheus.query("up").equals(List.of(1.0)));
			load.add("/products/{id}", Duration.ofMillis(20), (shop, client) -> shop.get(0, "/products/tea"));
			load.add("/orders", Duration.ofMillis(40), (shop, client) -> shop.order(client, "load"));
			load.add("/slow", Duration.ofMillis(50), (shop, client) -> shop.get(0, "/slow?ms=40"));
			List<CompletableFuture<?>> inProgress = IntStream.range(0, HELD)
				.<CompletableFuture<?>>mapToObj((i) -> fleet.getLater(1, "/slow?ms=" + TIMEOUT.toMillis()))
				.toList();
			long start = Instant.now().getEpochSecond() + LAG;
			await().atMost(TIMEOUT).until(() -> Instant.now().getEpochSecond() > start + RANGE / 2);
			fleet.kill(fleet.pid(2));
			await().atMost(TIMEOUT).until(() -> Instant.now().getEpochSecond() > start + RANGE + RANGE / 2 + LAG);
			long end = start + RANGE + RANGE / 2;

			Map<String, Map<Long, Double>> rates = prometheus.queryRange(
					"sum(rate(http_requests_total[" + RANGE + "s])) by (endpoint)", "endpoint", start + RANGE, end);
			for (String endpoint : List.of("/products/{id}", "/orders", "/slow")) {
				assertThat(rates.get(endpoint)).hasSizeGreaterThan(2);
				rates.get(endpoint)
					.forEach((time, rate) -> assertThat(rate).as("rate of %s at %d", endpoint, time)
						.isCloseTo(load.rate(endpoint, time, RANGE),
								within(TOLERANCE * load.rate(endpoint, time, RANGE))));
			}
			prometheus.queryRange("sum(rate(http_requests_total[5s])) by (endpoint)", "endpoint", start, end)
				.forEach((endpoint, values) -> assertThat(values.values()).as("short rates of " + endpoint)
					.allMatch((rate) -> rate >= 0 && rate < HIGHEST_RATE));
			assertThat(prometheus.queryRange("resets(http_requests_total[" + RANGE + "s]) > 0", "endpoint", start, end))
				.isEmpty();

			Map<String, Map<Long, Double>> p95 = prometheus
				.queryRange("histogram_quantile(0.95, sum(rate(http_request_latency_seconds_bucket[" + RANGE
						+ "s])) by (le, endpoint))", "endpoint", start + RANGE, end);
			double longestSlow = bucketOf(load.longest("/slow"));
			assertThat(p95.get("/slow").values()).hasSizeGreaterThan(2)
				.allMatch((value) -> value > 0.025 && value <= longestSlow);
			double longestProduct = bucketOf(load.longest("/products/{id}"));
			assertThat(p95.get("/products/{id}").values()).hasSizeGreaterThan(2)
				.allMatch((value) -> value > 0 && value <= longestProduct);

			Map<String, Map<Long, Double>> current = prometheus
				.queryRange("sum(http_requests_in_progress) by (endpoint)", "endpoint", start, end);
			// An answer is there a moment before its request has ended.
			assertThat(current.get("/slow").values()).hasSizeGreaterThan(2)
				.allMatch((value) -> value >= HELD && value <= HELD + 2)
				.contains(HELD + 1.0);
			assertThat(current.get("/orders").values()).allMatch((value) -> value >= 0 && value <= 2);
			load.stop();
			await().atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(prometheus.query("sum(http_requests_in_progress)"))
					.containsExactly((double) HELD));
			fleet.kill(fleet.pid(1));
			await().atMost(TIMEOUT)
				.untilAsserted(
						() -> assertThat(prometheus.query("sum(http_requests_in_progress)")).containsExactly(0.0));
			await().atMost(TIMEOUT)
				.until(() -> inProgress.stream().allMatch(CompletableFuture::isCompletedExceptionally));
		}
	}

	/**
	 * A quantile is at most the upper bound of the bucket that the longest time is in.
	 */
	private static double bucketOf(double seconds) {
		return DoubleStream.of(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
			.filter((bound) -> seconds <= bound)
			.findFirst()
			.orElse(10);
	}

	/** A series that begins with its first request has no rate for it. */
	private static void warmUp() throws Exception {
		for (int worker = 1; worker <= fleet.workers(); worker++) {
			for (int i = 0; i < 50; i++) {
				fleet.get(worker, "/products/tea");
			}
			fleet.get(worker, "/slow?ms=40");
		}
		for (int i = 0; i < 50; i++) {
			fleet.order(HttpClient.newHttpClient(), "warm-up");
		}
	}

}
