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
import java.util.stream.Stream;

import ch.qos.logback.classic.LoggerContext;
import io.observability.testing.ForkedJvm;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/** The same as {@link SameLogAsPlainBootTests}, with an application for each log. */
@EnabledIfSystemProperty(named = "soak.log.rounds", matches = ".*")
class SameLogAsPlainBootIT {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource("io.observability.internal.autoconfigure.LogSettings#all")
	void sameBytes(LogSetting setting) throws IOException {
		WrittenLogs plain = log(setting, false);
		log(setting, true).assertSameAs(plain);
	}

	private WrittenLogs log(LogSetting setting, boolean starter) throws IOException {
		Path files = Files.createDirectories(this.directory.resolve(starter ? "merged" : "plain"));
		String[] options = Stream
			.concat(setting.properties(files, starter)
				.entrySet()
				.stream()
				.map((property) -> "--" + property.getKey() + "=" + property.getValue()),
					Stream.of("--spring.main.log-startup-info=false", "--spring.main.banner-mode=off"))
			.toArray(String[]::new);
		try (ForkedJvm jvm = ForkedJvm.start(Application.class, Map.of("rounds", System.getProperty("soak.log.rounds"),
				"PID", "4711", "spring.application.pid", "4711"), options)) {
			assertThat(jvm.awaitExit()).isZero();
		}
		return WrittenLogs.in(files, setting.charset());
	}

	/** Logs all kinds of events. */
	static final class Application {

		private Application() {
		}

		public static void main(String[] args) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.run(args);
			new KindsOfEvents((LoggerContext) LoggerFactory.getILoggerFactory()).log(Integer.getInteger("rounds"));
		}

	}

}
