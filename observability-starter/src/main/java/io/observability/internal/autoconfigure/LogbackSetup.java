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

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import io.observability.logback.InstanceConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/**
 * What listeners do that must not be loaded without Logback.
 */
final class LogbackSetup {

	private LogbackSetup() {
	}

	/** Adds {@code %instance} to the words of all patterns that are read from now on. */
	static void registerConversionWord() {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("instance", InstanceConverter::new);
	}

	static void prepare(Environment environment) {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			MergedLog.in(context).prepare(environment);
		}
	}

	/** Returns the log files that are configured, or null if that is unknown. */
	static @Nullable ConfiguredLogFiles logFiles() {
		return (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) ? ConfiguredLogFiles.of(context)
				: null;
	}

	static void install() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			MergedLog.in(context).install();
		}
	}

}
