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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whether a fleet works at all. Runs with each version of Spring Boot that is tested.
 */
class SmokeIT {

	@TempDir
	private static Path dir;

	private static RunningFleet fleet;

	private static int orders;

	@BeforeAll
	static void start() throws IOException {
		fleet = RunningFleet.start(ShopJar.executable(), 2, dir);
	}

	@AfterAll
	static void stop() {
		fleet.close();
	}

	@Test
	void metricsOfAllWorkersAreShownByEachAndSurviveAKill() throws Exception {
		order(10);
		awaitOrders(1);
		awaitOrders(2);

		fleet.kill(fleet.pid(1));
		awaitOrders(2);

		fleet.awaitAlive();
		order(10);
		awaitOrders(1);
		awaitOrders(2);
		assertThat(fleet.scrape(1).total("http_requests_total", "endpoint=\"/orders\"", "http_status=\"201\""))
			.isEqualTo(orders);
	}

	@Test
	void logHasTheOrdersOfAllWorkersOnce() throws Exception {
		order(10);
		await().atMost(RunningFleet.TIMEOUT)
			.untilAsserted(
					() -> assertThat(Files.readAllLines(fleet.log())).filteredOn((line) -> line.contains("order "))
						.hasSize(orders)
						.doesNotHaveDuplicates());
	}

	@Test
	void fleetIsAPageForBrowsersAndHealthIsUp() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + (fleet.port() + 1) + "/actuator/fleet"))
			.header("Accept", "text/html")
			.build();
		HttpResponse<String> page = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
		assertThat(page.body()).startsWith("<!doctype html>");

		assertThat(JsonPath.<String>read(fleet.get(1, "/actuator/health").body(), "$.status")).isEqualTo("UP");
	}

	private static void order(int count) throws Exception {
		for (int i = 0; i < count; i++) {
			// A connection of its own, which another worker may get.
			assertThat(fleet.order(HttpClient.newHttpClient(), "smoke" + orders)).isEqualTo(201);
			orders++;
		}
	}

	private static void awaitOrders(int worker) {
		await().atMost(RunningFleet.TIMEOUT)
			.untilAsserted(() -> assertThat(fleet.scrape(worker).total("shop_orders_total")).isEqualTo(orders));
	}

}
