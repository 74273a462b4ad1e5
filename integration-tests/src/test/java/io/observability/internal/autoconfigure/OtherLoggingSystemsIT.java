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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that don't log with Logback: Boot's recipe for Log4j2 is to leave out
 * Boot's starter for Logback and to add the one for Log4j2.
 */
class OtherLoggingSystemsIT {

	private static final String SYSTEM = "org.springframework.boot.logging.LoggingSystem";

	private static final List<String> LOGBACK = List.of("logback-", "log4j-to-slf4j", "jul-to-slf4j",
			"spring-boot-starter-logging");

	private static final String NEEDS_LOGBACK = "merged log needs Logback";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "without Logback, ''", "beside Logback, org.springframework.boot.logging.log4j2.Log4J2LoggingSystem" })
	void metricsEndpointAndPageWorkWithLog4j2(String name, String system) throws Exception {
		List<String> missing = system.isEmpty() ? LOGBACK : List.of("log4j-to-slf4j");
		Map<String, String> properties = system.isEmpty() ? Map.of()
				: Map.of(SYSTEM, system, "slf4j.provider", "org.apache.logging.slf4j.SLF4JServiceProvider");
		try (ForkedJvm jvm = ForkedJvm.startInstead(missing, log4j2(), FleetPageApplication.class, properties,
				"--server.port=0", "--management.endpoints.web.exposure.include=*",
				"--management.endpoint.health.show-components=always", "--logging.structured.format.file=ecs",
				"--logging.file.name=" + logFile(),
				"--observability.store.directory=" + this.directory.resolve("store"))) {
			String port = jvm.awaitLine("port server ").split(" ", -1)[2];
			jvm.awaitLine("started");
			get(port, "/log?level=INFO&text=logged", "*/*");
			assertThat(get(port, "/actuator/prometheus", "*/*")).contains("jvm_memory_used_bytes",
					"observability_instances 1.0");
			assertThat(get(port, "/actuator/fleet", "application/json")).contains("\"slot\":0");
			assertThat(get(port, "/actuator/fleet", "text/html")).contains("<html");
			assertThat(get(port, "/actuator/health", "*/*")).startsWith("{")
				.contains("\"observability\":{\"status\":\"UP\"");
			assertThat(get(port, "/actuator/loggers", "*/*")).contains("ROOT");
			// Another context of the same process.
			jvm.send("--server.port=0 --logging.file.name=" + logFile());
			jvm.awaitLine("started");
			jvm.terminate();
		}
		assertThat(Files.readAllLines(logFile())).filteredOn((line) -> line.contains(NEEDS_LOGBACK))
			.singleElement()
			.asString()
			.contains("Log4J2LoggingSystem");
		assertThat(Files.readString(logFile())).contains("\"message\":\"logged\"");
	}

	@Test
	void starterDoesNotBringLogbackItself() throws IOException {
		assertThat(Path.of("../observability-starter/pom.xml")).content()
			.containsPattern("<artifactId>logback-classic</artifactId>\\s*<optional>true</optional>");
	}

	@Test
	void javaUtilLoggingIsNoFailure() {
		try (ForkedJvm jvm = ForkedJvm.startWithout(List.of("logback-", "log4j-", "jul-to-slf4j"),
				LoggingApplication.class, "--logging.file.name=" + logFile(),
				"--observability.store.directory=" + this.directory.resolve("store"))) {
			jvm.awaitLine("started");
			jvm.terminate();
		}
	}

	@Test
	void noLoggingSystemIsNoFailure() {
		try (ForkedJvm jvm = ForkedJvm.start(LoggingApplication.class, Map.of(SYSTEM, "none"),
				"--logging.file.name=" + logFile(),
				"--observability.store.directory=" + this.directory.resolve("store"))) {
			jvm.awaitLine("started");
			jvm.terminate();
		}
	}

	private Path logFile() {
		return this.directory.resolve("app.log");
	}

	private static List<Path> log4j2() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target/log4j2"))) {
			return files.toList();
		}
	}

	private static String get(String port, String path, String accept) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Accept", accept)
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

}
