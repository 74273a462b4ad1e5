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
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.jayway.jsonpath.JsonPath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample as its users start it: a launcher process and its workers. The tests talk to
 * it as anybody would, through HTTP, files and signals.
 */
final class RunningFleet implements AutoCloseable {

	static final Duration TIMEOUT = Duration.ofMinutes(2);

	private final Process launcher;

	private final int workers;

	private final int port;

	private final Path dir;

	private final HttpClient client = HttpClient.newHttpClient();

	private RunningFleet(Process launcher, int workers, int port, Path dir) {
		this.launcher = launcher;
		this.workers = workers;
		this.port = port;
		this.dir = dir;
	}

	static RunningFleet start(ShopJar jar, int workers, Path dir) throws IOException {
		int port = freePorts(workers + 1);
		RunningFleet fleet = new RunningFleet(launch(jar, workers, port, dir), workers, port, dir);
		fleet.awaitAlive();
		return fleet;
	}

	static Process launch(ShopJar jar, int workers, int port, Path dir) throws IOException {
		return jar.java(List.of(), "--workers=" + workers, "--port=" + port, "--dir=" + dir)
			.redirectOutput(dir.resolve("launcher.out").toFile())
			.start();
	}

	/**
	 * The first of several consecutive ports, all of them free a moment ago and below
	 * those that the system gives away.
	 */
	static int freePorts(int count) {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
			if (IntStream.range(0, count).allMatch((i) -> isFree(port + i))) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Waits until all workers answer and are seen to be alive. */
	void awaitAlive() {
		await().atMost(TIMEOUT).until(() -> {
			assertThat(this.launcher.isAlive()).as(() -> output()).isTrue();
			for (int worker = 1; worker <= this.workers; worker++) {
				if (!isUp(worker)) {
					return false;
				}
			}
			return alivePids().size() == this.workers;
		});
	}

	private String output() {
		try {
			return Files.readString(this.dir.resolve("launcher.out"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private boolean isUp(int worker) throws InterruptedException {
		try {
			return get(worker, "/actuator/health").statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	List<Integer> alivePids() throws IOException, InterruptedException {
		return JsonPath.read(get(this.workers, "/actuator/fleet").body(), "$.instances[?(@.alive == true)].pid");
	}

	/** The process that answers on a worker's own port. */
	long pid(int worker) throws IOException, InterruptedException {
		List<Integer> pids = JsonPath.read(get(worker, "/actuator/fleet").body(), "$.instances[?(@.self == true)].pid");
		return pids.get(0);
	}

	/** SIGKILL. Returns when the process is gone. */
	void kill(long pid) {
		ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
		process.destroyForcibly();
		process.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
	}

	Scrape scrape(int worker) throws IOException, InterruptedException {
		HttpResponse<String> response = get(worker, "/actuator/prometheus");
		assertThat(response.statusCode()).isEqualTo(200);
		return new Scrape(response.body());
	}

	HttpResponse<String> get(int worker, String path) throws IOException, InterruptedException {
		return this.client.send(request(this.port + worker, path).build(), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> getLater(int worker, String path) {
		return this.client.sendAsync(request(this.port + worker, path).build(), BodyHandlers.ofString());
	}

	/** Orders on the port that all workers share; returns the status. */
	int order(HttpClient client, String reference) throws IOException, InterruptedException {
		HttpRequest request = request(this.port, "/orders").header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("product=tea&reference=" + reference))
			.build();
		return client.send(request, BodyHandlers.discarding()).statusCode();
	}

	/** The process that answers on the port that all workers share. */
	String pidThatAnswers(HttpClient client) throws IOException, InterruptedException {
		return client.send(request(this.port, "/products").build(), BodyHandlers.discarding())
			.headers()
			.firstValue("X-Pid")
			.orElseThrow();
	}

	private HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).timeout(TIMEOUT);
	}

	Process launcher() {
		return this.launcher;
	}

	int port() {
		return this.port;
	}

	int workers() {
		return this.workers;
	}

	Path log() {
		return this.dir.resolve("shop.log");
	}

	/** SIGTERM, as Ctrl-C would. */
	@Override
	public void close() {
		List<ProcessHandle> processes = this.launcher.descendants().toList();
		this.launcher.destroy();
		this.launcher.onExit().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
		assertThat(processes).noneMatch(ProcessHandle::isAlive);
	}

}
