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
import java.nio.file.Path;
import java.nio.file.Files;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CheckpointProgress;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.collector.LogStore;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.logback.rolling.RollingLogFile;
import io.observability.internal.task.TaskListener;

/** The merged log file. */
final class FileDestination implements Destination {

	private final RollingFileAppender<ILoggingEvent> appender;

	private final RollingLogFile file;

	private final AppenderSettings settings;

	private FileDestination(RollingFileAppender<ILoggingEvent> appender, RollingLogFile file,
			AppenderSettings settings) {
		this.appender = appender;
		this.file = file;
		this.settings = settings;
	}

	/** Stops the appender's policies: only the collector runs them. */
	static FileDestination of(RollingFileAppender<ILoggingEvent> appender, AppenderSettings settings) {
		Encoder<ILoggingEvent> encoder = appender.getEncoder();
		RollingPolicy rolling = appender.getRollingPolicy();
		TriggeringPolicy<ILoggingEvent> triggering = appender.getTriggeringPolicy();
		if (encoder == null || rolling == null || triggering == null) {
			throw new IllegalArgumentException("an encoder and a rolling policy with a trigger are required: encoder="
					+ encoder + ", rollingPolicy=" + rolling + ", triggeringPolicy=" + triggering);
		}
		RollingLogFile file = new RollingLogFile(appender, rolling, triggering);
		file.stop();
		return new FileDestination(appender, file, settings);
	}

	@Override
	public String name() {
		return LogPath.of(this.appender).toString();
	}

	@Override
	public Path lockedFile() {
		return LogPath.of(this.appender);
	}

	@Override
	public StoreDirectory store(Instance member) throws IOException {
		return LogStore.of(member, LogPath.of(this.appender));
	}

	@Override
	public void restoreClaim(Instance member, StoreDirectory store) throws IOException {
		if (!Files.exists(store.collectorClaim())) {
			store(member);
		}
	}

	@Override
	public LogQueue openQueue(Instance instance, StoreDirectory store) throws IOException {
		return LogQueue.open(instance, this.settings.maxBacklog(), this.settings.whenFull(),
				CheckpointProgress.in(store), listener());
	}

	@Override
	public EventEncoder encoder() {
		return new AppenderEncoding(this.appender);
	}

	@Override
	public void onDropped() {
	}

	@Override
	public TaskListener listener() {
		return new CollectingStatus(this.appender);
	}

	@Override
	public Collector startCollector(Instance instance, LogQueue queue) {
		return Collector.start(instance, queue, this.file, this.settings.orderingWindow(), listener());
	}

}
