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
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.observability.testing.ForkedJvm;
import io.observability.testing.Together;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Random requests of all kinds to two workers, from clients that go away at any moment,
 * while workers are killed.
 */
class InProgressIT {

	private static final int CLIENTS = 12;

	/** To each kind of server; the profile {@code soak} sends more. */
	private static final int REQUESTS = Integer.getInteger("soak.requests", 600);

	private static final int KILL_EVERY = 400;

	private static final List<String> ANY = List.of("GET /items/1", "HEAD /items/2", "OPTIONS /items/3",
			"POST /items/4", "GET /thrown", "POST /body", "GET /future/0", "GET /future/20", "GET /future-thrown",
			"GET /mono/0", "GET /mono/20", "GET /mono-timeout", "GET /flux/1", "GET /flux/50", "GET /none",
			"GET /file.txt", "BREW /items/5", "GET /actuator/health");

	private static final List<String> SERVLET = List.of("GET /callable", "GET /deferred-timeout", "GET /streaming/1",
			"GET /streaming/200", "GET /emitter/1", "GET /emitter/50");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void isZeroWhenAllRequestsHaveEndedOrWereAborted(WebApplicationType type) throws Exception {
		AtomicReferenceArray<Worker> workers = new AtomicReferenceArray<>(2);
		try {
			workers.set(0, start(type));
			workers.set(1, start(type));
			AtomicInteger sent = new AtomicInteger();
			Together.run(CLIENTS, (thread) -> {
				Random random = new Random(thread);
				while (sent.get() < REQUESTS) {
					if (request(workers.get(random.nextInt(2)).port(), type, random)
							&& sent.incrementAndGet() % KILL_EVERY == 0) {
						workers.get(1).jvm().kill();
						workers.set(1, start(type));
					}
				}
			});
			int port = workers.get(0).port();
			await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(inProgress(port)).isEmpty());
			assertThat(scrape(port)).anyMatch((line) -> line.startsWith("http_requests_in_progress{"));
		}
		finally {
			for (int i = 0; i < workers.length(); i++) {
				if (workers.get(i) != null) {
					workers.get(i).jvm().close();
				}
			}
		}
	}

	/**
	 * Sends a request, and reads the answer, a part of it or nothing.
	 * @return whether a worker was there to receive it
	 */
	private static boolean request(int port, WebApplicationType type, Random random) {
		int kind = random.nextInt((type == WebApplicationType.SERVLET) ? ANY.size() + SERVLET.size() : ANY.size());
		String request = (kind < ANY.size()) ? ANY.get(kind) : SERVLET.get(kind - ANY.size());
		String body = request.startsWith("POST") ? "body" : "";
		try (Socket socket = new Socket("localhost", port)) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream()
				.write((request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\n"
						+ "Content-Length: " + body.length() + "\r\n\r\n" + body)
					.getBytes(StandardCharsets.US_ASCII));
			switch (random.nextInt(4)) {
				case 0 -> socket.setSoLinger(true, 0);
				case 1 -> {
					socket.getInputStream().readNBytes(random.nextInt(1_000));
					socket.setSoLinger(true, 0);
				}
				default -> socket.getInputStream().readAllBytes();
			}
		}
		catch (ConnectException ex) {
			return false;
		}
		catch (IOException ex) {
			// The worker was killed, or a response broken off.
		}
		return true;
	}

	private static List<String> inProgress(int port) throws Exception {
		return scrape(port).stream()
			.filter((line) -> line.startsWith("http_requests_in_progress{") && !line.endsWith(" 0.0"))
			.toList();
	}

	private static List<String> scrape(int port) throws Exception {
		URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
			.body()
			.lines()
			.toList();
	}

	private Worker start(WebApplicationType type) {
		ForkedJvm jvm = ForkedJvm.start(ForkedWebApplication.class, Map.of(), "--server.port=0",
				"--spring.main.web-application-type=" + type, "--spring.application.name=shop",
				"--observability.store.directory=" + this.directory.resolve("store"), "--logging.level.root=OFF",
				"--management.endpoints.web.exposure.include=prometheus,health");
		return new Worker(jvm, Integer.parseInt(jvm.awaitLine("port ").substring("port ".length())));
	}

	private record Worker(ForkedJvm jvm, int port) {
	}

}
