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

package io.observability.internal.web;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.observability.testing.ForkedJvm;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that Spring has processed ahead of time, with the starter switched on,
 * on the JVM.
 */
class AheadOfTimeIT {

	private static final String EXPOSURE = "--management.endpoints.web.exposure.include=*";

	@TempDir
	private static Path generated;

	@TempDir
	private Path directory;

	@BeforeAll
	static void process() throws IOException {
		try (ForkedJvm processor = ForkedJvm.start(SpringApplicationAotProcessor.class, Map.of(),
				ForkedWebApplication.class.getName(), generated.resolve("sources").toString(),
				generated.resolve("resources").toString(), classes().toString(), "group", "artifact", EXPOSURE)) {
			assertThat(processor.awaitExit()).isZero();
		}
		List<String> options = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes().toString(), "-cp",
				classes() + File.pathSeparator + System.getProperty("java.class.path")));
		try (Stream<Path> sources = Files.walk(generated.resolve("sources"))) {
			sources.filter(Files::isRegularFile).map(Path::toString).forEach(options::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new))).isZero();
	}

	private static Path classes() {
		return generated.resolve("classes");
	}

	@Test
	void worksAsOtherwise() throws Exception {
		try (ForkedJvm jvm = start()) {
			int port = port(jvm);
			assertThat(get(port, "/items/1")).isEqualTo("1");
			Awaitility.await()
				.untilAsserted(() -> assertThat(get(port, "/actuator/prometheus")).contains(
						"http_requests_total{app_name=\"shop\",endpoint=\"/items/{id}\",http_status=\"200\",method=\"GET\"} 1.0"));
			assertThat(get(port, "/actuator/fleet")).contains("\"pid\":" + jvm.pid());
			assertThat(this.directory.resolve("store/slots/0/lock")).exists();
		}
	}

	@Test
	void canBeSwitchedOffWhenItRuns() throws Exception {
		try (ForkedJvm jvm = start("--observability.enabled=false")) {
			int port = port(jvm);
			assertThat(get(port, "/items/1")).isEqualTo("1");
			Awaitility.await()
				.untilAsserted(() -> assertThat(get(port, "/actuator/prometheus"))
					.contains("http_server_requests_seconds_count{", "uri=\"/items/{id}\"")
					.doesNotContain("http_requests_total", "http_requests_in_progress"));
			assertThat(get(port, "/actuator/health")).contains("\"observability\":{\"status\":\"UNKNOWN\"");
			assertThat(this.directory.resolve("store")).doesNotExist();
		}
	}

	private static int port(ForkedJvm jvm) {
		return Integer.parseInt(jvm.awaitLine("port ").substring("port ".length()));
	}

	private static String get(int port, String path) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
					HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private ForkedJvm start(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.application.name=shop",
				"--observability.store.directory=" + this.directory.resolve("store"), EXPOSURE,
				"--management.endpoint.health.show-components=always"));
		arguments.addAll(List.of(properties));
		return ForkedJvm.startWith(List.of(classes(), generated.resolve("resources")), ForkedWebApplication.class,
				Map.of("spring.aot.enabled", "true"), arguments.toArray(String[]::new));
	}

}
