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

import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Joins the fleet later if that was not possible at the start, because the disk was full,
 * for example: tries again and again, less and less often.
 *
 * <p>
 * The log has attempts of its own, because it lives otherwise: a logger context joins
 * before there is an application context and stays a member after that is closed, with
 * other files to be opened, under a lock that excludes log calls. What both share is the
 * {@link io.observability.internal.instance.Instance}: it counts its users, so which of
 * them joins first makes no difference.
 */
final class LateJoin implements SmartLifecycle {

	static final String JOINING = "joining";

	private static final Log logger = LogFactory.getLog(LateJoin.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	/** The task is closed with the application. */
	private static final Duration DONE = Duration.ofDays(365);

	private final StoreMembership membership;

	private Duration pause;

	private @Nullable Task task;

	/**
	 * Creates the task, which does not run yet.
	 * @param membership the membership
	 * @param interval until the first attempt; then twice as long after each attempt
	 */
	LateJoin(StoreMembership membership, Duration interval) {
		this.membership = membership;
		this.pause = interval;
	}

	@Override
	public synchronized void start() {
		if (this.task == null && this.membership.isWaiting()) {
			this.task = Supervisor.ofThisProcess()
				.start(Supervisor.METRICS, JOINING, this.pause, this::join,
						(task, cause) -> logger.warn("background task failed, it goes on: task=" + task, cause));
		}
	}

	private long join() {
		if (this.membership.joinLater()) {
			return DONE.toNanos();
		}
		Duration next = this.pause.multipliedBy(2);
		this.pause = (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE;
		return this.pause.toNanos();
	}

	@Override
	public synchronized void stop() {
		Task task = this.task;
		this.task = null;
		if (task != null && !task.close(STOP_TIMEOUT.toNanos())) {
			logger.warn("background task does not end: limit=" + STOP_TIMEOUT);
		}
	}

	/** As the metrics' tasks. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.task != null;
	}

}
