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

package io.observability.internal.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

import io.observability.testing.ForkedJvm;
import io.observability.testing.LogFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two workers of a servlet application without reactive libraries, and of a reactive one
 * without servlets.
 */
class WebStacksIT {

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void workersShowOneViewAndWriteOneLog(Stack stack) throws Exception {
		try (ForkedJvm one = start(stack); ForkedJvm two = start(stack)) {
			int portOfOne = port(one);
			int portOfTwo = port(two);
			get(portOfOne, "/items/1");
			get(portOfOne, "/items/2");
			get(portOfTwo, "/items/3");
			awaitMetric(portOfOne, requests("/items/{id}", 200) + " 3.0");
			awaitMetric(portOfTwo, requests("/items/{id}", 200) + " 3.0");
			assertThat(get(portOfTwo, "/actuator/fleet")).contains("\"pid\":" + one.pid(), "\"pid\":" + two.pid())
				.doesNotContain("\"alive\":false");
			one.kill();
			get(portOfTwo, "/items/4");
			awaitMetric(portOfTwo, requests("/items/{id}", 200) + " 4.0");
			assertThat(get(portOfTwo, "/actuator/prometheus"))
				.contains("http_requests_in_progress{app_name=\"shop\",endpoint=\"/items/{id}\",method=\"GET\"} 0.0")
				.contains("http_server_requests_seconds_count{");
			assertThat(get(portOfTwo, "/actuator/fleet")).contains("\"alive\":false");
			Awaitility.await()
				.untilAsserted(() -> assertThat(itemsInLog()).containsExactlyInAnyOrder("1", "2", "3", "4"));
			assertThat(get(portOfTwo, "/actuator/logfile")).contains("item 1", "item 4");
		}
	}

	private List<String> itemsInLog() throws IOException {
		return LogFiles.lines(this.directory.resolve("app.log"))
			.stream()
			.filter((line) -> line.contains(" : item "))
			.map((line) -> line.substring(line.lastIndexOf(' ') + 1))
			.toList();
	}

	private static String requests(String endpoint, int status) {
		return "http_requests_total{app_name=\"shop\",endpoint=\"" + endpoint + "\",http_status=\"" + status
				+ "\",method=\"GET\"}";
	}

	/** The client may have its answer before the server has counted it. */
	private void awaitMetric(int port, String line) {
		Awaitility.await().untilAsserted(() -> assertThat(get(port, "/actuator/prometheus")).contains(line));
	}

	private String get(int port, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
		HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

	private static int port(ForkedJvm jvm) {
		return Integer.parseInt(jvm.awaitLine("port ").substring("port ".length()));
	}

	private ForkedJvm start(Stack stack) {
		return ForkedJvm.startWithout(stack.missing(), ForkedWebApplication.class, "--server.port=0",
				"--spring.application.name=shop", "--observability.store.directory=" + this.directory.resolve("store"),
				"--logging.file.name=" + this.directory.resolve("app.log"),
				"--management.endpoints.web.exposure.include=*");
	}

	enum Stack {

		SERVLET, REACTIVE;

		/** What the file names of the other's libraries contain. */
		private List<String> missing() {
			return (this == SERVLET) ? List.of("reactor", "reactive-streams", "netty", "webflux")
					: List.of("servlet", "tomcat", "jetty", "webmvc", "websocket");
		}

	}

}
