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

import java.nio.charset.StandardCharsets;
import java.util.Scanner;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose fleet page is looked at. It prints its ports, each in a line
 * {@code port <name> <number>}. A line of arguments on its standard input starts it anew
 * in the same process.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class FleetPageApplication {

	private static final Logger logger = LoggerFactory.getLogger(FleetPageApplication.class);

	public static void main(String[] args) {
		ConfigurableApplicationContext context = run(args);
		Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
		while (lines.hasNextLine()) {
			context.close();
			context = run(lines.nextLine().split(" ", -1));
		}
	}

	private static ConfigurableApplicationContext run(String... args) {
		ConfigurableApplicationContext context = SpringApplication.run(FleetPageApplication.class, args);
		System.out.println("started");
		return context;
	}

	@EventListener
	void opened(WebServerInitializedEvent event) {
		String name = event.getApplicationContext().getServerNamespace();
		System.out.println("port " + ((name != null) ? name : "server") + " " + event.getWebServer().getPort());
	}

	@RestController
	static class Work {

		@GetMapping("/work")
		String work() {
			return "done";
		}

		@GetMapping("/fail")
		String fail() {
			throw new IllegalStateException("the till is stuck");
		}

		@GetMapping("/log")
		String log(@RequestParam String level, @RequestParam String text) {
			logger.atLevel(Level.valueOf(level)).log(text);
			return "logged";
		}

	}

}
