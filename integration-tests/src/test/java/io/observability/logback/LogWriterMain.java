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

package io.observability.logback;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import ch.qos.logback.core.util.StatusPrinter2;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.TaskFailures;
import io.observability.testing.Locks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs numbered events with several threads until it receives a stop command, and keeps
 * the number of the last event whose log call has returned in a mapped file, which
 * survives any death.
 */
public final class LogWriterMain {

	/** Of a thread, so that there is not too much to be checked. */
	private static final int MAX_EVENTS = Integer.getInteger("maxEvents", Integer.MAX_VALUE);

	static final String LARGE_EVENT = "large event ";

	private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(15);

	private final Path directory;

	private final String name;

	private final int threads;

	private final int pauseMicros;

	private volatile boolean stopping;

	private @Nullable Totals counter;

	private LogWriterMain(Path directory, String name, int threads, int pauseMicros) {
		this.directory = directory;
		this.name = name;
		this.threads = threads;
		this.pauseMicros = pauseMicros;
	}

	public static void main(String[] args) throws Exception {
		new LogWriterMain(Path.of(args[0]), args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3])).run();
	}

	private void run() throws IOException, InterruptedException {
		LoggerContext context = new LoggerContext();
		context.setMDCAdapter(new LogbackMDCAdapter());
		QueueAppender appender = appender(context, this.directory);
		appender.start();
		Logger logger = context.getLogger("numbers");
		context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
		if (Boolean.getBoolean("metrics")) {
			countInMetrics();
		}
		ByteBuffer acknowledged = acknowledgements(this.directory, this.name, this.threads);
		List<Thread> writers = new ArrayList<>();
		for (int i = 0; i < this.threads; i++) {
			int number = i;
			Thread thread = new Thread(() -> write(logger, number, acknowledged), "writer-" + i);
			writers.add(thread);
			thread.start();
		}
		System.out.println("started");
		if (Boolean.getBoolean("exhaust")) {
			exhaustDirectMemory(logger);
		}
		if (Boolean.getBoolean("dropLocks")) {
			dropLocks();
		}
		new Scanner(System.in, StandardCharsets.UTF_8).hasNextLine();
		this.stopping = true;
		for (Thread writer : writers) {
			writer.join();
		}
		context.stop();
		new StatusPrinter2().printInCaseOfErrorsOrWarnings(context);
		System.out.println("warnings "
				+ context.getStatusManager().getCopyOfStatusList().stream().filter(LogWriterMain::isOfATask).count());
		System.out.println("stopped");
	}

	/**
	 * Counts its events in the store as well, which it folds twenty times a second: a
	 * load, which nothing waits for.
	 */
	private void countInMetrics() throws IOException {
		Problems problems = new Problems(System.out::println);
		Instance instance = Instance.join(StoreDirectory.open(this.directory.resolve("store")), null);
		MetricsWriter writer = MetricsWriter.open(instance, 1000, problems);
		this.counter = writer.totals(Families.COUNTER, List.of("events"));
		Archive archive = new Archive(instance.store(), problems, Duration.ofDays(7));
		Thread thread = new Thread(() -> {
			while (!this.stopping) {
				try {
					writer.repair();
					archive.fold();
					Thread.sleep(50);
				}
				catch (IOException | RuntimeException | InterruptedException ex) {
					System.out.println("upkeep: " + ex);
				}
			}
		}, "upkeep");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Five times a second, as a program does that copies the store: a load, which nothing
	 * waits for.
	 */
	private void dropLocks() {
		Thread thread = new Thread(() -> {
			while (!this.stopping) {
				try {
					Locks.dropAll(this.directory.resolve("store"));
					Thread.sleep(200);
				}
				catch (IOException | InterruptedException ex) {
					// The next time.
				}
			}
		}, "drop-locks");
		thread.setDaemon(true);
		thread.start();
	}

	private static boolean isOfATask(Status status) {
		return status.getLevel() >= Status.WARN && status.getMessage().contains("task=");
	}

	/** Leaves none until the supply of segments has failed for the lack of it. */
	private void exhaustDirectMemory(Logger logger) throws InterruptedException {
		TaskFailures failures = Supervisor.ofThisProcess().failures();
		List<ByteBuffer> memory = new ArrayList<>();
		AtomicBoolean exhausted = new AtomicBoolean();
		// Each wants a segment of its own size: small ones are used again.
		Thread writer = new Thread(() -> {
			while (!exhausted.get()) {
				logger.info(LARGE_EVENT + "x".repeat(1 << 20));
			}
		}, "large");
		long start = System.nanoTime();
		while (failures.count("segment-supply") == 0) {
			try {
				memory.add(ByteBuffer.allocateDirect(16 << 10));
			}
			catch (OutOfMemoryError ex) {
				if (writer.getState() == Thread.State.NEW) {
					writer.start();
				}
				if (System.nanoTime() - start > ATTEMPT_NANOS) {
					// The queue is full, because the collector has no memory either.
					memory.clear();
					start = System.nanoTime();
				}
			}
		}
		exhausted.set(true);
		int taken = memory.size();
		memory.clear();
		System.out.println("exhausted " + taken);
		writer.join();
	}

	private void write(Logger logger, int thread, ByteBuffer acknowledged) {
		for (int n = 1; !this.stopping && n <= MAX_EVENTS; n++) {
			logger.info("{} {} {} {}", this.name, thread, n, "x".repeat(n % 120));
			if (this.counter != null) {
				this.counter.add(1);
			}
			acknowledged.putInt(thread * Integer.BYTES, n);
			if (this.pauseMicros > 0) {
				java.util.concurrent.locks.LockSupport.parkNanos(this.pauseMicros * 1000L);
			}
		}
	}

	static ByteBuffer acknowledgements(Path directory, String name, int threads) throws IOException {
		try (FileChannel channel = FileChannel.open(directory.resolve("ack-" + name), StandardOpenOption.CREATE,
				StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			return channel.map(MapMode.READ_WRITE, 0, threads * (long) Integer.BYTES);
		}
	}

	static QueueAppender appender(LoggerContext context, Path directory) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %5p [%t] %logger : %m%n");
		encoder.start();
		QueueAppender appender = new QueueAppender();
		appender.setContext(context);
		appender.setName("FILE");
		Path logDirectory = Path.of(System.getProperty("logDirectory", directory.toString()));
		appender.setFile(logDirectory.resolve("app.log").toString());
		SizeAndTimeBasedRollingPolicy<Object> policy = new FaultyPolicy();
		policy.setContext(context);
		policy.setParent(appender);
		policy.setFileNamePattern(logDirectory.resolve("app.log.%d{yyyy-MM-dd}.%i.gz").toString());
		policy.setMaxFileSize(FileSize.valueOf(System.getProperty("maxFileSize", "1MB")));
		policy.setMaxHistory(10_000);
		appender.setRollingPolicy(policy);
		appender.setEncoder(encoder);
		appender.setStoreDirectory(directory.resolve("store").toString());
		appender.setMaxBacklog(FileSize.valueOf(System.getProperty("maxBacklog", "64MB")));
		if (Boolean.getBoolean("sink")) {
			appender.addAppender(sink(context, directory));
		}
		int port = Integer.getInteger("linePort", 0);
		if (port != 0) {
			LineAppender lines = new LineAppender(port);
			lines.setContext(context);
			lines.setName("LINES");
			appender.addAppender(lines);
		}
		return appender;
	}

	/** A file of this process's own for what it collects. */
	private static FileAppender<ILoggingEvent> sink(LoggerContext context, Path directory) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%msg%n");
		encoder.start();
		FileAppender<ILoggingEvent> sink = new FileAppender<>();
		sink.setContext(context);
		sink.setName("SINK");
		sink.setFile(directory.resolve("sink-" + ProcessHandle.current().pid()).toString());
		sink.setEncoder(encoder);
		return sink;
	}

	/** Throws some errors from the collector's thread, one for each 100 KB of the log. */
	private static final class FaultyPolicy extends SizeAndTimeBasedRollingPolicy<Object> {

		private final String[] errors = System.getProperty("collectorErrors", "").split(",", 0);

		private int thrown;

		@Override
		public boolean isTriggeringEvent(File activeFile, Object event) {
			if (this.thrown < this.errors.length && !this.errors[0].isEmpty()
					&& activeFile.length() > 100_000L * (this.thrown + 1)) {
				throw errorOf(this.errors[this.thrown++]);
			}
			return super.isTriggeringEvent(activeFile, event);
		}

		private static Error errorOf(String name) {
			try {
				return Class.forName(name).asSubclass(Error.class).getConstructor().newInstance();
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
