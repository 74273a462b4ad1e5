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

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import io.observability.FullPolicy;
import io.observability.internal.log.queue.LogQueue;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link FleetAppender}. They are changed only while it is stopped.
 */
public final class AppenderSettings {

	private @Nullable Path storeDirectory;

	private @Nullable String instanceId;

	private long maxBacklog = 256L << 20;

	private FullPolicy whenFull = FullPolicy.BLOCK;

	private Duration orderingWindow = Duration.ofMillis(200);

	private boolean includeCallerData;

	@Nullable Path storeDirectory() {
		return this.storeDirectory;
	}

	public void setStoreDirectory(Path storeDirectory) {
		this.storeDirectory = storeDirectory;
	}

	@Nullable String instanceId() {
		return this.instanceId;
	}

	public void setInstanceId(@Nullable String instanceId) {
		this.instanceId = instanceId;
	}

	long maxBacklog() {
		return this.maxBacklog;
	}

	public void setMaxBacklog(long maxBacklog) {
		this.maxBacklog = maxBacklog;
	}

	FullPolicy whenFull() {
		return this.whenFull;
	}

	public void setWhenFull(FullPolicy whenFull) {
		this.whenFull = whenFull;
	}

	Duration orderingWindow() {
		return this.orderingWindow;
	}

	public void setOrderingWindow(Duration orderingWindow) {
		this.orderingWindow = orderingWindow;
	}

	boolean includeCallerData() {
		return this.includeCallerData;
	}

	public void setIncludeCallerData(boolean includeCallerData) {
		this.includeCallerData = includeCallerData;
	}

	/** Returns whether a queue that was made with other settings suits these. */
	boolean hasSameQueue(AppenderSettings other) {
		return Objects.equals(this.storeDirectory, other.storeDirectory)
				&& Objects.equals(this.instanceId, other.instanceId) && this.maxBacklog == other.maxBacklog
				&& this.whenFull == other.whenFull;
	}

	/**
	 * Checks the settings of a member of a fleet.
	 * @throws IllegalArgumentException if one is invalid
	 */
	void validate() {
		if (this.maxBacklog < LogQueue.MIN_BACKLOG) {
			throw new IllegalArgumentException(
					"backlog too small: maxBacklog=" + this.maxBacklog + ", minimum=" + LogQueue.MIN_BACKLOG);
		}
	}

}
