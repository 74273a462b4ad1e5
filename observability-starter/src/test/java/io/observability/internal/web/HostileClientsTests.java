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

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.observability.testing.Together;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that make up methods, paths, hosts and headers.
 */
class HostileClientsTests {

	private static final int CONNECTIONS = 4;

	/** From each connection; the profile {@code soak} sends more. */
	private static final int PIPELINED = Integer.getInteger("soak.hostile.pipelined", 500);

	/** From each client, each over a connection of its own. */
	private static final int UNPIPELINED = Integer.getInteger("soak.hostile.unpipelined", 100);

	private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

	/** All that the server knows, and then something that each request replaces. */
	private static final List<String> PATHS = List.of("/items/*", "/*", "/*/*?*=*", "/items/*/*", "/items/*;*=*",
			"/file.txt?*", "/*.txt", "/actuator/health", "/actuator/*");

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void canNotMakeSeries(WebApplicationType type, @TempDir Path store) throws Exception {
		int pipelined = (type == WebApplicationType.SERVLET) ? PIPELINED : 1;
		int times = (type == WebApplicationType.SERVLET) ? 1 : UNPIPELINED;
		try (ObservedApplication application = new ObservedApplication(type, TestApplication.class, store,
				"--server.tomcat.max-keep-alive-requests=-1", "--logging.level.root=OFF",
				// Looking for files on the class path takes longer than all the rest.
				"--spring.web.resources.static-locations=file:"
						+ Files.createFile(store.resolve("file.txt")).getParent())) {
			int known = sendEachKindOnce(application);
			awaitCounted(application, known);
			Set<String> series = series(application);
			Together.run(CONNECTIONS, (thread) -> {
				Random random = new Random(thread);
				for (int i = 0; i < times; i++) {
					send(application, pipelined, () -> request(random));
				}
			});
			awaitCounted(application, known + CONNECTIONS * pipelined * times);
			assertThat(series(application)).isEqualTo(series);
			assertThat(series).hasSizeLessThan(60);
			assertThat(application.inProgress()).isEmpty();
		}
	}

	private static int sendEachKindOnce(ObservedApplication application) throws Exception {
		int requests = 0;
		Random random = new Random();
		for (String path : PATHS) {
			for (String method : METHODS) {
				send(application, 1, () -> request(method, path, random));
				requests++;
			}
			send(application, 1, () -> request("BREW", path, random));
			requests++;
		}
		return requests;
	}

	private static String request(Random random) {
		int method = random.nextInt(METHODS.size() + 3);
		return request((method < METHODS.size()) ? METHODS.get(method) : word(random).toUpperCase(Locale.ROOT),
				PATHS.get(random.nextInt(PATHS.size())), random);
	}

	private static String request(String method, String path, Random random) {
		StringBuilder request = new StringBuilder(method).append(' ');
		path.chars().forEach((c) -> request.append((c == '*') ? word(random) : Character.toString(c)));
		request.append(" HTTP/1.1\r\nHost: ").append(word(random));
		request.append("\r\n").append(word(random)).append(": ").append(word(random));
		request.append("\r\nX-HTTP-Method-Override: ").append(word(random));
		request.append("\r\nX-Forwarded-Prefix: /").append(word(random));
		return request.append("\r\nContent-Length: 0\r\n").toString();
	}

	private static String word(Random random) {
		return "x" + Integer.toString(random.nextInt(Integer.MAX_VALUE), Character.MAX_RADIX);
	}

	/** Over one connection, without waiting for the answers before the last one. */
	private static void send(ObservedApplication application, int requests, Supplier<String> request) throws Exception {
		try (Socket socket = new Socket("localhost", application.port())) {
			CompletableFuture<Long> answers = CompletableFuture.supplyAsync(() -> readToTheEnd(socket),
					(task) -> new Thread(task).start());
			OutputStream output = new BufferedOutputStream(socket.getOutputStream(), 65536);
			for (int i = 1; i <= requests; i++) {
				output.write(request.get().getBytes(StandardCharsets.US_ASCII));
				output
					.write(((i < requests) ? "\r\n" : "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			}
			output.flush();
			answers.get(5, TimeUnit.MINUTES);
		}
	}

	private static long readToTheEnd(Socket socket) {
		try {
			return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private static void awaitCounted(ObservedApplication application, int requests) {
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(
					() -> assertThat(application.counted().values().stream().mapToDouble(Double::doubleValue).sum())
						.isEqualTo(requests));
	}

	private static Set<String> series(ObservedApplication application) {
		Set<String> series = new TreeSet<>();
		application.registry().forEachMeter((meter) -> {
			if (meter.getId().getName().startsWith("http.request")) {
				series.add(meter.getId().toString());
			}
		});
		return series;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Items.class, ShortAnswers.class })
	static class TestApplication {

	}

	@RestController
	static class Items {

		@GetMapping("/items/{id}")
		String item(@PathVariable String id) {
			return id;
		}

	}

	/** Keeps the answers short: rendering them takes longer than all the rest. */
	@RestControllerAdvice
	static class ShortAnswers {

		@ExceptionHandler
		ResponseEntity<Void> answer(Exception ex) {
			return ResponseEntity.status(((ErrorResponse) ex).getStatusCode()).build();
		}

	}

}
