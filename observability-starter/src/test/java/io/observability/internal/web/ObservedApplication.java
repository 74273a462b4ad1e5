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
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A running application of Boot's, requests to it, and what is recorded of them. It is
 * given this registry and the gate of the test that runs.
 */
class ObservedApplication implements AutoCloseable {

	static final String APP_NAME = "shop";

	private static final double HELD_SECONDS = 3;

	private static final String BOUNDARY = "boundary";

	private final SignallingRegistry registry = new SignallingRegistry();

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private volatile Gate gate = new Gate();

	private Map<String, Double> countedBefore = Map.of();

	ObservedApplication(WebApplicationType type, Class<?> application, Path store, String... properties) {
		SpringApplication springApplication = new SpringApplication(application);
		springApplication.setWebApplicationType(type);
		springApplication.addInitializers((context) -> {
			GenericApplicationContext beans = (GenericApplicationContext) context;
			beans.registerBean(MeterRegistry.class, () -> this.registry);
			beans.registerBean(GateKeeper.class, () -> () -> this.gate);
		});
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--server.shutdown=immediate",
				"--spring.application.name=" + APP_NAME, "--observability.store.directory=" + store,
				"--management.prometheus.metrics.export.enabled=false"));
		arguments.addAll(List.of(properties));
		this.context = springApplication.run(arguments.toArray(String[]::new));
	}

	/** To be called before each request. */
	void reset() {
		this.gate = new Gate();
		this.countedBefore = counted();
	}

	/** Holds a request in its handler, and looks what is recorded then and afterwards. */
	void assertInProgressUntilItsTrueEnd(boolean async, String method, String path, String endpoint, int status)
			throws Exception {
		CompletableFuture<HttpResponse<String>> response = send(method, path);
		this.gate.awaitArrival();
		if (async) {
			this.gate.awaitDispatched();
		}
		assertThat(inProgress()).isEqualTo(Map.of(labels(endpoint, method), 1.0));
		assertThat(counted()).isEqualTo(this.countedBefore);
		double timedBefore = timed(endpoint);
		this.registry.advance(HELD_SECONDS);
		this.gate.open();
		assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(status);
		assertEndedOnce(endpoint, method, status);
		assertThat(timed(endpoint) - timedBefore).isEqualTo(HELD_SECONDS);
	}

	void assertCountedOnce(String method, String path, String endpoint, int status) throws Exception {
		assertThat(send(method, path).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(status);
		assertEndedOnce(endpoint, method, status);
	}

	/** Opens a WebSocket, and looks what is recorded while it is open. */
	void assertUpgradeEndsWithItsHandshake(String path) throws Exception {
		WebSocket socket = this.client.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + port() + path), new WebSocket.Listener() {
			})
			.get(20, TimeUnit.SECONDS);
		assertEndedOnce(path, "GET", 101);
		assertThat(socket.isOutputClosed()).isFalse();
		socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
	}

	/**
	 * Goes away in the middle of an endless response, and looks what is recorded before
	 * and after.
	 */
	void assertInProgressUntilTheClientHasGone(boolean async, String path) throws Exception {
		double timedBefore = timed(path);
		try (Socket socket = connect("GET", path)) {
			this.gate.awaitArrival();
			if (async) {
				this.gate.awaitDispatched();
			}
			this.gate.open();
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			assertThat(inProgress()).isEqualTo(Map.of(labels(path, "GET"), 1.0));
			this.registry.advance(HELD_SECONDS);
			socket.setSoLinger(true, 0);
		}
		assertEndedOnce(path, "GET", 200);
		assertThat(timed(path) - timedBefore).isEqualTo(HELD_SECONDS);
	}

	void assertEndsWithABrokenResponse(String path, int status) throws Exception {
		try (Socket socket = connect("GET", path)) {
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			this.gate.awaitArrival();
			assertThat(inProgress()).isEqualTo(Map.of(labels(path, "GET"), 1.0));
			this.gate.open();
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.doesNotEndWith("\r\n0\r\n\r\n");
		}
		assertEndedOnce(path, "GET", status);
	}

	/**
	 * Goes away before the response has begun, which the handler does without the gate.
	 */
	void assertEndsWhenTheClientGoesBeforeTheResponse(String path, int status) throws Exception {
		try (Socket socket = connect("GET", path)) {
			this.gate.awaitArrival();
			assertThat(inProgress()).isEqualTo(Map.of(labels(path, "GET"), 1.0));
			socket.setSoLinger(true, 0);
		}
		assertEndedOnce(path, "GET", status);
	}

	void assertEndedOnce(String endpoint, String method, int status) throws InterruptedException {
		this.registry.awaitTimed();
		Map<String, Double> counted = counted();
		this.countedBefore.forEach((labels, before) -> counted.merge(labels, -before, Double::sum));
		counted.values().removeIf((difference) -> difference == 0);
		assertThat(counted).isEqualTo(Map.of(labels(endpoint, method) + " " + status, 1.0));
		assertThat(inProgress()).isEmpty();
	}

	Socket connect(String method, String path) throws IOException {
		Socket socket = new Socket("localhost", port());
		socket.getOutputStream()
			.write("%s %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(method, path)
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	CompletableFuture<HttpResponse<String>> send(String method, String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
			.method(method, body(path));
		if (path.equals("/upload")) {
			request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
		}
		return this.client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static BodyPublisher body(String path) {
		return path.equals("/upload")
				? BodyPublishers.ofString(
						Stream
							.of("--" + BOUNDARY, "Content-Disposition: form-data; name=\"file\"; filename=\"file\"", "",
									"content", "--" + BOUNDARY + "--", "")
							.collect(Collectors.joining("\r\n")))
				: BodyPublishers.noBody();
	}

	int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	SignallingRegistry registry() {
		return this.registry;
	}

	private static String labels(String endpoint, String method) {
		return APP_NAME + " " + (method.equals("BREW") ? "OTHER" : method) + " " + endpoint;
	}

	Map<String, Double> counted() {
		return this.registry.values("http.requests", "app_name", "method", "endpoint", "http_status");
	}

	Map<String, Double> inProgress() {
		Map<String, Double> values = new HashMap<>(
				this.registry.values("http.requests.in.progress", "app_name", "method", "endpoint"));
		values.values().removeIf((value) -> value == 0);
		return values;
	}

	private double timed(String endpoint) {
		Timer timer = this.registry.find("http.request.latency")
			.tags("app_name", APP_NAME, "endpoint", endpoint)
			.timer();
		return (timer != null) ? timer.totalTime(TimeUnit.SECONDS) : 0;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Gives handlers the gate of the test that runs.
	 */
	interface GateKeeper extends Supplier<Gate> {

	}

}
