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

package io.observability.internal.logback.appender;

import java.io.IOException;
import java.nio.file.Path;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;

/**
 * The absolute path by which processes know that they write the same log. It has no
 * symbolic links in its folder, as far as that is there.
 */
final class LogPath {

	private LogPath() {
	}

	/**
	 * Returns the path of an appender's log.
	 * @param appender the appender, whose active file may be named by its rolling policy,
	 * differently each day
	 * @return the path of its file, or of the pattern of its files
	 */
	static Path of(RollingFileAppender<ILoggingEvent> appender) {
		String name = appender.rawFileProperty();
		if (name == null && appender.getRollingPolicy() instanceof RollingPolicyBase policy) {
			name = policy.getFileNamePattern();
		}
		return resolve(Path.of((name != null) ? name : appender.getFile()).toAbsolutePath().normalize());
	}

	private static Path resolve(Path path) {
		Path parent = path.getParent();
		Path name = path.getFileName();
		return (parent != null && name != null) ? resolveDirectory(parent).resolve(name) : path;
	}

	private static Path resolveDirectory(Path directory) {
		try {
			return directory.toRealPath();
		}
		catch (IOException ex) {
			return resolve(directory);
		}
	}

}
