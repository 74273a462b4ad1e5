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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests to the port that all workers share, at even intervals, that remembers when
 * each was answered.
 */
final class SteadyLoad implements AutoCloseable {

	private final RunningFleet fleet;

	private final Map<String, Queue<Instant>> answered = new ConcurrentHashMap<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean ended;

	SteadyLoad(RunningFleet fleet) {
		this.fleet = fleet;
	}

	/** Begins to send requests that are counted under an endpoint's name. */
	void add(String endpoint, Duration interval, Request request) {
		Queue<Instant> answered = this.answered.computeIfAbsent(endpoint, (key) -> new ConcurrentLinkedQueue<>());
		Thread thread = new Thread(() -> run(interval, request, answered), "load " + endpoint);
		this.threads.add(thread);
		thread.start();
	}

	private void run(Duration interval, Request request, Queue<Instant> answered) {
		HttpClient client = HttpClient.newHttpClient();
		long next = System.nanoTime();
		while (!this.ended) {
			try {
				request.send(this.fleet, client);
				answered.add(Instant.now());
			}
			catch (IOException ex) {
				// Its worker was killed.
			}
			catch (InterruptedException ex) {
				return;
			}
			// What was missed, because everything stood still, is not made up for.
			next = Math.max(next + interval.toNanos(), System.nanoTime());
			LockSupport.parkNanos(next - System.nanoTime());
		}
	}

	/** Answers per second in the time before a second since 1970. */
	double rate(String endpoint, long end, long seconds) {
		Instant last = Instant.ofEpochSecond(end);
		Instant first = last.minusSeconds(seconds);
		long count = this.answered.get(endpoint)
			.stream()
			.filter((time) -> time.isAfter(first) && !time.isAfter(last))
			.count();
		return (double) count / seconds;
	}

	/** Returns when the last request has been answered. */
	void stop() {
		this.ended = true;
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		stop();
	}

	/** One request. */
	interface Request {

		void send(RunningFleet fleet, HttpClient client) throws IOException, InterruptedException;

	}

}
