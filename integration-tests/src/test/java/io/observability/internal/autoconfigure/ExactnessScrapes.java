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

package io.observability.internal.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.observability.internal.autoconfigure.ExactnessModel.Total;
import io.observability.testing.ForkedJvm;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes processes in turns, and compares each answer with what the processes have
 * counted by then.
 *
 * <p>
 * One scrape at a time. What must be shown is read from all models before it, and what
 * may be shown after it, so an answer has to lie in between whatever happens meanwhile.
 */
final class ExactnessScrapes {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final List<ExactnessModel> models = new CopyOnWriteArrayList<>();

	private final List<Worker> living = new CopyOnWriteArrayList<>();

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private final Map<String, Double> shownBefore = new HashMap<>();

	private final AtomicInteger answered = new AtomicInteger();

	private int turn;

	/** Has it record, and scrapes it from now on. */
	void add(Worker worker, int threads) {
		this.models.add(worker.model());
		worker.tell("record " + threads, "recording");
		this.living.add(worker);
	}

	/** From now on it is not scraped. */
	void remove(Worker worker) {
		this.living.remove(worker);
	}

	List<Worker> living() {
		return this.living;
	}

	/** What was wrong. */
	List<String> failures() {
		return this.failures;
	}

	/** Number of scrapes that were answered. */
	int answered() {
		return this.answered.get();
	}

	/**
	 * Scrapes the next process that is alive, and checks its answer.
	 * @param accept the formats that are wanted
	 * @return the answer, or null if no process has answered
	 */
	synchronized @Nullable Answer scrapeNext(String accept) throws InterruptedException {
		for (int attempt = 0; attempt < 10; attempt++) {
			List<Worker> candidates = List.copyOf(this.living);
			if (candidates.isEmpty()) {
				return null;
			}
			int next = this.turn++;
			Answer answer = scrape(candidates.get(next % candidates.size()),
					next / candidates.size() % ExactnessMain.CONTEXTS, accept, candidates);
			if (answer != null) {
				return answer;
			}
		}
		return null;
	}

	private @Nullable Answer scrape(Worker worker, int context, String accept, List<Worker> candidates)
			throws InterruptedException {
		long begin = System.currentTimeMillis();
		Map<Total, Long> least = new EnumMap<>(Total.class);
		for (Total total : Total.values()) {
			least.put(total, this.models.stream().mapToLong((model) -> model.least(total)).sum());
		}
		HttpResponse<String> response;
		try {
			response = worker.scrape(context, accept);
		}
		catch (IOException ex) {
			if (worker.jvm().isAlive() && this.living.contains(worker)) {
				this.failures.add("scrape of a living process: " + ex);
			}
			return null;
		}
		if (response.statusCode() != 200) {
			this.failures.add("status " + response.statusCode() + ": " + response.body());
			return null;
		}
		Map<Total, Bounds> bounds = new EnumMap<>(Total.class);
		for (Total total : Total.values()) {
			bounds.put(total,
					new Bounds(least.get(total), this.models.stream().mapToLong((model) -> model.most(total)).sum()));
		}
		Map<String, Double> shown = samples(response.body());
		bounds.forEach((total, expected) -> check(total.sample(), shown, expected, 1));
		check("soak_worked_seconds_sum", shown, bounds.get(Total.WORKED), 2);
		checkHistogram(shown);
		checkNothingGoesBack(shown);
		List<Worker> throughout = candidates.stream().filter(this.living::contains).toList();
		throughout.forEach((each) -> checkGauges(each, shown));
		this.answered.incrementAndGet();
		return new Answer(begin, response, shown, bounds);
	}

	private Map<String, Double> samples(String text) {
		Map<String, Double> samples = new HashMap<>();
		text.lines().filter((line) -> line.startsWith("soak_")).forEach((line) -> {
			String sample = line.contains(" # ") ? line.substring(0, line.indexOf(" # ")) : line;
			int space = sample.lastIndexOf(' ');
			Double other = samples.put(sample.substring(0, space), Double.valueOf(sample.substring(space + 1)));
			if (other != null) {
				this.failures.add("twice: " + line);
			}
		});
		return samples;
	}

	private void check(String sample, Map<String, Double> shown, Bounds expected, int factor) {
		double value = shown.getOrDefault(sample, 0.0);
		if (value < factor * expected.least() || value > factor * expected.most()) {
			this.failures.add(sample + " is " + value + ", expected " + factor + " x " + expected);
		}
	}

