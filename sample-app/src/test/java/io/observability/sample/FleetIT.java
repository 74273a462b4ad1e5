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

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The main job on real processes: several workers, one store, one merged view on each,
 * one log.
 */
@ExtendWith(SharedFleet.class)
class FleetIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final int CLIENTS = 8;

	/** The profile {@code soak} does more. */
	private static final int KILLS = Integer.getInteger("fleet.kills", 1);

	private static final AtomicInteger references = new AtomicInteger();

	private static RunningFleet fleet;

	@BeforeAll
	static void use(RunningFleet shared) {
		fleet = shared;
	}

	@Test
	void everyWorkerShowsTheRequestsOfAll() throws Exception {
		double before = fleet.scrape(1).total("http_requests_total", "endpoint=\"/orders\"");

		Set<String> orders = order(400);

		assertThat(orders).hasSize(400);
		for (int worker = 1; worker <= fleet.workers(); worker++) {
			awaitTotal(worker, before + 400, "http_requests_total", "endpoint=\"/orders\"", "app_name=\"shop\"",
					"method=\"POST\"", "http_status=\"201\"");
			awaitTotal(worker, before + 400, "http_request_latency_seconds_count", "endpoint=\"/orders\"");
			awaitTotal(worker, before + 400, "http_request_latency_seconds_bucket", "endpoint=\"/orders\"",
					"le=\"+Inf\"");
			awaitTotal(worker, before + 400, "shop_orders_total");
		}
	}

	@Test
	void onePortIsAnsweredBySeveralWorkers() {
		Set<String> pids = new HashSet<>();
		await().atMost(TIMEOUT).until(() -> {
			pids.add(fleet.pidThatAnswers(HttpClient.newHttpClient()));
			return pids.size() > 1;
		});
	}

	@Test
	void killedInMidRequestAWorkerLeavesItsCountsAndNotItsRequest() throws Exception {
		order(100);
		double orders = fleet.scrape(2).total("http_requests_total", "endpoint=\"/orders\"");
		CompletableFuture<HttpResponse<String>> slow = fleet.getLater(1, "/slow?ms=100000");
		awaitTotal(2, 1, "http_requests_in_progress", "endpoint=\"/slow\"", "method=\"GET\"");
		long pid = fleet.pid(1);

		fleet.kill(pid);

		Scrape after = fleet.scrape(2);
		assertThat(after.total("http_requests_in_progress", "endpoint=\"/slow\"")).isZero();
		assertThat(after.total("http_requests_total", "endpoint=\"/orders\"")).isEqualTo(orders);
		assertThat(slow).failsWithin(TIMEOUT);

		fleet.awaitAlive();
		assertThat(fleet.pid(1)).isNotEqualTo(pid);
		for (int worker = 1; worker <= fleet.workers(); worker++) {
			assertThat(fleet.scrape(worker).total("http_requests_total", "endpoint=\"/orders\"")).isEqualTo(orders);
		}
		order(10);
		awaitTotal(1, orders + 10, "http_requests_total", "endpoint=\"/orders\"");
	}

	@Test
	void countersNeverGoBackWhileWorkersAreKilledAndFolded() throws Exception {
		order(100);
		double highest = fleet.scrape(2).total("shop_orders_total");
		for (int i = 0; i < KILLS; i++) {
			fleet.kill(fleet.pid(1));
			while (fleet.alivePids().size() < fleet.workers()) {
				double total = fleet.scrape(2).total("shop_orders_total");
				assertThat(total).isGreaterThanOrEqualTo(highest);
				highest = total;
			}
			fleet.awaitAlive();
		}
		assertThat(fleet.scrape(1).total("shop_orders_total")).isEqualTo(highest);
	}

	@Test
	void theMergedLogHoldsEachEventOnceThoughWorkersAreKilled() throws Exception {
		Set<String> acknowledged = order(300);
		fleet.kill(fleet.pid(1));
		acknowledged.addAll(order(300));
		fleet.kill(fleet.pid(3));
		acknowledged.addAll(order(300));
		fleet.awaitAlive();

		await().atMost(TIMEOUT).until(() -> new HashSet<>(logged()).containsAll(acknowledged));

		assertThat(logged()).doesNotHaveDuplicates();
	}

	/** Orders until so many are acknowledged, and returns which were. */
	private static Set<String> order(int count) throws Exception {
		Set<String> acknowledged = ConcurrentHashMap.newKeySet();
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> clients = new ArrayList<>();
			for (int client = 0; client < CLIENTS; client++) {
				int share = count / CLIENTS + ((client < count % CLIENTS) ? 1 : 0);
				clients.add(threads.submit(() -> order(share, acknowledged)));
			}
			for (Future<?> client : clients) {
				client.get();
			}
		}
		finally {
			threads.shutdown();
		}
		return acknowledged;
	}

	private static void order(int count, Set<String> acknowledged) {
		// A client of its own has connections of its own, which other workers may get.
		HttpClient client = HttpClient.newHttpClient();
		for (int left = count; left > 0;) {
			String reference = "n" + references.incrementAndGet();
			try {
				assertThat(fleet.order(client, reference)).isEqualTo(201);
				acknowledged.add(reference);
				left--;
			}
			catch (IOException ex) {
				// The worker was killed: this order may or may not have been taken.
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	/** The references of the orders in the merged log. */
	private static List<String> logged() throws IOException {
		Pattern order = Pattern.compile("order (n\\d+): 1 x Green tea$");
		List<String> logged = new ArrayList<>();
		for (String line : Files.readAllLines(fleet.log())) {
			Matcher matcher = order.matcher(line);
			if (matcher.find()) {
				logged.add(matcher.group(1));
			}
		}
		return logged;
	}

	/**
	 * Waits for the last requests to be counted: a client has its answer a moment before.
	 */
	private static void awaitTotal(int worker, double total, String name, String... labels) {
		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(fleet.scrape(worker).total(name, labels)).as(name).isEqualTo(total));
	}

}
