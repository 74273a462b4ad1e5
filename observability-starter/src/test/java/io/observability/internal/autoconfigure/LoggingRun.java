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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Sets up logging as an application of Boot's does, with or without the starter, in this
 * JVM.
 */
final class LoggingRun implements AutoCloseable {

	private static final String[] NO_ARGUMENTS = {};

	private final Properties systemProperties = (Properties) System.getProperties().clone();

	private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

	private LoggingRun() {
	}

	/**
	 * Sets up logging.
	 * @param setting the application's properties and configuration
	 * @param directory of the log files
	 * @param starter whether the starter is enabled
	 * @return logging as the application has it
	 * @throws IOException if the directory can't be used
	 */
	static LoggingRun start(LogSetting setting, Path directory, boolean starter) throws IOException {
		Files.createDirectories(directory);
		LoggingRun run = new LoggingRun();
		run.configure(setting.properties(directory, starter));
		return run;
	}

	/** Gives the tests' own logging back. */
	static void reset() {
		System.clearProperty("LOG_FILE");
		LoggingSystem.get(LoggingRun.class.getClassLoader()).cleanUp();
		new LoggingRun().configure(Map.of("observability.enabled", "false"));
	}

	private void configure(Map<String, Object> properties) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("setting", properties));
		SpringApplication application = new SpringApplication(LoggingRun.class);
		DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();
		SimpleApplicationEventMulticaster listeners = new SimpleApplicationEventMulticaster();
		SpringFactoriesLoader.forDefaultResourceLocation()
			.load(ApplicationListener.class)
			.stream()
			.filter((listener) -> listener instanceof LoggingApplicationListener
					|| listener.getClass().getPackageName().startsWith("io.observability"))
			.forEach(listeners::addApplicationListener);
		listeners.multicastEvent(new ApplicationStartingEvent(bootstrap, application, NO_ARGUMENTS));
		listeners
			.multicastEvent(new ApplicationEnvironmentPreparedEvent(bootstrap, application, NO_ARGUMENTS, environment));
	}

	LoggerContext context() {
		return this.context;
	}

	/** Stops logging, as the end of the application does. */
	@Override
	public void close() {
		LoggingSystem.get(LoggingRun.class.getClassLoader()).getShutdownHandler().run();
		LoggingSystem.get(LoggingRun.class.getClassLoader()).cleanUp();
		System.setProperties(this.systemProperties);
	}

}
