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

package io.observability.internal.logback.appender;

import java.time.Duration;

import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;

/**
 * Lets an appender join the fleet that could not do so when it was started, because the
 * disk was full, for example: a task that tries again, less and less often.
 */
final class JoinAttempts {

	/** Name of the task, under which its failures are counted. */
	private static final String TASK = "joining";

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	/** The task is closed with the appender. */
	private static final Duration DONE = Duration.ofDays(365);

	private final FleetAppender appender;

	private Duration pause = FIRST_PAUSE;

	private JoinAttempts(FleetAppender appender) {
		this.appender = appender;
	}

	static Task start(FleetAppender appender) {
		JoinAttempts attempts = new JoinAttempts(appender);
		return Supervisor.ofThisProcess()
			.start(Supervisor.LOG, TASK, FIRST_PAUSE, attempts::attempt, new CollectingStatus(appender));
	}

	private long attempt() {
		if (!this.appender.isWaiting()) {
			return DONE.toNanos();
		}
		// On a thread of its own, because it may wait for tasks of this one.
		Thread thread = new Thread(this.appender::joinLater, "observability-log-join");
		thread.setDaemon(true);
		thread.start();
		Duration next = this.pause.multipliedBy(2);
		this.pause = (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE;
		return this.pause.toNanos();
	}

}
