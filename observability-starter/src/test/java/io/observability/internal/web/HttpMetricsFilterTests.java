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
import java.util.Map;
import java.util.Set;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of request against real servers.
 */
@ParameterizedClass
@EnumSource
class HttpMetricsFilterTests {

	private static ObservedApplication application;

	private static int requests;

	HttpMetricsFilterTests(Server server) {
	}

	@BeforeParameterizedClassInvocation
	static void start(Server server, @TempDir Path store) {
		requests = 0;
		application = new ObservedApplication(WebApplicationType.SERVLET, TestApplication.class, store,
				"--server=" + server);
	}

	@AfterParameterizedClassInvocation
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
			plain                           | false | GET  | /plain           | /plain           | 200
			HEAD                            | false | HEAD | /plain           | /plain           | 200
			path variable                   | false | GET  | /items/42        | /items/{id}      | 200
			error status                    | false | GET  | /status          | /status          | 409
			multipart                       | false | POST | /upload          | /upload          | 200
			functional route                | false | GET  | /functions/42    | /functions/{id}  | 200
			functional route without path   | false | GET  | /by-parameter?function | UNMATCHED  | 200
			sendError                       | false | GET  | /send-error      | /send-error      | 410
			thrown exception                | false | GET  | /thrown          | /thrown          | 500
			forward                         | false | GET  | /forward         | /forward         | 200
			unknown method that is handled  | false | BREW | /any-method      | /any-method      | 200
			dispatch by a filter, Callable  | true  | GET  | /callable?filter=dispatch | /callable | 200
			Callable                        | true  | GET  | /callable        | /callable        | 200
			Callable that throws            | true  | GET  | /callable-thrown | /callable-thrown | 500
			DeferredResult                  | true  | GET  | /deferred        | /deferred        | 200
			DeferredResult with an error    | true  | GET  | /deferred-error  | /deferred-error  | 500
			CompletableFuture               | true  | GET  | /future          | /future          | 200
			StreamingResponseBody           | true  | GET  | /streaming       | /streaming       | 200
			Flux                            | true  | GET  | /flux            | /flux            | 200
			server-sent events              | true  | GET  | /sse             | /sse             | 200
			""")
	void isInProgressUntilItsTrueEnd(String kind, boolean async, String method, String path, String endpoint,
			int status) throws Exception {
		application.assertInProgressUntilItsTrueEnd(async, method, path, endpoint, status);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			DeferredResult that times out   | GET     | /deferred-timeout     | /deferred-timeout | 503
			no such path                    | GET     | /nothing/here         | UNMATCHED         | 404
			method that is not supported    | POST    | /plain                | UNMATCHED         | 405
			static resource, other method   | POST    | /file.txt             | UNMATCHED         | 405
			unknown method                  | BREW    | /plain                | UNMATCHED         | 405
			OPTIONS                         | OPTIONS | /plain                | UNMATCHED         | 200
			static resource                 | GET     | /file.txt             | /**               | 200
			filter that throws              | GET     | /plain?filter=throw   | UNMATCHED         | 500
			filter that answers             | GET     | /plain?filter=answer  | UNMATCHED         | 401
			filter that lets it time out    | GET     | /plain?filter=timeout | UNMATCHED         | 500
			interceptor before ours         | GET     | /intercepted          | /intercepted      | 403
			actuator                        | GET     | /actuator/health      | /actuator/health  | 200
			""")
	void isCountedOnce(String kind, String method, String path, String endpoint, int status) throws Exception {
		application.assertCountedOnce(method, path, endpoint, status);
	}

	@ParameterizedTest
	@CsvSource({ "/endless, false", "/endless-streaming, false", "/endless-sse, true" })
	void isInProgressUntilItIsSeenThatTheClientHasGone(String path, boolean async) throws Exception {
		application.assertInProgressUntilTheClientHasGone(async, path);
	}

	@Test
	void upgradeToWebSocketEndsWithItsHandshake() throws Exception {
		application.assertUpgradeEndsWithItsHandshake("/websocket");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		KindsOfRequests kindsOfRequests(ObservedApplication.GateKeeper gate, @Value("${server}") Server server) {
			return new KindsOfRequests(gate, server.endlessTimeout);
		}

		@Bean
		MappedInterceptor interceptorThatAnswers() {
			return new MappedInterceptor(new String[] { "/intercepted" }, new HandlerInterceptor() {

				@Override
				public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
					response.setStatus(403);
					return false;
				}

			});
		}

		@Bean
		Filter filterThatKeepsTheRequestFromItsHandler() {
			return (request, response, chain) -> {
				switch (String.valueOf(request.getParameter("filter"))) {
					case "throw" -> throw new IllegalStateException("thrown");
					case "answer" -> ((HttpServletResponse) response).setStatus(401);
					case "timeout" -> request.startAsync().setTimeout(50);
					case "dispatch" -> request.startAsync().dispatch();
					default -> chain.doFilter(request, response);
				}
			};
		}

		@Bean
		RouterFunction<ServerResponse> functions(ObservedApplication.GateKeeper gate) {
			HandlerFunction<ServerResponse> handler = (request) -> {
				gate.get().pass();
				return ServerResponse.ok().build();
			};
			return RouterFunctions.route()
				.path("/functions", (nested) -> nested.GET("/{id}", handler))
				.route(RequestPredicates.param("function", (value) -> true), handler)
				.build();
		}

		@Bean
		HandlerMapping webSockets() {
			return new SimpleUrlHandlerMapping(
					Map.of("/websocket", new WebSocketHttpRequestHandler(new TextWebSocketHandler(),
							new DefaultHandshakeHandler(new StandardWebSocketUpgradeStrategy()))),
					0);
		}

		@Bean
		@ConditionalOnProperty(name = "server", havingValue = "TOMCAT")
		TomcatServletWebServerFactory tomcat(ObservedApplication.GateKeeper gate) {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
			factory.addContextValves(new DispatchValve(gate));
			factory.addContextCustomizers((context) -> context.addServletContainerInitializer(new WsSci(), Set.of()));
			return factory;
		}

		@Bean
		@ConditionalOnProperty(name = "server", havingValue = "JETTY")
		JettyServletWebServerFactory jetty(ObservedApplication.GateKeeper gate) {
			JettyServletWebServerFactory factory = new JettyServletWebServerFactory();
			factory.addServerCustomizers((server) -> {
				ServletContextHandler context = server.getDescendant(ServletContextHandler.class);
				JakartaWebSocketServletContainerInitializer.configure(context, null);
				server.setHandler(new DispatchHandler(server.getHandler(), gate));
			});
			return factory;
		}

	}

	enum Server {

		/** Misses in rare cases that the client of an asynchronous request has gone. */
		TOMCAT(20_000),

		/** Does not tell when the client of an asynchronous request has gone. */
		JETTY(2_000);

		private final long endlessTimeout;

		Server(long endlessTimeout) {
			this.endlessTimeout = endlessTimeout;
		}

	}

}
