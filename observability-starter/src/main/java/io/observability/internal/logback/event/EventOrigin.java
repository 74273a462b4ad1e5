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

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * The process that logged an event. Of this process's events it is kept as an object of
 * the logger context rather than as properties, which would be in the events of all
 * appenders of the application.
 *
 * @param instance id of the instance in the fleet
 * @param pid process id of the instance
 */
public record EventOrigin(String instance, long pid) {

	private static final String KEY = EventOrigin.class.getName();

	/**
	 * Returns the origin of an event.
	 * @param event the event
	 * @param context of the layout or encoder that asks
	 * @return the origin, or null if that process is not a member of a fleet
	 */
	public static @Nullable EventOrigin of(ILoggingEvent event, @Nullable Context context) {
		if (event instanceof DecodedEvent decoded) {
			return decoded.origin();
		}
		return (context != null) ? (EventOrigin) context.getObject(KEY) : null;
	}

	/**
	 * Makes this the origin of all events that are logged in a context from now on.
	 * @param context the logger context
	 */
	public void addTo(Context context) {
		context.putObject(KEY, this);
	}

}
