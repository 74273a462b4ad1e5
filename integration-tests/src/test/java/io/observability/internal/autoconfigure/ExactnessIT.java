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
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.observability.internal.autoconfigure.ExactnessModel.Total;
import io.observability.internal.autoconfigure.ExactnessScrapes.Answer;
import io.observability.internal.autoconfigure.ExactnessScrapes.Bounds;
import io.observability.internal.autoconfigure.ExactnessScrapes.Worker;
import io.observability.testing.ForkedJvm;
import io.observability.testing.ScrapingPrometheus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes that count in every way, while their meters are removed and replaced, throw,
 * hang and return nonsense, and the processes are killed. Each answer of each of them
 * fits what they have counted, and so does what a Prometheus server makes of the answers.
 */
@Timeout(1200)
@SuppressWarnings("StringSplitter") // lines of known words
class ExactnessIT {

	/** Only the profile {@code soak} sets it: this takes too long for each build. */
	private static final int SECONDS = Integer.getInteger("soak.exactness", 0);

	private static final int PROCESSES = Integer.getInteger("soak.processes", 3);

	private static final int THREADS = Integer.getInteger("soak.threads", 2);

	private static final int KILL_MILLIS = Integer.getInteger("soak.exactness.kill-millis", 2_000);

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	/** Scrapes that a window has at least for which Prometheus is asked. */
	private static final int WINDOW = 20;

	private static final double TOLERANCE = 0.02;

	private static final String TEXT = "text/plain;version=0.0.4";

	@TempDir
	private Path directory;

	private final ExactnessScrapes scrapes = new ExactnessScrapes();

	/** What Prometheus was answered. */
	private final NavigableMap<Long, Answer> forwarded = new ConcurrentSkipListMap<>();

	private final List<ForkedJvm> jvms = new ArrayList<>();

	private final AtomicInteger started = new AtomicInteger();

	private final ExecutorService starts = Executors.newFixedThreadPool(PROCESSES);

	private final ExecutorService proxyThreads = Executors.newCachedThreadPool();

	private HttpServer proxy;

	@BeforeEach
	void startProxy() throws IOException {
		assumeThat(SECONDS).as("-Psoak or -Dsoak.exactness=<seconds> runs it").isPositive();
		assumeThat(ScrapingPrometheus.isInstalled()).as("prometheus is installed (Debian package: prometheus)")
			.isTrue();
		this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.proxy.setExecutor(this.proxyThreads);
		this.proxy.createContext("/metrics", this::forward);
		this.proxy.start();
	}

