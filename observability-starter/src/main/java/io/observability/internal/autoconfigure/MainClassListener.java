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

import java.util.Map;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Notes the main class of an application without a name, before anything asks for its
 * store.
 */
class MainClassListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER - 2;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Class<?> mainClass = event.getSpringApplication().getMainApplicationClass();
		if (mainClass != null && isNeeded(event.getEnvironment())) {
			event.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("observabilityMainClass",
						Map.of(DefaultStoreName.MAIN_CLASS_PROPERTY, DefaultStoreName.ofMainClass(mainClass))));
		}
	}

	private static boolean isNeeded(Environment environment) {
		return !StringUtils.hasText(environment.getProperty("spring.application.name"))
				&& !StringUtils.hasText(environment.getProperty(StoreLocation.DIRECTORY_PROPERTY))
				&& environment.getProperty("observability.enabled", Boolean.class, true);
	}

}
