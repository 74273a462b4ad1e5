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
import java.nio.file.Files;
import java.nio.file.Path;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LogPathTests {

	@TempDir
	private Path directory;

	@Test
	void relativePathIsOfTheWorkingDirectory() throws IOException {
		Path here = Path.of("").toAbsolutePath().toRealPath();
		assertThat(LogPath.of(appender("logs/../app.log"))).isEqualTo(here.resolve("app.log"));
		assertThat(LogPath.of(appender("not there/app.log"))).isEqualTo(here.resolve("not there/app.log"));
	}

	@Test
	void foldersAreTheSameBySeveralNames() throws IOException {
		Path real = Files.createDirectory(this.directory.resolve("real"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real);
		assertThat(LogPath.of(appender(link.resolve("new/app.log").toString())))
			.isEqualTo(LogPath.of(appender(real.resolve("new/app.log").toString())));
	}

	@Test
	void fileThatIsNamedByTheDayIsTheSameLogTomorrow() {
		RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setFileNamePattern("/var/log/app.%d{yyyy-MM-dd}.log");
		appender.setRollingPolicy(policy);
		assertThat(LogPath.of(appender).getFileName()).hasToString("app.%d{yyyy-MM-dd}.log");
	}

	private static RollingFileAppender<ILoggingEvent> appender(String file) {
		RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
		appender.setFile(file);
		return appender;
	}

}