	@AfterEach
	void close() throws InterruptedException {
		this.starts.shutdownNow();
		assertThat(this.starts.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
		synchronized (this.jvms) {
			this.jvms.forEach(ForkedJvm::close);
		}
		if (this.proxy != null) {
			this.proxy.stop(0);
		}
		this.proxyThreads.shutdownNow();
	}

	private void forward(HttpExchange exchange) throws IOException {
		try (exchange) {
			Answer answer = this.scrapes.scrapeNext(String.valueOf(exchange.getRequestHeaders().getFirst("Accept")));
			if (answer == null) {
				exchange.sendResponseHeaders(503, -1);
				return;
			}
			this.forwarded.put(answer.begin(), answer);
			HttpResponse<String> response = answer.response();
			byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders()
				.set("Content-Type", response.headers().firstValue("Content-Type").orElseThrow());
			exchange.sendResponseHeaders(200, body.length);
			try (OutputStream output = exchange.getResponseBody()) {
				output.write(body);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private CompletableFuture<Void> startWorker() {
		return CompletableFuture.runAsync(() -> {
			try {
				Worker worker = Worker.start(this.directory, this.started.getAndIncrement());
				synchronized (this.jvms) {
					this.jvms.add(worker.jvm());
				}
				this.scrapes.add(worker, THREADS);
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, this.starts);
	}

	@Test
	void eachAnswerFitsWhatWasCounted() throws Exception {
		List<CompletableFuture<Void>> starting = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			starting.add(startWorker());
		}
		CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).join();
		try (ScrapingPrometheus prometheus = ScrapingPrometheus.start(this.proxy.getAddress().getPort(),
				this.directory)) {
			await().atMost(TIMEOUT).until(() -> !this.forwarded.isEmpty());
			int kills = killOneAfterTheOther(starting);
			CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).join();
			assertThat(this.scrapes.failures()).isEmpty();
			assertThatAllIsShownWhenNothingIsInProgress();
			long quiet = System.currentTimeMillis();
			await().atMost(TIMEOUT)
				.until(() -> prometheus.samples(Total.RECORDED.sample()).tailMap(quiet, false).size() >= 2);
			assertThat(this.scrapes.failures()).isEmpty();
			assertThatPrometheusShowsIt(prometheus, kills);
		}
	}

	/** Each third one has a gauge that hangs when it is killed. */
	private int killOneAfterTheOther(List<CompletableFuture<Void>> starting) throws InterruptedException {
		Random random = new Random(42);
		int kills = 0;
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		long nextKill = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(KILL_MILLIS);
		while (System.nanoTime() < end && this.scrapes.failures().isEmpty()) {
			this.scrapes.scrapeNext(TEXT);
			if (System.nanoTime() < nextKill || this.scrapes.living().size() < 2) {
				TimeUnit.MILLISECONDS.sleep(50);
				continue;
			}
			nextKill += TimeUnit.MILLISECONDS.toNanos(KILL_MILLIS);
			Worker worker = this.scrapes.living().get(random.nextInt(this.scrapes.living().size()));
			this.scrapes.remove(worker);
			if (kills % 3 == 0) {
				worker.tell("block", "blocking");
				long before = worker.model().least(Total.BEGUN);
				await().atMost(TIMEOUT)
					.untilAsserted(() -> assertThat(worker.model().least(Total.BEGUN))
						.as("other meters are asked while a gauge hangs")
						.isGreaterThan(before));
			}
			worker.jvm().kill();
			kills++;
			starting.add(startWorker());
		}
		return kills;
	}

	private void assertThatAllIsShownWhenNothingIsInProgress() throws InterruptedException {
		for (Worker worker : this.scrapes.living()) {
			int generation = Integer.parseInt(worker.tell("quiet", "quiet").split(" ")[1]);
			await().atMost(TIMEOUT).untilAsserted(() -> {
				this.scrapes.scrapeNext(TEXT);
				for (Total total : Total.values()) {
					assertThat(worker.model().least(total)).as(total.sample()).isEqualTo(worker.model().most(total));
				}
			});
			await().atMost(TIMEOUT).untilAsserted(() -> {
				Answer answer = this.scrapes.scrapeNext(TEXT);
				assertThat(answer).isNotNull();
				List<String> rows = answer.response()
					.body()
					.lines()
					.filter((line) -> line.startsWith("soak_rows{")
							&& line.contains("process=\"" + worker.name() + "\""))
					.toList();
				assertThat(rows).hasSize(ExactnessMain.ROWS + 1)
					.allMatch((row) -> row.endsWith(" " + generation + ".0"));
				assertThat(rows).anyMatch((row) -> row.contains("row=\"g" + generation + "\""));
			});
		}
		for (int i = 0; i < PROCESSES * ExactnessMain.CONTEXTS; i++) {
			this.scrapes.scrapeNext(TEXT);
		}
	}

	private void assertThatPrometheusShowsIt(ScrapingPrometheus prometheus, int kills) throws IOException {
		double greatestError = 0;
		double greatestDoubt = 0;
		int windows = 0;
		int samples = 0;
		for (Total total : Total.values()) {
			NavigableMap<Long, Double> scraped = prometheus.samples(total.sample());
			samples = scraped.size();
			assertThat(samples).as("scrapes of Prometheus").isGreaterThan(SECONDS / 3);
			long first = scraped.firstKey();
			long last = scraped.lastKey();
			assertThat(prometheus.query("resets(" + total.sample() + "[" + (last - first) + "ms])", last))
				.as("resets of " + total.sample())
				.isZero();
			List<Map.Entry<Long, Double>> times = List.copyOf(scraped.entrySet());
			for (int from = 0; from < times.size() - WINDOW; from += 5) {
				for (int to : new int[] { from + WINDOW, times.size() - 1 }) {
					Bounds expected = expectedIncrease(total, times.get(from), times.get(to));
					double error = error(expected, increase(prometheus, total, times.get(from), times.get(to)));
					assertThat(error).as("increase of %s in scrapes %d to %d", total.sample(), from, to)
						.isLessThanOrEqualTo(TOLERANCE);
					greatestError = Math.max(greatestError, error);
					if (total.isRecorded()) {
						greatestDoubt = Math.max(greatestDoubt, expected.width());
					}
					windows++;
				}
			}
		}
		assertThat(windows).isPositive();
		System.out.printf(
				"exactness: %d processes x %d threads, %d s, %d kills, %d scrapes, %d of them by Prometheus, no reset%n"
						+ "exactness: increase of %d windows is %.4f %% beyond the model's bounds at most, "
						+ "which for recorded totals are %.4f %% apart at most%nexactness: %s%n",
				PROCESSES, THREADS, SECONDS, kills, this.scrapes.answered(), samples, windows, 100 * greatestError,
				100 * greatestDoubt, this.forwarded.lastEntry().getValue().expected());
	}

	/** A range that begins and ends with a scrape is not extrapolated. */
	private static double increase(ScrapingPrometheus prometheus, Total total, Map.Entry<Long, Double> from,
			Map.Entry<Long, Double> to) throws IOException {
		return prometheus.query("increase(" + total.sample() + "[" + (to.getKey() - from.getKey()) + "ms])",
				to.getKey());
	}

	private Bounds expectedIncrease(Total total, Map.Entry<Long, Double> from, Map.Entry<Long, Double> to) {
		Bounds before = expectedAt(from, total);
		Bounds after = expectedAt(to, total);
		return new Bounds(after.least() - before.most(), after.most() - before.least());
	}

	/** How much a value is out of its bounds, as a part of it. */
	private static double error(Bounds expected, double value) {
		return Math.max(0, Math.max(expected.least() - value, value - expected.most())) / Math.max(1, expected.least());
	}

	/** Prometheus gives a sample the time before it connects. */
	private Bounds expectedAt(Map.Entry<Long, Double> sample, Total total) {
		return this.forwarded.tailMap(sample.getKey(), true)
			.values()
			.stream()
			.filter((answer) -> sample.getValue().equals(answer.shown().get(total.sample())))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no answer had it: " + total.sample() + " " + sample))
			.expected()
			.get(total);
	}

}
