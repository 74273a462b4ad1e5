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
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.observability.internal.metrics.archive.Archive;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The background thread of the metrics: samples the function-based meters and folds the
 * files of terminated instances into the archive.
 */
final class MetricsSampling implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(MetricsSampling.class);

	private static final String THREAD_NAME = "observability-metrics";

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration FOLD_INTERVAL = Duration.ofSeconds(5);

	private final Runnable sample;

	private final @Nullable Archive archive;

	private final Runnable folded;

	private final Duration interval;

	private @Nullable ScheduledExecutorService executor;

	private boolean warned;

	/**
	 * Creates the tasks; the thread is not started yet.
	 * @param sample samples the function-based meters
	 * @param archive of terminated instances, or null if there is none
	 * @param folded called after each fold that changed the archive
	 * @param interval between two samplings
	 */
	MetricsSampling(Runnable sample, @Nullable Archive archive, Runnable folded, Duration interval) {
		this.sample = sample;
		this.archive = archive;
		this.folded = folded;
		this.interval = interval;
	}

	@Override
	public synchronized void start() {
		if (this.executor == null) {
			ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
				Thread thread = new Thread(task, THREAD_NAME);
				thread.setDaemon(true);
				return thread;
			});
			this.executor = executor;
			repeat(executor, this::sample, this.interval);
			repeat(executor, this::fold, FOLD_INTERVAL);
		}
	}

	private static void repeat(ScheduledThreadPoolExecutor executor, Runnable task, Duration interval) {
		Future<?> unused = executor.scheduleWithFixedDelay(task, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void sample() {
		try {
			this.sample.run();
		}
		catch (InternalError ex) {
			// A mapped file was truncated: the next run detects and repairs that.
		}
	}

	private void fold() {
		if (this.archive == null) {
			return;
		}
		try {
			if (this.archive.fold() > 0) {
				this.folded.run();
			}
		}
		catch (IOException | RuntimeException ex) {
			if (!this.warned) {
				this.warned = true;
				logger.warn("archive can't be written, the files of terminated instances are kept: cause=" + ex);
			}
		}
	}

	/**
	 * Ends the thread without interrupting a file operation.
	 */
	@Override
	public synchronized void stop() {
		ScheduledExecutorService executor = this.executor;
		if (executor == null) {
			return;
		}
		this.executor = null;
		executor.shutdown();
		try {
			if (!executor.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
				logger.warn("thread does not terminate: name=" + THREAD_NAME + ", limit=" + STOP_TIMEOUT);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Starts before and stops after all other components of the application. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

}
