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

package io.observability.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Processor time that an open fleet page costs the process that it polls once a second,
 * in a fleet of 16 instances with 2,000 series each: that of the process while it is
 * polled and while it is not, in turns.
 */
final class FleetPageBenchmark {

	private static final int INSTANCES = 16;

	private static final int SERIES = 2_000;

	private static final int WARM_UP = 3_000;

	private static final int ROUNDS = 5;

	private static final int POLLS = 20;

	private static final long INTERVAL_NANOS = 1_000_000_000L;

	private static final int HTTP_OK = 200;

	private static final double PERCENT = 100;

	private FleetPageBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		int port = freePort();
		List<ChildProcess> others = new ArrayList<>();
		try (Shop shop = Shop.unpack();
				TemporaryFolder directory = TemporaryFolder.create("page");
				ChildProcess polled = shop.start(true, port, directory.path())) {
			polled.awaitLine("Started ShopApplication");
			polled.ignoreOutput();
			for (int i = 1; i < INSTANCES; i++) {
				others.add(InstanceMain.start(directory.path().resolve("store"), SERIES));
			}
			for (ChildProcess other : others) {
				other.awaitLine("ready");
			}
			measure(polled, URI.create("http://localhost:" + port + "/actuator/fleet/live"));
			others.forEach(ChildProcess::kill);
			polled.kill();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static void measure(ChildProcess polled, URI page) throws IOException, InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest poll = HttpRequest.newBuilder(page).build();
		for (int i = 0; i < WARM_UP; i++) {
			send(client, poll);
		}
		Comparison comparison = new Comparison("processor time while polled at 1 Hz / not polled", "% of a core");
		for (int round = 0; round < ROUNDS; round++) {
			comparison.add(percent(polled, () -> send(client, poll)), percent(polled, () -> {
			}));
		}
		comparison.printDifference("<= 1");
	}

	private static void send(HttpClient client, HttpRequest poll) throws IOException, InterruptedException {
		HttpResponse<String> response = client.send(poll, BodyHandlers.ofString());
		if (response.statusCode() != HTTP_OK) {
			throw new IOException("poll failed: status=" + response.statusCode() + ", url=" + poll.uri());
		}
	}

	/** Processor time of some seconds, in each of which something is done once. */
	private static double percent(ChildProcess process, EverySecond action) throws IOException, InterruptedException {
		long start = System.nanoTime();
		long processorStart = process.processorTime().toNanos();
		for (int i = 1; i <= POLLS; i++) {
			action.run();
			LockSupport.parkNanos(start + i * INTERVAL_NANOS - System.nanoTime());
		}
		return PERCENT * (process.processorTime().toNanos() - processorStart) / (System.nanoTime() - start);
	}

	/** Something that is done once a second. */
	@FunctionalInterface
	private interface EverySecond {

		void run() throws IOException, InterruptedException;

	}

}
