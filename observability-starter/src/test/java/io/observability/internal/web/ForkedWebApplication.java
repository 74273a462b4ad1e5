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

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An application of Boot's with a web server, of the kind that its class path allows. It
 * says its port, and ends with its standard input.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ ForkedWebApplication.AnyHandlers.class, ForkedWebApplication.ReactorHandlers.class,
		ForkedWebApplication.ServletHandlers.class })
class ForkedWebApplication {

	private static final Logger logger = LoggerFactory.getLogger(ForkedWebApplication.class);

	public static void main(String[] args) throws IOException {
		ConfigurableApplicationContext context = SpringApplication.run(ForkedWebApplication.class, args);
		System.out.println("port " + ((WebServerApplicationContext) context).getWebServer().getPort());
		while (System.in.read() >= 0) {
			// until the end
		}
		System.exit(0);
	}

	private static Executor afterMillis(long millis) {
		return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
	}

	/**
	 * Handlers for any kind of server.
	 */
	@RestController
	static class AnyHandlers {

		@GetMapping("/items/{id}")
		String item(@PathVariable String id) {
			logger.info("item {}", id);
			return id;
		}

		@GetMapping("/thrown")
		String thrown() {
			throw new IllegalStateException("thrown");
		}

		@PostMapping("/body")
		String body(@RequestBody String body) {
			return body;
		}

		@GetMapping("/future/{millis}")
		CompletableFuture<String> future(@PathVariable long millis) {
			return CompletableFuture.supplyAsync(() -> "future", afterMillis(millis));
		}

		@GetMapping("/future-thrown")
		CompletableFuture<String> futureThrown() {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException("thrown");
			}, afterMillis(1));
		}

	}

	/**
	 * Handlers for any kind of server, if Reactor is there.
	 */
	@RestController
	@ConditionalOnClass(Mono.class)
	static class ReactorHandlers {

		@GetMapping("/mono/{millis}")
		Mono<String> mono(@PathVariable long millis) {
			return Mono.delay(Duration.ofMillis(millis)).thenReturn("mono");
		}

		@GetMapping("/mono-timeout")
		Mono<String> monoTimeout() {
			return Mono.<String>never().timeout(Duration.ofMillis(10));
		}

		@GetMapping(path = "/flux/{count}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> flux(@PathVariable int count) {
			return Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().take(count).map(String::valueOf);
		}

	}

	/**
	 * Handlers for servlet containers.
	 */
	@RestController
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletHandlers {

		@GetMapping("/callable")
		Callable<String> callable() {
			return () -> "callable";
		}

		@GetMapping("/deferred-timeout")
		DeferredResult<String> deferredTimeout() {
			return new DeferredResult<>(10L);
		}

		@GetMapping("/streaming/{count}")
		StreamingResponseBody streaming(@PathVariable int count) {
			return (output) -> {
				for (int i = 0; i < count; i++) {
					output.write(new byte[1024]);
					output.flush();
				}
			};
		}

		@GetMapping("/emitter/{count}")
		SseEmitter emitter(@PathVariable int count) {
			SseEmitter emitter = new SseEmitter(0L);
			afterMillis(1).execute(() -> send(emitter, count));
			return emitter;
		}

		private static void send(SseEmitter emitter, int count) {
			try {
				emitter.send("event");
				if (count > 1) {
					afterMillis(1).execute(() -> send(emitter, count - 1));
				}
				else {
					emitter.complete();
				}
			}
			catch (IOException | IllegalStateException ex) {
				// The client has gone: the container ends the request.
			}
		}

	}

}
