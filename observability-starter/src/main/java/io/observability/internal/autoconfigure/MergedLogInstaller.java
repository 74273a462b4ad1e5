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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import io.observability.internal.instance.Instance;
import io.observability.internal.logback.appender.FleetAppender;
import io.observability.internal.logback.appender.StoreAssignment;
import io.observability.logback.InstanceConverter;
import io.observability.logback.QueueAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.Environment;

/**
 * Replaces the appender with which Boot writes the file {@code logging.file.name} by a
 * {@link QueueAppender}, and gives a store to those that a Logback configuration has
 * created without one.
 */
class MergedLogInstaller {

	/** The name in Boot's defaults and in its includable fragments. */
	private static final String FILE_APPENDER = "FILE";

	private final Environment environment;

	private final LoggingProperties properties;

	MergedLogInstaller(Environment environment, LoggingProperties properties) {
		this.environment = environment;
		this.properties = properties;
	}

	/** Adds {@code %instance} to the words of all patterns that are read from now on. */
	static void registerConversionWord() {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("instance", InstanceConverter::new);
	}

	void install() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			RollingFileAppender<ILoggingEvent> plain = plainFileAppender(context);
			List<FleetAppender> waiting = appendersWithoutStore(context);
			if (plain != null || !waiting.isEmpty()) {
				install(context, plain, waiting);
			}
		}
	}

	private @Nullable RollingFileAppender<ILoggingEvent> plainFileAppender(LoggerContext context) {
		Appender<ILoggingEvent> appender = root(context).getAppender(FILE_APPENDER);
		if (appender != null && appender.getClass() == RollingFileAppender.class) {
			RollingFileAppender<ILoggingEvent> plain = (RollingFileAppender<ILoggingEvent>) appender;
			return writesLogFile(plain) ? plain : null;
		}
		return null;
	}

	private boolean writesLogFile(RollingFileAppender<ILoggingEvent> appender) {
		LogFile file = LogFile.get(this.environment);
		return file != null && file.toString().equals(appender.rawFileProperty());
	}

	private static Logger root(LoggerContext context) {
		return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	private static List<FleetAppender> appendersWithoutStore(LoggerContext context) {
		Set<FleetAppender> found = new LinkedHashSet<>();
		for (Logger logger : context.getLoggerList()) {
			for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext();) {
				if (appenders.next() instanceof FleetAppender appender && StoreAssignment.isMissingFor(appender)) {
					found.add(appender);
				}
			}
		}
		return List.copyOf(found);
	}

	private void install(LoggerContext context, @Nullable RollingFileAppender<ILoggingEvent> plain,
			List<FleetAppender> waiting) {
		StoreLocation location = StoreLocation.of(this.environment);
		try (Instance instance = location.join()) {
			List<FleetAppender> appenders = new ArrayList<>(waiting);
			if (plain != null) {
				root(context).detachAppender(plain);
				appenders.add(replacementFor(plain));
			}
			assignStores(appenders, instance);
			if (plain != null) {
				root(context).addAppender(appenders.get(appenders.size() - 1));
			}
		}
		catch (IOException ex) {
			context.getLogger(MergedLogInstaller.class)
				.warn("store directory can't be used, this instance writes its log file alone; set "
						+ StoreLocation.DIRECTORY_PROPERTY + " to a folder that all instances share: directory="
						+ location.directory() + ", cause=" + ex);
		}
	}

	/**
	 * Stops the plain appender and moves its parts to a new one, which is not started.
	 */
	private static QueueAppender replacementFor(RollingFileAppender<ILoggingEvent> plain) {
		plain.stop();
		QueueAppender replacement = new QueueAppender();
		replacement.setContext(plain.getContext());
		replacement.setName(plain.getName());
		replacement.setFile(plain.rawFileProperty());
		replacement.setEncoder(plain.getEncoder());
		plain.getCopyOfAttachedFiltersList().forEach(replacement::addFilter);
		replacement.setRollingPolicy(plain.getRollingPolicy());
		if (plain.getTriggeringPolicy() != plain.getRollingPolicy()) {
			replacement.setTriggeringPolicy(plain.getTriggeringPolicy());
		}
		plain.getRollingPolicy().setParent(replacement);
		return replacement;
	}

	/** One log uses the store itself; each other log uses a store below it. */
	private void assignStores(List<FleetAppender> appenders, Instance instance) {
		FleetAppender first = appenders.stream().filter(this::writesLogFile).findFirst().orElse(appenders.get(0));
		Path store = instance.store().path();
		for (FleetAppender appender : appenders) {
			String name = appender.getName().replaceAll("[^A-Za-z0-9._-]", "_");
			Path directory = appender.equals(first) ? store : store.resolve("logs").resolve(name);
			new StoreAssignment(directory, instance.info().name(), this.properties.maxBacklog().toBytes(),
					this.properties.whenFull(), this.properties.orderingWindow())
				.assignTo(appender);
		}
	}

}
