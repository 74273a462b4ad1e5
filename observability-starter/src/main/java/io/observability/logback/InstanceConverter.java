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

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.observability.internal.logback.event.EventOrigin;

/**
 * The conversion word {@code %instance}: the id of the instance that logged the event, or
 * {@code %instance{pid}}: its process id. Empty while the process is not a member of a
 * fleet.
 *
 * <p>
 * With Spring Boot every pattern knows the word. Without it, a Logback configuration
 * declares it: <pre>
 * &lt;conversionRule conversionWord="instance" class="io.observability.logback.InstanceConverter"/&gt;
 * </pre>
 */
public final class InstanceConverter extends ClassicConverter {

	private boolean pid;

	/** Creates a converter, as Logback does for each use of the word. */
	public InstanceConverter() {
	}

	@Override
	public void start() {
		this.pid = "pid".equals(getFirstOption());
		super.start();
	}

	@Override
	public String convert(ILoggingEvent event) {
		EventOrigin origin = EventOrigin.of(event, getContext());
		if (origin == null) {
			return "";
		}
		return this.pid ? Long.toString(origin.pid()) : origin.instance();
	}

}
