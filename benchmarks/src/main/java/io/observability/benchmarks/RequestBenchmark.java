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
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time of a request, and requests per second: to the sample application with
 * the starter and without it, and to a reactive application with the filter and without
 * it. Each pair is two new processes that take turns; the load is made on the same
 * machine, so it is the processor time that tells.
 */
final class RequestBenchmark {

	private static final int PAIRS = 5;

	private static final int TURNS = 20;

	private static final int WARM_UP_TURNS = 10;

	private static final int REQUESTS = 8_000;

	private static final double NANOS_PER_MICRO = 1e3;

	private static final double NANOS_PER_SECOND = 1e9;

	private RequestBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args {@code servlet}, {@code reactive} or nothing for both
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		List<String> kinds = (args.length > 0) ? List.of(args) : List.of("servlet", "reactive");
		if (kinds.contains("servlet")) {
			try (Shop shop = Shop.unpack()) {
				compare(shop::start, "GET /products/tea");
				compare(shop::start, "POST /orders?product=tea");
			}
		}
		if (kinds.contains("reactive")) {
			try (TemporaryFolder folder = TemporaryFolder.create("reactive")) {
				compare((withFilter, port) -> ReactiveApplication.start(folder, withFilter, port),
						"GET /products/coffee");
			}
		}
	}

	private static void compare(Application application, String request) throws IOException {
		Comparison processor = new Comparison(request + ", processor time per request with / without", "us");
		Comparison throughput = new Comparison(request + ", requests per second with / without", "1/s");
		for (int pair = 0; pair < PAIRS; pair++) {
			try (Server with = Server.start(application, true, request);
					Server without = Server.start(application, false, request)) {
				List<Turn> ofWith = new ArrayList<>();
				List<Turn> ofWithout = new ArrayList<>();
				for (int turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
					Turn first = with.turn();
					Turn second = without.turn();
					if (turn >= 0) {
						ofWith.add(first);
						ofWithout.add(second);
					}
				}
				processor.add(Turn.medianMicros(ofWith), Turn.medianMicros(ofWithout));
				throughput.add(Turn.medianPerSecond(ofWith), Turn.medianPerSecond(ofWithout));
				System.out.printf("pair %d: %.1f / %.1f us%n", pair, Turn.medianMicros(ofWith),
						Turn.medianMicros(ofWithout));
			}
		}
		processor.printRatio("<= 1.03");
		throughput.printRatio("none");
	}

	/**
	 * Starts what is measured, with or without what is compared.
	 */
	@FunctionalInterface
	private interface Application {

		ChildProcess start(boolean with, int port) throws IOException;

	}

	/**
	 * A running application and the load for it.
	 *
	 * @param process the application
	 * @param load requests to it
	 */
	private record Server(ChildProcess process, HttpLoad load) implements AutoCloseable {

		static Server start(Application application, boolean with, String request) throws IOException {
			int port = freePort();
			ChildProcess process = application.start(with, port);
			process.awaitLine("Started ");
			process.ignoreOutput();
			return new Server(process, new HttpLoad(port, request));
		}

		private static int freePort() throws IOException {
			try (ServerSocket socket = new ServerSocket(0)) {
				return socket.getLocalPort();
			}
		}

		Turn turn() {
			long start = System.nanoTime();
			long processorStart = this.process.processorTime().toNanos();
			this.load.send(REQUESTS);
			long processor = this.process.processorTime().toNanos() - processorStart;
			return new Turn(processor / NANOS_PER_MICRO / REQUESTS,
					REQUESTS * NANOS_PER_SECOND / (System.nanoTime() - start));
		}

		@Override
		public void close() {
			this.process.kill();
		}

	}

	/**
	 * What one turn showed.
	 *
	 * @param micros processor time per request
	 * @param perSecond requests per second
	 */
	private record Turn(double micros, double perSecond) {

		static double medianMicros(List<Turn> turns) {
			return Comparison.median(turns.stream().map(Turn::micros).toList());
		}

		static double medianPerSecond(List<Turn> turns) {
			return Comparison.median(turns.stream().map(Turn::perSecond).toList());
		}

	}

}