	/** Its count, buckets and sum are of the same events. */
	private void checkHistogram(Map<String, Double> shown) {
		if (!shown.containsKey("soak_timed_seconds_count")) {
			return;
		}
		double fast = shown.get("soak_timed_seconds_bucket{le=\"0.05\"}");
		double medium = shown.get("soak_timed_seconds_bucket{le=\"0.5\"}") - fast;
		double count = shown.get("soak_timed_seconds_bucket{le=\"+Inf\"}");
		double slow = count - fast - medium;
		double sum = 0.01 * fast + 0.1 * medium + slow;
		if (count != shown.get("soak_timed_seconds_count")
				|| Math.abs(shown.get("soak_timed_seconds_sum") - sum) > 1e-3) {
			this.failures.add("count, buckets and sum differ: " + shown);
		}
	}

	private void checkNothingGoesBack(Map<String, Double> shown) {
		shown.forEach((sample, value) -> {
			if (sample.matches("soak_.*(_total|_count|_sum|_bucket.*)")) {
				Double before = this.shownBefore.put(sample, value);
				if (before != null && value < before) {
					this.failures.add(sample + " goes back from " + before + " to " + value);
				}
			}
		});
		this.shownBefore.keySet()
			.stream()
			.filter((sample) -> !shown.containsKey(sample))
			.forEach((sample) -> this.failures.add(sample + " is missing"));
	}

	private void checkGauges(Worker worker, Map<String, Double> shown) {
		for (String gauge : List.of("soak_nan", "soak_throwing", "soak_blocking")) {
			if (of(worker, gauge, "", shown).size() != 1) {
				this.failures.add(gauge + " of process " + worker.name() + ": " + of(worker, gauge, "", shown));
			}
		}
		for (int row = 0; row < ExactnessMain.ROWS; row++) {
			List<Double> values = of(worker, "soak_rows", "row=\"" + row + "\"", shown);
			if (values.size() != 1) {
				this.failures.add("row " + row + " of process " + worker.name() + ": " + values);
			}
		}
	}

	/** Values of a gauge of one process. */
	private static List<Double> of(Worker worker, String gauge, String label, Map<String, Double> shown) {
		List<Double> values = new ArrayList<>();
		shown.forEach((sample, value) -> {
			if (sample.startsWith(gauge + "{") && sample.contains("process=\"" + worker.name() + "\"")
					&& sample.contains(label)) {
				values.add(value);
			}
		});
		return values;
	}

	/**
	 * What a process has answered.
	 *
	 * @param begin when the scrape began, in milliseconds since the epoch
	 * @param response the answer
	 * @param shown the samples in it
	 * @param expected what the totals had to be
	 */
	record Answer(long begin, HttpResponse<String> response, Map<String, Double> shown, Map<Total, Bounds> expected) {
	}

	/**
	 * What a total may be.
	 *
	 * @param least it must be as much
	 * @param most it may be as much
	 */
	record Bounds(long least, long most) {

		/** How far apart they are, as a part of what it must be. */
		double width() {
			return (this.most - this.least) / (double) Math.max(1, this.least);
		}

	}

	/**
	 * A process.
	 *
	 * @param jvm its JVM
	 * @param name of its gauges
	 * @param port where it is scraped
	 * @param model what it has counted
	 */
	record Worker(ForkedJvm jvm, String name, int port, ExactnessModel model) {

		static Worker start(Path directory, int number) throws IOException, InterruptedException {
			Path file = directory.resolve("model-" + number);
			ForkedJvm jvm = ForkedJvm.start(ExactnessMain.class, Map.of(), file.toString(), Integer.toString(number),
					"--observability.store.directory=" + directory.resolve("store"),
					"--observability.metrics.sample-interval=200ms", "--spring.main.banner-mode=off",
					"--logging.level.root=ERROR", "--management.endpoints.web.exposure.include=prometheus",
					"--spring.application.name=soak");
			int port = Integer.parseInt(jvm.awaitLine("port ").substring("port ".length()));
			Worker worker = new Worker(jvm, Integer.toString(number), port, ExactnessModel.open(file));
			// Its gauges have no value for others until they were asked.
			worker.scrape(0, "text/plain");
			return worker;
		}

		HttpResponse<String> scrape(int context, String accept) throws IOException, InterruptedException {
			return CLIENT.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/" + context))
				.timeout(TIMEOUT)
				.header("Accept", accept)
				.build(), BodyHandlers.ofString());
		}

		/** Sends a command, and waits for the answer. */
		String tell(String command, String answer) {
			this.jvm.send(command);
			return this.jvm.awaitLine(answer);
		}

	}

}
