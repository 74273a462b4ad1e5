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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

import io.observability.internal.actuate.LogTail;
import io.observability.internal.actuate.PageLog;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.Environment;

/**
 * Finds the log that the fleet page shows. It looks each time, because a Logback
 * configuration may be read again.
 */
final class PageLogSource implements Supplier<PageLog> {

	private static final String DISABLED = "log is not merged: observability.logging.enabled=false";

	private static final String NOT_SET = "there is no merged log: logging.file.name is not set";

	private static final String NEEDS_LOGBACK = "log is not merged, each process writes its own: the merged log needs Logback";

	private final @Nullable String file;

	private final Charset charset;

	private final @Nullable Boolean enabled;

	private PageLogSource(@Nullable String file, Charset charset, @Nullable Boolean enabled) {
		this.file = file;
		this.charset = charset;
		this.enabled = enabled;
	}

	static PageLogSource of(Environment environment) {
		LogFile file = LogFile.get(environment);
		return new PageLogSource((file != null) ? file.toString() : null,
				environment.getProperty("logging.charset.file", Charset.class, StandardCharsets.UTF_8),
				environment.getProperty("observability.logging.enabled", Boolean.class));
	}

	@Override
	public PageLog get() {
		if (Boolean.FALSE.equals(this.enabled)) {
			return log(null, DISABLED);
		}
		ConfiguredLogFiles configured = LogbackRequirementListener.usesLogback() ? LogbackSetup.logFiles() : null;
		if (configured == null) {
			return (this.file != null) ? log(Path.of(this.file), NEEDS_LOGBACK) : log(null, NOT_SET);
		}
		Path shown = configured.shown(this.file);
		String problem = configured.problem(this.file, Boolean.TRUE.equals(this.enabled));
		return log(shown, (problem == null && shown == null) ? NOT_SET : problem);
	}

	private PageLog log(@Nullable Path file, @Nullable String note) {
		return new PageLog(new LogTail(file, this.charset), note);
	}

}
