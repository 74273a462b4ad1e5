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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A real Prometheus server scrapes the port that the workers share, and its own checker
 * reads what they answer.
 */
@ExtendWith(SharedFleet.class)
class PrometheusIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	/** What promtool says of names that Boot gives, with or without the starter. */
	private static final String BOOTS_OWN_NAMES = "(application|disk|executor|http_server_requests|jetty|jvm|logback|process|system|tasks)_.*";

	private static RunningFleet fleet;

	@BeforeAll
	static void use(RunningFleet shared) {
		PrometheusServer.assumeInstalled();
		fleet = shared;
	}

	/** Without the feature it asks for OpenMetrics, with it for protobuf. */
	@ParameterizedTest
	@ValueSource(strings = { "", "native-histograms" })
	void prometheusHasTheTotalsOfAllWorkers(String feature, @TempDir Path data) throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		for (int i = 0; i < 50; i++) {
			assertThat(fleet.order(client, "p" + i)).isEqualTo(201);
			assertThat(fleet.get(1 + i % 2, "/products/tea").statusCode()).isEqualTo(200);
		}
		double orders = fleet.scrape(1).total("shop_orders_total");
		double products = fleet.scrape(1).total("http_requests_total", "endpoint=\"/products/{id}\"");

		try (PrometheusServer prometheus = PrometheusServer.start(fleet.port(), feature, data)) {
			await().atMost(TIMEOUT).untilAsserted(() -> {
				assertThat(prometheus.query("up")).containsExactly(1.0);
				assertThat(prometheus.query("shop_orders_total")).containsExactly(orders);
				assertThat(prometheus.query("sum(http_requests_total{endpoint=\"/products/{id}\"})"))
					.containsExactly(products);
				assertThat(prometheus.query("http_request_latency_seconds_count{endpoint=\"/products/{id}\"}"))
					.containsExactly(products);
				assertThat(prometheus.query("count(jvm_threads_live_threads) by (instance_id)"))
					.hasSize(fleet.workers());
			});
		}
	}

	@Test
	void promtoolIsContentWithTheText() throws Exception {
		List<String> complaints = PrometheusServer.checkMetrics(fleet.scrape(1).text());

		assertThat(complaints).allMatch((complaint) -> complaint.matches(BOOTS_OWN_NAMES));
	}

	@Test
	void everyMetricOfDashboardAndRulesIsThere() throws Exception {
		assertThat(fleet.order(HttpClient.newHttpClient(), "once")).isEqualTo(201);
		await().atMost(TIMEOUT).untilAsserted(() -> {
			String text = fleet.scrape(1).text();
			assertThat(Monitoring.metrics()).hasSizeGreaterThan(10)
				.allSatisfy((name) -> assertThat(text).containsPattern("(?m)^" + name + "[{ ]"));
		});
	}

	@Test
	void everyFormatIsAnswered() throws Exception {
		for (String type : List.of("text/plain;version=0.0.4", "application/openmetrics-text;version=1.0.0",
				"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")) {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://localhost:" + fleet.port() + "/actuator/prometheus"))
				.header("Accept", type)
				.build();
			var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type").orElseThrow())
				.startsWith(type.substring(0, type.indexOf(';')));
			assertThat(response.body()).contains("shop_order_value_cents");
		}
	}

}
