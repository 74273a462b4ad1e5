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

import ch.qos.logback.core.Context;
import ch.qos.logback.core.ContextBase;
import io.observability.FullPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The store and the settings of the appenders whose Logback configuration names no store.
 * It is an object of the logger context, where an appender finds it whenever and wherever
 * it is started.
 *
 * @param directory the shared folder
 * @param instanceId configured id of this process in the fleet, or null
 * @param maxBacklog size that the queue may reach on disk
 * @param whenFull what a log call does when the queue is full
 * @param orderingWindow how long events are held back
 */
public record StoreAssignment(Path directory, @Nullable String instanceId, long maxBacklog, FullPolicy whenFull,
		Duration orderingWindow) {

	private static final String KEY = StoreAssignment.class.getName();

	/**
	 * Applies to the appenders that are started in a logger context from now on, until it
	 * is reset.
	 * @param context the logger context
	 */
	public void assignTo(Context context) {
		context.putObject(KEY, this);
	}

	/**
	 * Removes the assignment of a logger context, if there is one.
	 * @param context the logger context
	 */
	public static void removeFrom(ContextBase context) {
		context.removeObject(KEY);
	}

	static @Nullable StoreAssignment of(@Nullable Context context) {
		return (context != null && context.getObject(KEY) instanceof StoreAssignment assignment) ? assignment : null;
	}

	/** Returns the settings of an appender that has no store of its own. */
	AppenderSettings complete(AppenderSettings own) {
		AppenderSettings settings = new AppenderSettings();
		settings.setIncludeCallerData(own.includeCallerData());
		settings.setStoreDirectory(this.directory);
		settings.setInstanceId(this.instanceId);
		settings.setMaxBacklog(this.maxBacklog);
		settings.setWhenFull(this.whenFull);
		settings.setOrderingWindow(this.orderingWindow);
		return settings;
	}

}
