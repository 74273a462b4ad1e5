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

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Installs the merged log as soon as Boot has set up logging, and adds the conversion
 * word {@code %instance} before that.
 */
class MergedLogApplicationListener implements GenericApplicationListener {

	private static final boolean LOGBACK_PRESENT = ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext",
			MergedLogApplicationListener.class.getClassLoader());

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public boolean supportsEventType(ResolvableType type) {
		Class<?> event = type.toClass();
		return event == ApplicationStartingEvent.class || event == ApplicationEnvironmentPreparedEvent.class;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!LOGBACK_PRESENT) {
			return;
		}
		if (event instanceof ApplicationEnvironmentPreparedEvent) {
			LogbackSetup.install();
		}
		else {
			LogbackSetup.registerConversionWord();
		}
	}

}
