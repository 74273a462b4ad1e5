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
import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observability.internal.instance.NameHash;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The name of an application's own folder: {@code spring.application.name}, or without
 * it, the main class with a hash of it and of where it was loaded from.
 *
 * <p>
 * Different names never get the same folder, also where the file system ignores the case
 * of letters: a name that isn't made of lower-case letters, digits, {@code .}, {@code _}
 * and {@code -} is made so, and gets a hash of the name after a {@code ~}.
 */
final class DefaultStoreName {

	/** Set by {@link MainClassListener}. */
	static final String MAIN_CLASS_PROPERTY = "observability.store.default-name";

	private static final Pattern PLAIN = Pattern.compile("[a-z0-9_][a-z0-9._-]{0,63}");

	private static final int MAX_READABLE = 40;

	private static final int HASH_BYTES = 10;

	/** The jar or folder in a code source's location, also of a jar inside a jar. */
	private static final Pattern LOCATION = Pattern.compile("(?:jar:)?(?:nested:|file:)+(/.*?)/?(?:!.*)?");

	private DefaultStoreName() {
	}

	static String of(Environment environment) {
		String name = environment.getProperty("spring.application.name");
		if (StringUtils.hasText(name)) {
			return encode(name);
		}
		String mainClass = environment.getProperty(MAIN_CLASS_PROPERTY);
		return StringUtils.hasText(mainClass) ? mainClass : hashed("application", workingDirectory());
	}

	/** Returns the name for an application with a main class, and without a name. */
	static String ofMainClass(Class<?> mainClass) {
		return hashed(mainClass.getSimpleName(), mainClass.getName() + "\n" + location(mainClass));
	}

	private static String location(Class<?> mainClass) {
		CodeSource source = mainClass.getProtectionDomain().getCodeSource();
		URL location = (source != null) ? source.getLocation() : null;
		return (location != null) ? path(location.toString()) : workingDirectory();
	}

	static String path(String location) {
		Matcher matcher = LOCATION.matcher(location);
		if (!matcher.matches()) {
			return location;
		}
		try {
			return Path.of(matcher.group(1)).toAbsolutePath().normalize().toString();
		}
		catch (IllegalArgumentException ex) {
			return location;
		}
	}

	private static String workingDirectory() {
		return Path.of("").toAbsolutePath().toString();
	}

	static String encode(String name) {
		return PLAIN.matcher(name).matches() ? name : hashed(name, name);
	}

	private static String hashed(@Nullable String readable, String hashed) {
		String text = (readable != null) ? readable.replaceAll("[^A-Za-z0-9._-]", "_") : "";
		return text.substring(0, Math.min(text.length(), MAX_READABLE)) + "~" + NameHash.of(hashed, HASH_BYTES);
	}

}
