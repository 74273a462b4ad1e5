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

import java.nio.file.Path;
import java.util.Locale;

import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.observability.FullPolicy;
import io.observability.internal.logback.appender.AppenderSettings;
import io.observability.internal.logback.appender.FleetAppender;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a {@link RollingFileAppender} where several processes write one log file, and
 * is configured like one: file, encoder, filters, rolling policy. The calling thread
 * encodes an event and puts it into its process's queue in the fleet's store. One elected
 * process, the collector, writes the events of all queues to the file and rolls it.
 *
 * <p>
 * Other appenders may be attached, in addition to the file or instead of it. The
 * collector passes the events of all processes to its own attached appenders: at least
 * once, in order, and each appender on its own thread.
 *
 * <p>
 * Without a store directory this is an ordinary {@code RollingFileAppender}, and attached
 * appenders receive the events of this process.
 */
public final class QueueAppender extends FleetAppender {

	private final AppenderSettings settings;

	/** Creates an appender, to be configured and started. */
	public QueueAppender() {
		this(new AppenderSettings());
	}

	private QueueAppender(AppenderSettings settings) {
		super(settings);
		this.settings = settings;
	}

	/**
	 * Sets the folder that all instances of the application share. With Spring Boot the
	 * starter sets it if the Logback configuration doesn't.
	 * @param directory the folder
	 */
	public void setStoreDirectory(String directory) {
		this.settings.setStoreDirectory(Path.of(directory));
	}

	/**
	 * Sets the id under which this process joins the fleet, unless another part of the
	 * process has joined it before.
	 * @param instanceId the id, or null for the number of the slot
	 */
	public void setInstanceId(@Nullable String instanceId) {
		this.settings.setInstanceId(instanceId);
	}

	/**
	 * Sets the size that the queue may reach on disk before {@link #setWhenFull} applies.
	 * The default is 256 MB.
	 * @param maxBacklog the size, at least 1 MB
	 */
	public void setMaxBacklog(FileSize maxBacklog) {
		this.settings.setMaxBacklog(maxBacklog.getSize());
	}

	/**
	 * Sets what a log call does when the queue is full. The default is
	 * {@link FullPolicy#BLOCK}.
	 * @param whenFull {@code block} or {@code drop}
	 */
	public void setWhenFull(String whenFull) {
		this.settings.setWhenFull(FullPolicy.valueOf(whenFull.toUpperCase(Locale.ROOT)));
	}

	/**
	 * Sets how long events are held back so that earlier events of other processes can be
	 * written before them. The default is 200 milliseconds.
	 * @param orderingWindow the time; zero writes events in the order of arrival
	 */
	public void setOrderingWindow(Duration orderingWindow) {
		this.settings.setOrderingWindow(java.time.Duration.ofMillis(orderingWindow.getMilliseconds()));
	}

	/**
	 * Sets whether events for attached appenders include the place in the code where they
	 * were logged, which is expensive to determine. The default is false.
	 * @param includeCallerData whether they include it
	 */
	public void setIncludeCallerData(boolean includeCallerData) {
		this.settings.setIncludeCallerData(includeCallerData);
	}

}
