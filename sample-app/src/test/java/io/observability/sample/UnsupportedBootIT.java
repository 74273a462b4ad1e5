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

package io.observability.sample;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with a version of Spring Boot that the artifact is not for fails to
 * start, with a description. Runs in the modules for other versions of Spring Boot, which
 * say in system properties what is wrong in them.
 */
class UnsupportedBootIT {

	private static final String BOOT_3_ARTIFACT = "observability-starter-boot3";

	@Test
	void startFailsWithADescription() throws Exception {
		boolean boot3Artifact = Boolean.getBoolean("unsupported.boot3-artifact");
		assertThat(output(boot3Artifact)).contains("APPLICATION FAILED TO START")
			.contains("The application has Spring Boot " + System.getProperty("spring-boot.version") + ".")
			.contains(System.getProperty("unsupported.remedy"))
			.doesNotContain("\tat ");
	}

	private static String output(boolean boot3Artifact) throws Exception {
		Stream<String> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((entry) -> boot3Artifact || !entry.contains(BOOT_3_ARTIFACT));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-cp", String.join(File.pathSeparator, classPath.toList()),
						ShopApplication.class.getName(), "--server.port=0"));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor()).isEqualTo(1);
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
