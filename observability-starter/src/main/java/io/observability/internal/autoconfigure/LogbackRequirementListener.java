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

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.LogFactory;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Reports that the merged log needs Logback, once for each process, if the application
 * logs to a file with another logging system. Everything else works with any.
 */
class LogbackRequirementListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final String LOGBACK_SYSTEM = "org.springframework.boot.logging.logback.LogbackLoggingSystem";

	private static final String LOGBACK_FACTORY = "ch.qos.logback.classic.LoggerContext";

	private static final AtomicBoolean reported = new AtomicBoolean();

	/** Boot has set up logging then. */
	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Environment environment = event.getEnvironment();
		if (environment.getProperty("observability.enabled", Boolean.class, true) && isMergedLogWanted(environment)
				&& !usesLogback() && reported.compareAndSet(false, true)) {
			LogFactory.getLog(LogbackRequirementListener.class)
				.warn("merged log needs Logback, each process writes its own log: logging system=" + name()
						+ ", SLF4J provider=" + LoggerFactory.getILoggerFactory().getClass().getName());
		}
	}

	/** Without a logging system of Boot's, there is no file of Boot's. */
	private static boolean isMergedLogWanted(Environment environment) {
		Boolean enabled = environment.getProperty("observability.logging.enabled", Boolean.class);
		boolean file = LogFile.get(environment) != null && !LoggingSystem.NONE.equals(name());
		return (enabled != null) ? enabled : file;
	}

	/** Without a logging system of Boot's, the application may configure Logback. */
	static boolean usesLogback() {
		String system = name();
		return LoggerFactory.getILoggerFactory().getClass().getName().equals(LOGBACK_FACTORY)
				&& (system.equals(LOGBACK_SYSTEM) || system.equals(LoggingSystem.NONE));
	}

	private static String name() {
		return LoggingSystem.NONE.equals(System.getProperty(LoggingSystem.SYSTEM_PROPERTY)) ? LoggingSystem.NONE
				: LoggingSystem.get(LogbackRequirementListener.class.getClassLoader()).getClass().getName();
	}

}
