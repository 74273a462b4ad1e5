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
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.observability.internal.instance.Instance;
import io.observability.logback.QueueAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.Environment;

/**
 * Puts a {@link QueueAppender} in the place of the appender with which Boot writes the
 * file that {@code logging.file.name} names, and tells those that a Logback configuration
 * has made where the store is.
 */
class MergedLogInstaller {

	/** What Boot calls it, in its defaults and in its includable fragments. */
	private static final String FILE_APPENDER = "FILE";

	private final Environment environment;

	private final LoggingProperties properties;

	MergedLogInstaller(Environment environment, LoggingProperties properties) {
		this.environment = environment;
		this.properties = properties;
	}

	void install() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			RollingFileAppender<ILoggingEvent> plain = plainFileAppender(context);
			List<QueueAppender> waiting = appendersWithoutStore(context);
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

	private static List<QueueAppender> appendersWithoutStore(LoggerContext context) {
		Set<QueueAppender> found = new LinkedHashSet<>();
		for (Logger logger : context.getLoggerList()) {
			for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext();) {
				if (appenders.next() instanceof QueueAppender appender && !appender.hasStoreDirectory()) {
					found.add(appender);
				}
			}
		}
		return List.copyOf(found);
	}

	private void install(LoggerContext context, @Nullable RollingFileAppender<ILoggingEvent> plain,
			List<QueueAppender> waiting) {
		StoreLocation location = StoreLocation.of(this.environment);
		try (Instance instance = location.join()) {
			List<QueueAppender> appenders = new ArrayList<>(waiting);
			if (plain != null) {
				root(context).detachAppender(plain);
				appenders.add(QueueAppender.inPlaceOf(plain));
			}
			start(appenders, instance);
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

	/** One log has the store itself, any other a store of its own in it. */
	private void start(List<QueueAppender> appenders, Instance instance) {
		QueueAppender first = appenders.stream().filter(this::writesLogFile).findFirst().orElse(appenders.get(0));
		Path store = instance.store().path();
		for (QueueAppender appender : appenders) {
			String name = appender.getName().replaceAll("[^A-Za-z0-9._-]", "_");
			appender.stop();
			appender
				.setStoreDirectory((appender == first) ? store.toString() : store.resolve("logs/" + name).toString());
			appender.setInstanceId(instance.info().name());
			appender.setMaxBacklog(new FileSize(this.properties.maxBacklog().toBytes()));
			appender.setWhenFull(this.properties.whenFull().name());
			appender.setOrderingWindow(new Duration(this.properties.orderingWindow().toMillis()));
			appender.start();
		}
	}

}
