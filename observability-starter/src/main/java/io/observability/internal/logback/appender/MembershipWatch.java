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

import java.io.IOException;
import java.time.Duration;

import io.observability.internal.task.Supervisor;
import io.observability.internal.task.Task;

/**
 * Looks regularly whether another program has deleted something of the store that an
 * appender uses: a task.
 */
final class MembershipWatch {

	/** Name of the task, under which its failures are counted. */
	private static final String TASK = "rejoining";

	private static final Duration INTERVAL = Duration.ofMillis(500);

	/** What is deleted beside the queues can wait longer. */
	private static final int LOOKS_PER_REPAIR = 2;

	private final FleetAppender appender;

	private final FleetOutputs outputs;

	private int looks;

	private MembershipWatch(FleetAppender appender, FleetOutputs outputs) {
		this.appender = appender;
		this.outputs = outputs;
	}

	static Task start(FleetAppender appender, FleetOutputs outputs) {
		MembershipWatch watch = new MembershipWatch(appender, outputs);
		return Supervisor.ofThisProcess()
			.start(Supervisor.LOG, TASK, INTERVAL, watch::look, new CollectingStatus(appender));
	}

	private long look() throws IOException {
		if (this.outputs.areLost()) {
			// On a thread of its own, because it waits for tasks of this one.
			Thread thread = new Thread(() -> this.appender.rejoin(this.outputs), "observability-log-rejoin");
			thread.setDaemon(true);
			thread.start();
		}
		else if (++this.looks % LOOKS_PER_REPAIR == 0) {
			this.outputs.repair();
		}
		return INTERVAL.toNanos();
	}

}
