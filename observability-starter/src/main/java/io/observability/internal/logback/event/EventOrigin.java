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

package io.observability.internal.logback.event;

import java.util.Map;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * The process that logged an event. An event carries it in two properties of its logger
 * context.
 *
 * @param instance the id of the instance
 * @param pid the process id
 */
public record EventOrigin(String instance, long pid) {

	private static final String INSTANCE_PROPERTY = "observability.instance";

	private static final String PID_PROPERTY = "observability.pid";

	/**
	 * Returns the id of the instance that logged an event.
	 * @param event the event
	 * @return the id, or null if that process is not a member of a fleet
	 */
	public static @Nullable String instanceOf(ILoggingEvent event) {
		return property(event, INSTANCE_PROPERTY);
	}

	/**
	 * Returns the process id of the instance that logged an event.
	 * @param event the event
	 * @return the process id, or null if that process is not a member of a fleet
	 */
	public static @Nullable String pidOf(ILoggingEvent event) {
		return property(event, PID_PROPERTY);
	}

	private static @Nullable String property(ILoggingEvent event, String name) {
		LoggerContextVO context = event.getLoggerContextVO();
		Map<String, String> properties = (context != null) ? context.getPropertyMap() : null;
		return (properties != null) ? properties.get(name) : null;
	}

	/**
	 * Makes this the origin of all events that are logged in a context from now on.
	 * @param context the logger context
	 */
	public void addTo(Context context) {
		context.putProperty(INSTANCE_PROPERTY, this.instance);
		context.putProperty(PID_PROPERTY, Long.toString(this.pid));
	}

	void addTo(Map<String, String> properties) {
		properties.put(INSTANCE_PROPERTY, this.instance);
		properties.put(PID_PROPERTY, Long.toString(this.pid));
	}

}
