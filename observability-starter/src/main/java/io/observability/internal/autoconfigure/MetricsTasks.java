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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.task.Leadership;
import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import io.observability.internal.task.Work;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The background work of the metrics: samples the meters that have to be asked, repairs
 * this instance's files, and folds the files of terminated instances into the archive.
 */
final class MetricsTasks implements SmartLifecycle {

	static final String SAMPLING = "sampling";

	static final String REPAIR = "repair";

	static final String FOLDING = "folding";

	private static final Log logger = LogFactory.getLog(MetricsTasks.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration FOLD_INTERVAL = Duration.ofSeconds(5);

	private static final Duration LONGEST_FOLD_INTERVAL = Duration.ofSeconds(30);

	/** A fold waits for this part of the time in which nothing was folded. */
	private static final int PART_OF_IDLE = 10;

	/** Not while the application starts. */
	private static final Duration FIRST_FOLD = Duration.ofSeconds(1);

	private final Work sampling;

	private final Runnable repair;

	private @Nullable Archive archive;

	private final Runnable folded;

	private final Duration interval;

	private final List<Task> tasks = new ArrayList<>();

	private volatile boolean hasTriedToFold;

	/** When something was folded last, or this began. */
	private long lastFold = System.nanoTime();

	/**
	 * Creates the tasks, which do not run yet.
	 * @param sampling samples the meters that have to be asked
	 * @param repair repairs this instance's files
	 * @param archive of terminated instances, or null if there is none yet
	 * @param folded called each time that something was folded into it
	 * @param interval until the first sampling, and between two repairs
	 */
	MetricsTasks(Work sampling, Runnable repair, @Nullable Archive archive, Runnable folded, Duration interval) {
		this.sampling = sampling;
		this.repair = repair;
		this.archive = archive;
		this.folded = folded;
		this.interval = interval;
	}

	@Override
	public synchronized void start() {
		if (this.tasks.isEmpty()) {
			add(SAMPLING, this.interval, this.sampling);
			add(REPAIR, this.interval, () -> {
				this.repair.run();
				return this.interval.toNanos();
			});
			if (this.archive != null) {
				addFolding(this.archive);
			}
		}
	}

	/** Folds from now on, because this instance has joined the fleet. */
	synchronized void join(Archive archive) {
		if (this.archive == null) {
			this.archive = archive;
			if (isRunning()) {
				addFolding(archive);
			}
		}
	}

	private void addFolding(Archive archive) {
		add(FOLDING, FIRST_FOLD, () -> {
			fold(archive);
			return archive.isWaiting() ? Leadership.LOOK_NANOS : untilNextFold();
		});
	}

	/** The longer nothing was folded, the longer. */
	private long untilNextFold() {
		long idle = (System.nanoTime() - this.lastFold) / PART_OF_IDLE;
		return Math.max(FOLD_INTERVAL.toNanos(), Math.min(idle, LONGEST_FOLD_INTERVAL.toNanos()));
	}

	private void add(String name, Duration delay, Work work) {
		this.tasks
			.add(Supervisor.ofThisProcess().start(Supervisor.METRICS, name, delay, work, MetricsTasks::onFailure));
	}

	private static void onFailure(String task, Throwable cause) {
		logger.warn("background task failed, it goes on: task=" + task, cause);
	}

	private void fold(Archive archive) throws Exception {
		this.hasTriedToFold = true;
		if (archive.fold() > 0) {
			this.lastFold = System.nanoTime();
			this.folded.run();
		}
	}

	/**
	 * Ends the tasks, without an interrupt in the middle of a file operation. A process
	 * that lives for a moment only takes in its predecessors now.
	 */
	@Override
	public synchronized void stop() {
		long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
		for (Task task : this.tasks) {
			if (!task.close(deadline - System.nanoTime())) {
				logger.warn("background task does not end: limit=" + STOP_TIMEOUT);
			}
		}
		this.tasks.clear();
		if (this.archive != null && !this.hasTriedToFold) {
			try {
				fold(this.archive);
			}
			catch (Exception ex) {
				onFailure(FOLDING, ex);
			}
		}
	}

	/** Begins before and ends after whatever else the application runs. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public synchronized boolean isRunning() {
		return !this.tasks.isEmpty();
	}

}
