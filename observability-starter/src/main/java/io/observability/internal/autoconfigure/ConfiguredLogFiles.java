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

import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.joran.util.ConfigurationWatchListUtil;
import io.observability.internal.logback.appender.ContextAppenders;
import io.observability.internal.logback.appender.FleetAppender;
import org.jspecify.annotations.Nullable;

/**
 * The log files that a Logback configuration writes, compared with the one that the
 * application's properties name: a configuration of the application's own may ignore
 * them.
 *
 * @param configuration where it was read from, or null if that is unknown
 * @param hasMember whether there is a member of the fleet, with or without a file
 * @param merged files that the fleet writes
 * @param others files that this process writes itself
 */
record ConfiguredLogFiles(@Nullable URL configuration, boolean hasMember, Set<Path> merged, Set<Path> others) {

	private static final String ADD = "add to it, after Boot's defaults.xml, "
			+ "<include resource=\"io/observability/logback/merged-file-appender.xml\"/> and, in <root>, "
			+ "<appender-ref ref=\"FILE\"/>";

	static ConfiguredLogFiles of(LoggerContext context) {
		Set<Path> merged = new LinkedHashSet<>();
		Set<Path> others = new LinkedHashSet<>();
		boolean hasMember = false;
		Set<Object> ofMembers = Collections.newSetFromMap(new IdentityHashMap<>());
		for (Appender<?> appender : ContextAppenders.all(context)) {
			if (appender instanceof FleetAppender member) {
				hasMember = true;
				ofMembers.add(member);
				member.iteratorForAppenders().forEachRemaining(ofMembers::add);
			}
		}
		for (Appender<?> appender : ContextAppenders.all(context)) {
			if (appender instanceof FileAppender<?> file && file.rawFileProperty() != null) {
				(ofMembers.contains(file) ? merged : others).add(absolute(file.rawFileProperty()));
			}
		}
		return new ConfiguredLogFiles(ConfigurationWatchListUtil.getMainWatchURL(context), hasMember, merged, others);
	}

	/**
	 * Returns why the log is not merged as the application's properties say.
	 * @param file the file that they name, or null if they name none
	 * @param explicit whether they switch the merged log on
	 * @return the reason and the remedy, or null if it is
	 */
	@Nullable String problem(@Nullable String file, boolean explicit) {
		if (file == null) {
			return (explicit && !this.hasMember) ? "log is not merged, because no log file is configured: "
					+ "set logging.file.name, or observability.logging.enabled=false" : null;
		}
		Path path = absolute(file);
		if (this.merged.contains(path)) {
			return null;
		}
		String property = "logging.file.name or logging.file.path=" + file;
		if (!this.merged.isEmpty()) {
			return "merged log is another file than configured; use ${LOG_FILE} in the Logback configuration: "
					+ property + ", merged=" + this.merged + inConfiguration();
		}
		if (this.others.contains(path)) {
			return "log is not merged, because the Logback configuration has an appender with which each process writes "
					+ "the file itself; use io.observability.logback.QueueAppender in its place, or " + ADD
					+ ", or set observability.logging.enabled=false: " + property + inConfiguration();
		}
		return "log is not merged, because the Logback configuration has no appender that writes the configured file; "
				+ ADD + ", or set observability.logging.enabled=false: " + property + inConfiguration();
	}

	/**
	 * Returns the file to show.
	 * @param file the file that the application's properties name, or null
	 * @return the merged log, or the file that this process writes itself; or null
	 */
	@Nullable Path shown(@Nullable String file) {
		Path path = (file != null) ? absolute(file) : null;
		if (path != null && (this.merged.contains(path) || (this.merged.isEmpty() && this.others.contains(path)))) {
			return path;
		}
		return this.merged.stream().findFirst().orElse(null);
	}

	private String inConfiguration() {
		return (this.configuration != null) ? ", configuration=" + this.configuration : "";
	}

	private static Path absolute(String file) {
		return Path.of(file).toAbsolutePath().normalize();
	}

}
