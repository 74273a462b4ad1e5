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
import java.time.Duration;
import java.util.Scanner;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;

/**
 * An application of Boot's that logs on request. Commands are lines on the standard
 * input: {@code log <prefix> <count>}, {@code fail}, {@code run} for another context,
 * {@code hook <prefix> <count>} to log in a shutdown hook after all others, {@code exit}.
 */
@Configuration(proxyBeanMethods = false)
class LoggingApplication {

	private static final Logger logger = LoggerFactory.getLogger(LoggingApplication.class);

	public static void main(String[] args) {
		run(args);
		System.out.println("started");
		Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8);
		while (commands.hasNext()) {
			switch (commands.next()) {
				case "log" -> log(commands.next(), commands.nextInt());
				case "fail" -> logger.error("failed on purpose", new IllegalStateException("why"));
				case "run" -> run(args);
				case "hook" -> hook(commands.next(), commands.nextInt());
				default -> System.exit(0);
			}
			System.out.println("done");
		}
	}

	static void run(String... args) {
		SpringApplication application = new SpringApplication(LoggingApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(!Boolean.getBoolean("withoutShutdownHook"));
		application.run(args);
	}

	/** Logs when the appender has been stopped, or at once if it never is. */
	private static void hook(String prefix, int count) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
			while (isRunning("observability-shutdown-FILE") && System.nanoTime() < deadline) {
				Thread.onSpinWait();
			}
			log(prefix, count);
		}));
	}

	private static boolean isRunning(String thread) {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((other) -> other.getName().equals(thread));
	}

	private static void log(String prefix, int count) {
		for (int i = 1; i <= count; i++) {
			logger.info("event {} {}", prefix, i);
		}
	}

}
