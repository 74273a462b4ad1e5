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

import io.observability.FullPolicy;

/**
 * The store and the settings that the starter gives to an appender whose Logback
 * configuration names no store.
 *
 * @param directory the shared folder
 * @param instanceId id of this process in the fleet
 * @param maxBacklog size that the queue may reach on disk
 * @param whenFull what a log call does when the queue is full
 * @param orderingWindow how long events are held back
 */
public record StoreAssignment(Path directory, String instanceId, long maxBacklog, FullPolicy whenFull,
		Duration orderingWindow) {

	/**
	 * Returns whether an appender has no store yet.
	 * @param appender the appender
	 * @return whether it needs an assignment
	 */
	public static boolean isMissingFor(FleetAppender appender) {
		return appender.settings().storeDirectory() == null;
	}

	/**
	 * Restarts an appender with this assignment.
	 * @param appender the appender, started or not
	 */
	public void assignTo(FleetAppender appender) {
		appender.stop();
		AppenderSettings settings = appender.settings();
		settings.setStoreDirectory(this.directory);
		settings.setInstanceId(this.instanceId);
		settings.setMaxBacklog(this.maxBacklog);
		settings.setWhenFull(this.whenFull);
		settings.setOrderingWindow(this.orderingWindow);
		appender.start();
	}

}
