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

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of request against Netty.
 */
class HttpMetricsWebFilterTests {

	private static ObservedApplication application;

	private static int requests;

	@BeforeAll
	static void start(@TempDir Path store) {
		application = new ObservedApplication(WebApplicationType.REACTIVE, TestApplication.class, store);
	}

	@AfterAll
	static void nothingWasCountedAfterAll() {
		application.close();
		assertThat(application.counted().values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(requests);
	}

	@BeforeEach
	void reset() {
		application.reset();
		requests++;
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			plain                          | GET  | /plain                    | /plain             | 200
			HEAD                           | HEAD | /plain                    | /plain             | 200
			path variable                  | GET  | /items/42                 | /items/{id}        | 200
			error status                   | GET  | /status                   | /status            | 409
			exception with a status        | GET  | /status-exception         | /status-exception  | 410
			thrown exception               | GET  | /thrown                   | /thrown            | 500
			thrown exception, slow answer  | GET  | /thrown?filter=slow-error | /thrown            | 503
			exception that is handled      | GET  | /handled-exception        | /handled-exception | 501
			unknown method that is handled | BREW | /any-method               | /any-method        | 200
			Flux                           | GET  | /flux                     | /flux              | 200
			server-sent events             | GET  | /sse                      | /sse               | 200
			multipart                      | POST | /upload                   | /upload            | 200
			functional route               | GET  | /functions/42             | /functions/{id}    | 200
			functional route without path  | GET  | /by-parameter?function    | UNMATCHED          | 200
			""")
	void isInProgressUntilItsTrueEnd(String kind, String method, String path, String endpoint, int status)
			throws Exception {
		application.assertInProgressUntilItsTrueEnd(false, method, path, endpoint, status);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			timeout                         | GET     | /timeout            | /timeout         | 500
			no such path                    | GET     | /nothing/here       | UNMATCHED        | 404
			method that is not supported    | POST    | /plain              | UNMATCHED        | 405
			static resource, other method   | POST    | /file.txt           | UNMATCHED        | 405
			unknown method                  | BREW    | /plain              | UNMATCHED        | 405
			OPTIONS                         | OPTIONS | /plain              | UNMATCHED        | 200
			static resource                 | GET     | /file.txt           | /**              | 200
			filter that throws              | GET     | /plain?filter=throw | UNMATCHED        | 500
			filter that answers             | GET     | /plain?filter=answer | UNMATCHED       | 401
			WebSocket without a handshake   | GET     | /websocket          | /websocket       | 400
			actuator                        | GET     | /actuator/health    | /actuator/health | 200
			""")
	void isCountedOnce(String kind, String method, String path, String endpoint, int status) throws Exception {
		application.assertCountedOnce(method, path, endpoint, status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/endless", "/endless-sse" })
	void isInProgressUntilTheClientHasGone(String path) throws Exception {
		application.assertInProgressUntilTheClientHasGone(false, path);
	}

	@Test
	void errorAfterTheResponseHasBegunDoesNotChangeItsStatus() throws Exception {
		application.assertEndsWithABrokenResponse("/failing", 200);
	}

	@Test
	void endsWhenTheClientGoesBeforeTheResponse() throws Exception {
		application.assertEndsWhenTheClientGoesBeforeTheResponse("/never", 499);
	}

	@Test
	void upgradeToWebSocketEndsWithItsHandshake() throws Exception {
		application.assertUpgradeEndsWithItsHandshake("/websocket");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		KindsOfReactiveRequests kindsOfReactiveRequests(ObservedApplication.GateKeeper gate) {
			return new KindsOfReactiveRequests(gate);
		}

		@Bean
		RouterFunction<ServerResponse> functions(KindsOfReactiveRequests kinds) {
			return RouterFunctions.route()
				.path("/functions",
						(nested) -> nested.GET("/{id}",
								(request) -> kinds.whenOpen().then(ServerResponse.ok().build())))
				.route(RequestPredicates.queryParam("function", (value) -> true),
						(request) -> kinds.whenOpen().then(ServerResponse.ok().build()))
				.build();
		}

		@Bean
		HandlerMapping webSockets() {
			WebSocketHandler untilClosed = (session) -> session.receive().then();
			return new SimpleUrlHandlerMapping(Map.of("/websocket", untilClosed), 0);
		}

		@Bean
		WebFluxConfigurer webSocketsOfNetty() {
			return new WebFluxConfigurer() {

				@Override
				public WebSocketService getWebSocketService() {
					return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy());
				}

			};
		}

		@Bean
		WebFilter filterThatKeepsTheRequestFromItsHandler() {
			return (exchange,
					chain) -> switch (String.valueOf(exchange.getRequest().getQueryParams().getFirst("filter"))) {
						case "throw" -> Mono.error(new IllegalStateException("thrown"));
						case "answer" -> {
							exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
							yield exchange.getResponse().setComplete();
						}
						default -> chain.filter(exchange);
					};
		}

		/** Answers on another thread, after the error has left all filters. */
		@Bean
		@Order(-2)
		WebExceptionHandler slowErrorHandler() {
			return (exchange, error) -> {
				if (!exchange.getRequest().getURI().toString().endsWith("slow-error")) {
					return Mono.error(error);
				}
				return Mono.delay(Duration.ofMillis(50)).then(Mono.defer(() -> {
					exchange.getResponse().setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
					return exchange.getResponse().setComplete();
				}));
			};
		}

	}

}
