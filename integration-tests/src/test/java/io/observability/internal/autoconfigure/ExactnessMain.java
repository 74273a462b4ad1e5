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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.observability.internal.autoconfigure.ExactnessModel.Total;
import io.observability.internal.boot4.ScrapeEndpointAutoConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A process with two application contexts that share a store, which counts in every way
 * and keeps a model of it.
 *
 * <p>
 * Arguments: the file of the model, the name of the process, options of the contexts.
 * Commands, a line each, are answered by a line: {@code record <threads>}, {@code block}
 * (a gauge, for good), {@code quiet}. What it scrapes is the path {@code /<context>}. It
 * has no web server of Boot's, because it is to start quickly.
 */
@SuppressWarnings("StringSplitter") // lines of known words
final class ExactnessMain {

	static final int CONTEXTS = 2;

	/** Rows of the multi gauge that are there in each generation. */
	static final int ROWS = 20;

	private static final Duration SHORT_BLOCK = Duration.ofMillis(200);

	private final List<ConfigurableApplicationContext> contexts;

	private final List<MeterRegistry> registries;

	private final ExactnessModel model;

	private final String process;

	private final List<Asked> sources = new ArrayList<>();

	private final Asked again;

	private final Asked replaced;

	private final MultiGauge rows;

	private final CountDownLatch never = new CountDownLatch(1);

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean blocking;

	private volatile boolean quiet;

	// Keeps the source, which its meter doesn't.
	private Object currentlyReplaced;

	private FunctionCounter replacedMeter;

	private FunctionCounter againMeter;

	private int generation;

	private ExactnessMain(List<ConfigurableApplicationContext> contexts, ExactnessModel model, String process) {
		this.contexts = contexts;
		this.registries = contexts.stream().map((context) -> context.getBean(MeterRegistry.class)).toList();
		this.model = model;
		this.process = process;
		this.again = source(Total.AGAIN, 0, 4);
		this.replaced = source(Total.REPLACED, 0, 1);
		this.rows = MultiGauge.builder("soak.rows").tag("process", process).register(first());
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		List<ConfigurableApplicationContext> contexts = new ArrayList<>();
		String[] options = List.of(args).subList(2, args.length).toArray(String[]::new);
		for (int i = 0; i < CONTEXTS; i++) {
			contexts.add(new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
				.registerShutdownHook(false)
				.run(options));
		}
		ExactnessMain main = new ExactnessMain(contexts, ExactnessModel.open(Path.of(args[0])), args[1]);
		main.register();
		System.out.println("port " + main.serve());
		main.obey();
	}

	private MeterRegistry first() {
		return this.registries.get(0);
	}

	private Asked source(Total total, int writer, int history) {
		Asked source = new Asked(this.model, total, writer, history);
		this.sources.add(source);
		return source;
	}

	private void register() {
		FunctionCounter.builder("soak.begun", source(Total.BEGUN, 0, 1), Asked::askAndBeginAnew).register(first());
		FunctionTimer
			.builder("soak.worked", source(Total.WORKED, 0, 1), Asked::askAndBeginAnew,
					(source) -> 2.0 * source.answer(), TimeUnit.SECONDS)
			.register(first());
		FunctionCounter.builder("soak.nonsense", source(Total.NONSENSE, 0, 1), Asked::askNonsense).register(first());
		Asked common = source(Total.COMMON, 0, 1);
		for (int i = 0; i < CONTEXTS; i++) {
			MeterRegistry registry = this.registries.get(i);
			FunctionCounter.builder("soak.common", common, Asked::ask).register(registry);
			FunctionCounter.builder("soak.different", source(Total.DIFFERENT, i, 1), Asked::ask).register(registry);
		}
		registerAgain();
		registerReplaced();
		gauge("soak.nan", () -> Double.NaN);
		gauge("soak.throwing", () -> {
			throw new NoClassDefFoundError("planted");
		});
		gauge("soak.blocking", this::block);
		registerRows();
	}

	private void gauge(String name, Supplier<Number> function) {
		Gauge.builder(name, function).tag("process", this.process).register(first());
	}

