package io.observability.web;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.MappedInterceptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of request against a real server.
 */
class HttpMetricsFilterTests {

	private static final double HELD_SECONDS = 3;

	private static final SignallingRegistry registry = new SignallingRegistry();

	private static final HttpClient client = HttpClient.newHttpClient();

	private static volatile Gate gate = new Gate();

	private static ServletWebServerApplicationContext application;

	private static int requests;

	private Map<String, Double> countedBefore;

	@BeforeAll
	static void start(@TempDir Path store) {
		application = (ServletWebServerApplicationContext) SpringApplication.run(TestApplication.class,
				"--server.port=0", "--server.shutdown=immediate", "--spring.application.name=shop",
				"--observability.store.directory=" + store, "--management.prometheus.metrics.export.enabled=false");
	}

	@AfterAll
	static void nothingWasCountedAfterAll() {
		application.close();
		assertThat(counted().values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(requests);
	}

	@BeforeEach
	void reset() {
		gate = new Gate();
		this.countedBefore = counted();
		requests++;
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			plain                           | false | GET  | /plain           | /plain           | 200
			HEAD                            | false | HEAD | /plain           | /plain           | 200
			path variable                   | false | GET  | /items/42        | /items/{id}      | 200
			error status                    | false | GET  | /status          | /status          | 409
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
			server-sent events              | true  | GET  | /sse             | /sse             | 200
			""")
	void isInProgressUntilItsTrueEnd(String kind, boolean async, String method, String path, String endpoint,
			int status) throws Exception {
		CompletableFuture<HttpResponse<String>> response = send(method, path);
		gate.awaitArrival();
		if (async) {
			gate.awaitDispatched();
		}
		assertThat(inProgress()).isEqualTo(Map.of(labels(endpoint, method), 1.0));
		assertThat(counted()).isEqualTo(this.countedBefore);
		double timedBefore = timed(endpoint);
		registry.advance(HELD_SECONDS);
		gate.open();
		assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(status);
		registry.awaitTimed();
		assertCountedOnce(endpoint, method, status);
		assertThat(timed(endpoint) - timedBefore).isEqualTo(HELD_SECONDS);
		assertThat(inProgress()).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			DeferredResult that times out   | GET     | /deferred-timeout     | /deferred-timeout | 503
			no such path                    | GET     | /nothing/here         | UNMATCHED         | 404
			method that is not supported    | POST    | /plain                | UNMATCHED         | 405
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
		assertThat(send(method, path).get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(status);
		registry.awaitTimed();
		assertCountedOnce(endpoint, method, status);
		assertThat(inProgress()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/endless", "/endless-streaming", "/endless-sse" })
	void isInProgressUntilItIsSeenThatTheClientHasGone(String path) throws Exception {
		try (Socket socket = new Socket("localhost", application.getWebServer().getPort())) {
			socket.getOutputStream()
				.write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path)
					.getBytes(StandardCharsets.US_ASCII));
			gate.awaitArrival();
			if (path.endsWith("sse"))
				gate.awaitDispatched();
			gate.open();
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			assertThat(inProgress()).isEqualTo(Map.of(labels(path, "GET"), 1.0));
			registry.advance(HELD_SECONDS);
			socket.setSoLinger(true, 0);
		}
		registry.awaitTimed();
		assertCountedOnce(path, "GET", 200);
		assertThat(timed(path)).isEqualTo(HELD_SECONDS);
		assertThat(inProgress()).isEmpty();
	}

	private static CompletableFuture<HttpResponse<String>> send(String method, String path) {
		URI uri = URI.create("http://localhost:" + application.getWebServer().getPort() + path);
		HttpRequest request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
		return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
	}

	private void assertCountedOnce(String endpoint, String method, int status) {
		Map<String, Double> counted = counted();
		this.countedBefore.forEach((labels, before) -> counted.merge(labels, -before, Double::sum));
		counted.values().removeIf((difference) -> difference == 0);
		assertThat(counted).isEqualTo(Map.of(labels(endpoint, method) + " " + status, 1.0));
	}

	private static String labels(String endpoint, String method) {
		return "shop " + (method.equals("BREW") ? "OTHER" : method) + " " + endpoint;
	}

	private static Map<String, Double> counted() {
		return registry.values("http.requests", "app_name", "method", "endpoint", "http_status");
	}

	private static Map<String, Double> inProgress() {
		Map<String, Double> values = registry.values("http.requests.in.progress", "app_name", "method", "endpoint");
		values.values().removeIf((value) -> value == 0);
		return values;
	}

	private static double timed(String endpoint) {
		Timer timer = registry.find("http.request.latency").tags("app_name", "shop", "endpoint", endpoint).timer();
		return (timer != null) ? timer.totalTime(TimeUnit.SECONDS) : 0;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestApplication {

		@Bean
		MeterRegistry meterRegistry() {
			return registry;
		}

		@Bean
		KindsOfRequests kindsOfRequests() {
			return new KindsOfRequests(() -> gate);
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
					case "timeout" -> request.startAsync().setTimeout(1);
					case "dispatch" -> request.startAsync().dispatch();
					default -> chain.doFilter(request, response);
				}
			};
		}

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> dispatchListener() {
			return (factory) -> factory.addContextValves(new DispatchValve(() -> gate));
		}

	}

}
