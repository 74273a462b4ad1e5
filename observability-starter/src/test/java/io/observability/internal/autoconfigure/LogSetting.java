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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How an application configures its log.
 *
 * @param name of the setting
 * @param properties of the application
 * @param configuration a Logback configuration, or null for Boot's own
 */
record LogSetting(String name, Map<String, String> properties, @Nullable String configuration) {

	/** Returns a setting with properties: names and values in turn. */
	static LogSetting of(String name, String... properties) {
		return new LogSetting(name, map(properties), null);
	}

	/** Returns a setting with a Logback configuration, less its outermost element. */
	static LogSetting xml(String name, String configuration, String... properties) {
		return new LogSetting(name, map(properties), """
				<configuration>
					<include resource="org/springframework/boot/logging/logback/defaults.xml"/>
					%s
				</configuration>
				""".formatted(configuration));
	}

	private static Map<String, String> map(String... properties) {
		Map<String, String> map = new HashMap<>();
		for (int i = 0; i < properties.length; i += 2) {
			map.put(properties[i], properties[i + 1]);
		}
		return map;
	}

	/** Returns the application's properties, with its log in this directory. */
	Map<String, Object> properties(Path directory, boolean starter) throws IOException {
		Map<String, Object> all = new HashMap<>();
		all.put("logging.console.enabled", "false");
		// Of the test itself, with times that differ.
		all.put("logging.level.org.springframework", "OFF");
		// The starter reports a configuration that ignores the file.
		all.put("logging.level.io.observability.internal.autoconfigure.MergedLog", "OFF");
		all.put("logging.level.shop", "DEBUG");
		all.put("logging.level.org.other", "WARN");
		all.put("logging.file.name", directory.resolve("app.log").toString());
		all.put("observability.enabled", Boolean.toString(starter));
		all.put("observability.store.directory", directory.resolve("store").toString());
		this.properties.forEach((name, value) -> all.put(name, value.replace("DIR", directory.toString())));
		if (this.configuration != null) {
			Path file = directory.resolve("logback.xml");
			Files.writeString(file, this.configuration.replace("DIR", directory.toString()));
			all.put("logging.config", file.toString());
		}
		return all;
	}

	Charset charset() {
		return Charset.forName(this.properties.getOrDefault("logging.charset.file", StandardCharsets.UTF_8.name()));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