	private Number block() {
		try {
			if (this.blocking) {
				this.never.await();
			}
			return this.never.await(SHORT_BLOCK.toMillis(), TimeUnit.MILLISECONDS) ? 0 : 1;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void registerAgain() {
		this.againMeter = FunctionCounter.builder("soak.again", this.again, Asked::ask).register(first());
	}

	private void registerReplaced() {
		Asked replaced = this.replaced;
		this.currentlyReplaced = new Object();
		this.replacedMeter = FunctionCounter
			.builder("soak.replaced", this.currentlyReplaced, (source) -> replaced.ask())
			.register(first());
	}

	/** The last row is another one in each generation. */
	private void registerRows() {
		this.generation++;
		List<MultiGauge.Row<?>> rows = new ArrayList<>();
		for (int row = 0; row < ROWS; row++) {
			rows.add(MultiGauge.Row.of(Tags.of("row", Integer.toString(row)), this.generation));
		}
		rows.add(MultiGauge.Row.of(Tags.of("row", "g" + this.generation), this.generation));
		this.rows.register(rows, true);
	}

	private int serve() throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		for (int i = 0; i < CONTEXTS; i++) {
			PrometheusScrapeEndpoint endpoint = this.contexts.get(i).getBean(PrometheusScrapeEndpoint.class);
			server.createContext("/" + i, (exchange) -> answer(exchange, endpoint));
		}
		server.start();
		return server.getAddress().getPort();
	}

	private static void answer(HttpExchange exchange, PrometheusScrapeEndpoint endpoint) throws IOException {
		try (exchange) {
			String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
			var response = endpoint.scrape(accept.contains("openmetrics")
					? PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100 : PrometheusOutputFormat.CONTENT_TYPE_004,
					null);
			byte[] body = response.getBody();
			exchange.getResponseHeaders().set("Content-Type", response.getContentType().toString());
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	private void obey() throws IOException, InterruptedException {
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			String[] words = line.split(" ");
			switch (words[0]) {
				case "record" -> {
					for (int i = 0; i < Integer.parseInt(words[1]); i++) {
						int writer = i;
						start("recorder-" + i, () -> record(writer));
					}
					start("sources", this::countAndRegister);
					System.out.println("recording");
				}
				case "block" -> {
					this.blocking = true;
					System.out.println("blocking");
				}
				case "quiet" -> {
					this.quiet = true;
					for (Thread thread : this.threads) {
						thread.join();
					}
					System.out.println("quiet " + this.generation);
				}
				default -> throw new IllegalArgumentException(line);
			}
		}
		System.exit(0);
	}

	private void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

	private void record(int writer) {
		Counter recorded = Counter.builder("soak.recorded").register(first());
		Counter global = Metrics.counter("soak.global");
		Timer timed = Timer.builder("soak.timed")
			.serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(500))
			.register(first());
		for (long i = 1; !this.quiet; i++) {
			long event = i;
			record(Total.RECORDED, writer, i, recorded::increment);
			record(Total.GLOBAL, writer, i, global::increment);
			record(Total.TIMED, writer, i, () -> timed.record(amountMillis(event), TimeUnit.MILLISECONDS));
			record(Total.REMOVED, writer, i, () -> first().counter("soak.removed").increment());
			MeterRegistry registry = this.registries.get((int) (i % CONTEXTS));
			record(Total.CONTEXTS, writer, i, () -> registry.counter("soak.contexts").increment());
			if (i % 20 == 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			}
		}
	}

	/** One in each bucket. */
	private static long amountMillis(long event) {
		return (event % 3 == 0) ? 10 : (event % 3 == 1) ? 100 : 1000;
	}

	private void record(Total total, int writer, long count, Runnable recording) {
		this.model.mayShow(total, writer, count);
		recording.run();
		this.model.mustShow(total, writer, count);
	}

	/** Counts what is asked for, and registers meters again. */
	private void countAndRegister() {
		for (int i = 1; !this.quiet; i++) {
			this.sources.forEach(Asked::count);
			if (i % 20 == 0) {
				registerRows();
				first().remove(first().counter("soak.removed"));
			}
			if (i % 50 == 0) {
				first().remove(this.againMeter);
				registerAgain();
			}
			if (i % 70 == 0) {
				// What an ask that is in progress returns, its removed meter doesn't
				// show.
				if (this.replaced.awaitAsks(2)) {
					first().remove(this.replacedMeter);
					this.replaced.beginAnew();
					registerReplaced();
					// That it is less than before must be seen once.
					this.replaced.awaitAsks(1);
				}
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
	}

	/** One of the application contexts. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ObservabilityAutoConfiguration.class, MergedMetricsAutoConfiguration.class,
			ScrapeEndpointAutoConfiguration.class, MetricsAutoConfiguration.class,
			CompositeMeterRegistryAutoConfiguration.class, PrometheusMetricsExportAutoConfiguration.class,
			JvmMetricsAutoConfiguration.class, SystemMetricsAutoConfiguration.class })
	static class Application {

	}

	/** A source of which the model knows what it has answered. */
	private static final class Asked {

		private static final Duration PATIENCE = Duration.ofSeconds(10);

		private final ExactnessModel model;

		private final Total total;

		private final int writer;

		/** How many answers may not be shown: more than one if meters are removed. */
		private final int history;

		private final Deque<Long> answered = new ArrayDeque<>();

		private long counted;

		private long base;

		private long last;

		private long asks;

		private Asked(ExactnessModel model, Total total, int writer, int history) {
			this.model = model;
			this.total = total;
			this.writer = writer;
			this.history = history;
		}

		synchronized void count() {
			this.counted += 1 + this.counted % 7;
		}

		synchronized long ask() {
			this.asks++;
			if (this.answered.size() == this.history) {
				this.model.mustShow(this.total, this.writer, this.answered.remove());
			}
			this.answered.add(this.counted);
			this.model.mayShow(this.total, this.writer, this.counted);
			this.last = this.counted;
			notifyAll();
			return answer();
		}

		/** Where a lower number than the last one shows it. */
		synchronized long askAndBeginAnew() {
			if (this.asks % 4 == 3 && this.counted - this.last < this.last - this.base) {
				this.base = this.last;
			}
			return ask();
		}

		synchronized double askNonsense() {
			switch ((int) (this.asks++ % 10)) {
				case 1 -> {
					return Double.NaN;
				}
				case 3 -> {
					return Double.POSITIVE_INFINITY;
				}
				case 5 -> {
					return -1;
				}
				case 7 -> throw new IllegalStateException("planted");
				case 9 -> throw new NoClassDefFoundError("planted");
				default -> {
					this.asks--;
					long answer = ask();
					return answer;
				}
			}
		}

		synchronized long answer() {
			return this.last - this.base;
		}

		synchronized void beginAnew() {
			this.base = this.last;
		}

		/** Returns whether it was asked so often, while nothing is counted. */
		synchronized boolean awaitAsks(int number) {
			long until = this.asks + number;
			long deadline = System.nanoTime() + PATIENCE.toNanos();
			try {
				while (this.asks < until) {
					long left = deadline - System.nanoTime();
					if (left <= 0) {
						return false;
					}
					TimeUnit.NANOSECONDS.timedWait(this, left);
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return true;
		}

	}

}
