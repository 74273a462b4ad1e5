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

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.collector.UnreadableFileException;
import io.observability.internal.task.TaskListener;

/**
 * Reports the collector's failures and recoveries as Logback statuses of the appender.
 */
public final class CollectingStatus implements TaskListener {

	private final RollingFileAppender<ILoggingEvent> appender;

	public CollectingStatus(RollingFileAppender<ILoggingEvent> appender) {
		this.appender = appender;
	}

	@Override
	public void onFailure(String task, Throwable cause) {
		String effect = (cause instanceof UnreadableFileException) ? "merged log goes on without a file of its queues"
				: task.equals(Collector.TASK) ? "merged log can't be written now, events wait on disk"
						: "queue can't be extended or repaired now, events wait or are dropped when its segment is full";
		this.appender.addWarn(effect + ": task=" + task + ", file=" + this.appender.getFile(), cause);
	}

	@Override
	public void onRecovery(String task) {
		this.appender.addInfo("works again: task=" + task + ", file=" + this.appender.getFile());
	}

}
