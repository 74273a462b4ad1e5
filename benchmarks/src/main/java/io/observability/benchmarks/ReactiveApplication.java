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

package io.observability.benchmarks;

import java.io.IOException;
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * A reactive Spring Boot application with the starter, and with its request filter or
 * without it.
 */
@EnableAutoConfiguration
@Import(ReactiveApplication.Products.class)
public class ReactiveApplication {

	private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m");

	/** Starts the application with a fleet of its own in the folder. */
	static ChildProcess start(TemporaryFolder folder, boolean withFilter, int port) throws IOException {
		return ChildProcess.startJvm(JVM_OPTIONS, ReactiveApplication.class,
				List.of("--server.port=" + port,
						"--observability.store.directory=" + folder.path().resolve("store-" + port),
						"--observability.http.enabled=" + withFilter));
	}

	/**
	 * Runs the application until its standard input ends.
	 * @param args Spring Boot's
	 * @throws IOException if the standard input can't be read
	 */
	public static void main(String[] args) throws IOException {
		new SpringApplicationBuilder(ReactiveApplication.class).web(WebApplicationType.REACTIVE).run(args);
		while (System.in.read() >= 0) {
			// until the end
		}
		System.exit(0);
	}

	/**
	 * The handler.
	 */
	@RestController
	static class Products {

		@GetMapping("/products/{name}")
		Mono<Product> product(@PathVariable String name) {
			return Mono.just(new Product(name, 100));
		}

	}

	/**
	 * What is answered, as JSON.
	 *
	 * @param name of the product
	 * @param price of the product
	 */
	record Product(String name, int price) {
	}

}
