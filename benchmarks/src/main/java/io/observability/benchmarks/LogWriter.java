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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;

/**
 * A process that logs. Commands are lines on its standard input: {@code log <events>} as
 * fast as it can, until all are in the file; {@code pace <events> <per second>}, answered
 * with the median and the 99.9th percentile of the calls' nanoseconds; {@code keep
 * <millis>} logs an event in each such interval until it ends; {@code heap} is answered
 * with the bytes in use.
 */
final class LogWriter {

	private static final String FILLER = "has been shipped to a customer in Amsterdam, who has paid by card";

	private final String kind;

	private final Path directory;

	private final String name;

	private final int threads;

	private MeasuredLog log;

	/** Of each thread, over all commands. */
	private int next = 1;

	private LogWriter(String kind, Path directory, String name, int threads) {
		this.kind = kind;
		this.directory = directory;
		this.name = name;
		this.threads = threads;
		this.log = MeasuredLog.open(kind, directory, name);
	}

	static ChildProcess start(String kind, Path directory, String name, int threads) throws IOException {
		return ChildProcess.startJvm(List.of("-Xmx256m", "-Duncompressed=" + Boolean.getBoolean("uncompressed")),
				LogWriter.class, List.of(kind, directory.toString(), name, Integer.toString(threads)));
	}

	/**
	 * Runs the writer.
	 * @param args kind of log, folder, name of the process, number of threads
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		LogWriter writer = new LogWriter(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3]));
		System.out.println("ready");
		Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8);
		while (commands.hasNext()) {
			switch (commands.next()) {
				case "log" -> writer.log(commands.nextInt());
				case "pace" -> writer.pace(commands.nextInt(), commands.nextInt());
				case "keep" -> writer.keep(commands.nextInt());
				default -> writer.heap();
			}
		}
		writer.log.close();
	}

	private void log(int events) throws InterruptedException {
		List<Thread> writers = new ArrayList<>();
		for (int i = 0; i < this.threads; i++) {
			int number = i;
			Thread thread = new Thread(() -> log(number, events), "http-nio-8080-exec-" + i);
			writers.add(thread);
			thread.start();
		}
		for (Thread thread : writers) {
			thread.join();
		}
		this.next += events;
		this.log.close();
		System.out.println("done");
		this.log = MeasuredLog.open(this.kind, this.directory, this.name);
	}

	private void log(int thread, int events) {
		Logger logger = this.log.logger();
		for (int i = this.next; i < this.next + events; i++) {
			logger.info("{} {} {} {}", this.name, thread, i, FILLER);
		}
	}

	private void pace(int events, int perSecond) {
		long[] nanos = new long[events];
		long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
		Logger logger = this.log.logger();
		long due = System.nanoTime();
		for (int i = 0; i < events; i++) {
			while (System.nanoTime() < due) {
				Thread.onSpinWait();
			}
			long before = System.nanoTime();
			logger.info("{} {} {} {}", this.name, 0, i, FILLER);
			nanos[i] = System.nanoTime() - before;
			due += interval;
		}
		Arrays.sort(nanos);
		System.out.println(nanos[events / 2] + " " + nanos[(int) (events * 0.999)]);
	}

	private void keep(int millis) {
		Thread keeper = new Thread(() -> {
			while (true) {
				this.log.logger().info("{} {} {} {}", this.name, 0, this.next++, FILLER);
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
			}
		});
		keeper.setDaemon(true);
		keeper.start();
		System.out.println("kept");
	}

	private void heap() {
		Runtime runtime = Runtime.getRuntime();
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
		}
		System.out.println(used);
	}

}
