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

package io.observability.internal.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.ArchiveTurn;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import io.observability.testing.Locks;
import io.observability.testing.Shown;
import org.jspecify.annotations.Nullable;

/**
 * An instance as a process: records when told to, or without pause, and repairs and folds
 * every now and then as the starter does.
 *
 * <p>
 * Arguments: the store; a file for what was acknowledged. Commands, a line each, are
 * answered by a line: {@code add}, {@code gauge value}, {@code storm threads},
 * {@code series count bytes}, {@code pause} (no more repairs and folds of itself),
 * {@code repair}, {@code drop-locks}, {@code scrape}, {@code view}, {@code state}.
 */
@SuppressWarnings("StringSplitter") // lines of known words
final class MetricsMain {

	static final int THREADS = 64;

	private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

	private final Instance instance;

	private final MetricsWriter writer;

	private final Region acknowledged;

	/** Keeps what it has read from one scrape to the next. */
	private final FleetMetrics scraped;

	private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "upkeep");
		thread.setDaemon(true);
		return thread;
	});

	private final AtomicLong faults = new AtomicLong();

	private @Nullable ArchiveTurn turn;

	private MetricsMain(Instance instance, MetricsWriter writer, Region acknowledged) {
		this.instance = instance;
		this.writer = writer;
		this.acknowledged = acknowledged;
		this.scraped = new FleetMetrics(instance.store(), List.of(writer.ownSegments()), new Problems((text) -> {
		}));
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		Problems problems = new Problems(System.err::println);
		Instance instance = Instance.join(StoreDirectory.open(Path.of(args[0])), null);
		MetricsWriter writer = MetricsWriter.open(instance, 100_000, problems);
		MetricsMain main = new MetricsMain(instance, writer, Region.create(Path.of(args[1]), THREADS * Long.BYTES));
		main.keepUp(new Archive(instance.store(), problems, Duration.ofDays(7)));
		OUT.println("ready " + instance.slot().number() + " " + ProcessHandle.current().pid());
		main.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
	}

	private void keepUp(Archive archive) {
		Future<?> unused = this.upkeep.scheduleWithFixedDelay(() -> {
			try {
				this.writer.repair();
				archive.fold();
			}
			catch (IOException | RuntimeException | InternalError ex) {
				System.err.println("upkeep: " + ex);
			}
		}, 0, 50, TimeUnit.MILLISECONDS);
	}

	private void obey(BufferedReader commands) throws IOException, InterruptedException {
		Totals counter = this.writer.totals(Families.COUNTER, List.of("told"));
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			String[] words = line.split(" ");
			switch (words[0]) {
				case "add" -> {
					counter.add(1);
					OUT.println("added");
				}
				case "gauge" -> {
					this.writer.sample(Families.gauge("state", GaugeMode.LIVEALL), List.of())
						.set(Double.parseDouble(words[1]), System.currentTimeMillis());
					OUT.println("set");
				}
				case "storm" -> {
					storm(Integer.parseInt(words[1]));
					OUT.println("storming");
				}
				case "series" -> {
					series(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
					OUT.println("made");
				}
				case "pause" -> {
					this.upkeep.shutdown();
					// What is under way would hold the archive's lock.
					boolean ended = this.upkeep.awaitTermination(1, TimeUnit.MINUTES);
					OUT.println(ended ? "paused" : "upkeep does not end");
				}
				case "take-turn" -> OUT.println(takeTurn() ? "turn taken" : "another process has the turn");
				case "publish" -> OUT.println("published " + publish());
				case "repair" -> {
					this.writer.repair();
					OUT.println("repaired");
				}
				case "drop-locks" -> {
					Locks.dropAll(this.instance.store().path());
					OUT.println("dropped");
				}
				case "scrape" -> OUT.println("scrape " + Shown.by(this.scraped));
				case "view" -> OUT.println(view());
				case "state" ->
					OUT.println("state " + this.instance.slot().number() + " " + this.faults + " " + counter.sum());
				default -> throw new IllegalArgumentException(line);
			}
		}
	}

	/** As in the middle of a fold. */
	private boolean takeTurn() throws IOException {
		ArchiveTurn taken = ArchiveTurn.take(ArchiveTurn.candidate(this.instance.store()), this.instance.store());
		this.turn = taken;
		return taken != null && taken.prepare();
	}

	/** What it publishes replaces all totals by none. */
	private boolean publish() throws IOException {
		try (ArchiveTurn taken = this.turn) {
			return taken != null && taken.publish(Region.allocate(4096));
		}
	}

	/** How many series this instance's merged view has, and how many only it has. */
	private String view() throws IOException {
		try (FleetMetrics view = new FleetMetrics(this.instance.store(), List.of(this.writer.ownSegments()),
				new Problems((text) -> {
				}))) {
			return "view " + Shown.by(view).size() + " " + view.state().missingBySlot();
		}
	}

	private void series(int count, int bytes) {
		for (int i = 0; i < count; i++) {
			this.writer.totals(Families.COUNTER, List.of(i + "x".repeat(bytes))).add(1);
		}
	}

	private void storm(int threads) {
		Totals counter = this.writer.totals(Families.COUNTER, List.of("storm"));
		Totals histogram = this.writer.totals(MetricsIT.STORM, List.of());
		for (int i = 0; i < threads; i++) {
			int thread = i;
			Thread recorder = new Thread(() -> record(thread, counter, histogram), "recorder-" + i);
			recorder.setDaemon(true);
			recorder.start();
		}
	}

	/** Acknowledges each pair of records once it is made. */
	private void record(int thread, Totals counter, Totals histogram) {
		for (long i = 1;; i++) {
			try {
				counter.add(1);
				int bucket = (int) (i % 3);
				histogram.record(bucket, bucket + 1L);
				this.acknowledged.putLongRelease(thread * Long.BYTES, i);
			}
			catch (InternalError ex) {
				// As a request would fail.
				this.faults.incrementAndGet();
			}
		}
	}

}
