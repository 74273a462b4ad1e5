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

import java.util.Map;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextVO;
import io.observability.internal.logback.appender.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The conversion word {@code %instance}: the id of the instance that has logged the
 * event, and {@code %instance{pid}}: its process id. Empty as long as a process isn't a
 * member of a fleet.
 */
public class InstanceConverter extends ClassicConverter {

	private static final String WORD = "instance";

	private String property = Origin.INSTANCE_PROPERTY;

	/** Makes all patterns that are read from now on know the word. */
	public static void register() {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put(WORD, InstanceConverter::new);
	}

	/**
	 * Returns the id of the instance that has logged an event.
	 * @param event the event
	 * @return the id, or null if that process isn't a member of a fleet
	 */
	public static @Nullable String instanceOf(ILoggingEvent event) {
		return propertyOf(event, Origin.INSTANCE_PROPERTY);
	}

	private static @Nullable String propertyOf(ILoggingEvent event, String property) {
		LoggerContextVO context = event.getLoggerContextVO();
		Map<String, String> properties = (context != null) ? context.getPropertyMap() : null;
		return (properties != null) ? properties.get(property) : null;
	}

	@Override
	public void start() {
		if ("pid".equals(getFirstOption())) {
			this.property = Origin.PID_PROPERTY;
		}
		super.start();
	}

	@Override
	public String convert(ILoggingEvent event) {
		String value = propertyOf(event, this.property);
		return (value != null) ? value : "";
	}

}
