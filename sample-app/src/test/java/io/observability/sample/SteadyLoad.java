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

	private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean ended;

	SteadyLoad(RunningFleet fleet) {
		this.fleet = fleet;
	}

	/** Begins to send requests that are counted under an endpoint's name. */
	void add(String endpoint, Duration interval, Request request) {
		Queue<Answer> answers = this.answers.computeIfAbsent(endpoint, (key) -> new ConcurrentLinkedQueue<>());
		Thread thread = new Thread(() -> run(interval, request, answers), "load " + endpoint);
		this.threads.add(thread);
		thread.start();
	}

	private void run(Duration interval, Request request, Queue<Answer> answers) {
		HttpClient client = HttpClient.newHttpClient();
		long next = System.nanoTime();
		while (!this.ended) {
			try {
				Instant sent = Instant.now();
				request.send(this.fleet, client);
				answers.add(new Answer(sent, Instant.now()));
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
		long count = this.answers.get(endpoint)
			.stream()
			.filter((answer) -> answer.received().isAfter(first) && !answer.received().isAfter(last))
			.count();
		return (double) count / seconds;
	}

	/** The longest time in seconds that a client has waited for an answer. */
	double longest(String endpoint) {
		return this.answers.get(endpoint)
			.stream()
			.mapToDouble((answer) -> Duration.between(answer.sent(), answer.received()).toNanos() / 1e9)
			.max()
			.orElseThrow();
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

	private record Answer(Instant sent, Instant received) {
	}

	/** One request. */
	interface Request {

		void send(RunningFleet fleet, HttpClient client) throws IOException, InterruptedException;

	}

}
