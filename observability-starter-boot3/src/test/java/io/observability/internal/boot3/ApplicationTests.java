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

package io.observability.internal.boot3;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.observability.internal.registry.SharedMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application on Boot 3.5, with its Tomcat, Jackson and client_java.
 */
class ApplicationTests {

	@TempDir
	private static Path dir;

	private static ServletWebServerApplicationContext application;

	@BeforeAll
	static void start() {
		application = (ServletWebServerApplicationContext) SpringApplication.run(Application.class, "--server.port=0",
				"--spring.application.name=shop", "--observability.store.directory=" + dir.resolve("store"),
				"--logging.file.name=" + dir.resolve("shop.log"), "--logging.structured.format.file=ecs",
				"--management.endpoints.web.exposure.include=*", "--management.endpoint.health.show-details=always");
	}

	@AfterAll
	static void stop() {
		application.close();
		((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
	}

	@Test
	void requestsAreCounted() throws Exception {
		assertThat(get("/products/tea")).isEqualTo("tea");
		await().untilAsserted(() -> assertThat(get("/actuator/prometheus")).contains(
				"http_requests_total{app_name=\"shop\",endpoint=\"/products/{name}\",http_status=\"200\",method=\"GET\"} "));
	}

	@Test
	void sharedRegistryIsTheOnlyOne() {
		assertThat(application.getBean(MeterRegistry.class)).isInstanceOf(SharedMeterRegistry.class);
	}

	@Test
	void healthIsAComponent() throws Exception {
		assertThat(get("/actuator/health/observability")).contains("\"status\":\"UP\"");
	}

	@Test
	void fleetListsTheInstance() throws Exception {
		assertThat(get("/actuator/fleet")).contains("\"pid\":" + ProcessHandle.current().pid());
	}

	@Test
	void logIsStructured() {
		LoggerFactory.getLogger("shop").info("an order");
		await().untilAsserted(() -> assertThat(Files.readAllLines(dir.resolve("shop.log")))
			.filteredOn((line) -> line.contains("an order"))
			.singleElement()
			.asString()
			.contains("\"instance_id\":\"0\"", "\"service\":{\"name\":\"shop\""));
	}

	private static String get(String path) throws Exception {
		URI uri = URI.create("http://localhost:" + application.getWebServer().getPort() + path);
		return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		@GetMapping("/products/{name}")
		String product(@PathVariable("name") String name) {
			return name;
		}

	}

}
