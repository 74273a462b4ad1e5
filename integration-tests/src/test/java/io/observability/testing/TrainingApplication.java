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
package io.observability.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Loads the classes that most applications of the tests have in common, for the
 * {@link ClassArchive}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TrainingApplication {

	public static void main(String[] args) throws IOException {
		Path directory = Files.createTempDirectory("training");
		try (ConfigurableApplicationContext context = SpringApplication.run(TrainingApplication.class,
				"--server.port=0", "--observability.store.directory=" + directory.resolve("store"),
				"--logging.file.name=" + directory.resolve("app.log"),
				"--management.endpoints.web.exposure.include=*")) {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			for (String endpoint : new String[] { "prometheus", "fleet" }) {
				URL url = URI.create("http://localhost:" + port + "/actuator/" + endpoint).toURL();
				try (InputStream answer = url.openStream()) {
					answer.readAllBytes();
				}
			}
		}
		System.exit(0);
	}

}
