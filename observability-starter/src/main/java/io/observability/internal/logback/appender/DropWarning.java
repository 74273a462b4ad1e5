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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import io.observability.internal.log.queue.DropReport;

/** Makes the log event that reports dropped events, with the appender as its logger. */
final class DropWarning {

	private final Appender<ILoggingEvent> appender;

	private final long maxBacklog;

	DropWarning(Appender<ILoggingEvent> appender, long maxBacklog) {
		this.appender = appender;
		this.maxBacklog = maxBacklog;
	}

	ILoggingEvent eventFor(DropReport report) {
		String name = this.appender.getClass().getName();
		LoggerContext context = (LoggerContext) this.appender.getContext();
		return new LoggingEvent(name, context.getLogger(name), Level.WARN,
				"log events dropped: count={}, first={}, last={}, maxBacklog={}", null,
				new Object[] { report.count(), report.first(), report.last(), this.maxBacklog });
	}

}
