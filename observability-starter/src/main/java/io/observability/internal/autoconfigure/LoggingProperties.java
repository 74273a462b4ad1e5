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

import io.observability.FullPolicy;
import io.observability.internal.log.queue.LogQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the merged log.
 *
 * @param enabled Whether all instances write one merged log. The default is true if
 * 'logging.file.name' or 'logging.file.path' is set.
 * @param maxBacklog Size that the queue of an instance may reach on disk before
 * 'when-full' applies.
 * @param whenFull What a log call does when the queue is full. 'block' waits for room,
 * but only for some seconds while the collector makes no progress; 'drop' drops the
 * event. Dropped events are counted.
 * @param orderingWindow How long events are held back so that earlier events of other
 * instances can be written before them.
 */
@ConfigurationProperties("observability.logging")
record LoggingProperties(@Nullable Boolean enabled, @DefaultValue("256MB") DataSize maxBacklog,
		@DefaultValue("block") FullPolicy whenFull, @DefaultValue("200ms") Duration orderingWindow) {

	private static final DataSize SMALLEST_BACKLOG = DataSize.ofBytes(LogQueue.MIN_BACKLOG);

	private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

	LoggingProperties {
		if (maxBacklog.compareTo(SMALLEST_BACKLOG) < 0) {
			throw new InvalidPropertyException("observability.logging.max-backlog", maxBacklog,
					"Give a size of at least '1MB', or remove the property.");
		}
		if (orderingWindow.isNegative() || orderingWindow.compareTo(LONGEST_WINDOW) > 0) {
			throw new InvalidPropertyException("observability.logging.ordering-window", orderingWindow,
					"Give a duration from '0' to '1m', or remove the property.");
		}
	}

	/** Binds the properties; there may be no application context yet. */
	static LoggingProperties of(Environment environment) {
		return Binder.get(environment).bindOrCreate("observability.logging", LoggingProperties.class);
	}

}
