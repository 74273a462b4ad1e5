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
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What the filter does when others fail.
 */
class HttpMetricsResilienceTests {

	private HttpMetricsFilter filter;

	@Test
	void answersRequestsAndWarnsOnceWhenMetersCanNotBeRegistered() throws Exception {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				throw new IllegalStateException("no meters today");
			}

		});
		this.filter = filter(registry);
		RecordingHandler log = new RecordingHandler();
		Logger logger = Logger.getLogger(HttpMeters.class.getName());
		logger.addHandler(log);
		try {
			assertThat(answer()).isEqualTo("answer");
			assertThat(answer()).isEqualTo("answer");
		}
		finally {
			logger.removeHandler(log);
		}
		assertThat(log.records).singleElement()
			.satisfies((record) -> assertThat(record.getMessage()).startsWith("request metrics are incomplete"));
	}

	@Test
	void countsTheStatusThatTheClientHasSeenWhenAnExceptionComesLater() {
		MeterRegistry registry = new SimpleMeterRegistry();
		this.filter = filter(registry);
		assertThatIllegalStateException().isThrownBy(
				() -> this.filter.doFilter(requestRoutedTo("/late"), new MockHttpServletResponse(), (req, res) -> {
					res.flushBuffer();
					throw new IllegalStateException("late");
				}));
		assertThat(registry.get("http.requests").counter().getId().getTag("http_status")).isEqualTo("200");
	}

	@Test
	void endsAsynchronousRequestThatFailsWhenNobodyCanAnswerItAnyMore() throws Exception {
		SignallingRegistry registry = new SignallingRegistry();
		this.filter = filter(registry);
		MockHttpServletRequest request = requestRoutedTo("/gone");
		request.setAsyncSupported(true);
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.filter.doFilter(request, response, (req, res) -> req.startAsync());
		MockAsyncContext async = (MockAsyncContext) request.getAsyncContext();
		AsyncEvent event = new AsyncEvent(async, new IOException("client gone"));
		AsyncListener listener = async.getListeners().get(0);
		listener.onError(event);
		assertThat(registry.find("http.requests").counter()).isNull();
		response.setCommitted(true);
		listener.onError(event);
		listener.onComplete(event);
		assertThat(registry.get("http.requests").tag("http_status", "200").counter().count()).isOne();
	}

	@Test
	void endsAsynchronousRequestThatTheContainerForgets() throws Exception {
		SignallingRegistry registry = new SignallingRegistry();
		this.filter = filter(registry);
		startAsync(registry);
		await().until(() -> {
			System.gc();
			return registry.find("http.requests").counter() != null;
		});
		registry.awaitTimed();
		assertThat(inProgress(registry)).isZero();
		assertThat(registry.get("http.requests").tag("endpoint", "/forgotten").counter().count()).isOne();
	}

	/** On return there is no reference to the request, as when a container reuses it. */
	private void startAsync(MeterRegistry registry) throws IOException, ServletException {
		MockHttpServletRequest request = requestRoutedTo("/forgotten");
		request.setAsyncSupported(true);
		try {
			this.filter.doFilter(request, new MockHttpServletResponse(), (req, res) -> req.startAsync());
			assertThat(inProgress(registry)).isOne();
		}
		finally {
			Reference.reachabilityFence(request);
		}
	}

	private String answer() throws IOException, ServletException {
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.filter.doFilter(requestRoutedTo("/plain"), response, (req, res) -> res.getWriter().write("answer"));
		return response.getContentAsString();
	}

	private static HttpMetricsFilter filter(MeterRegistry registry) {
		return new HttpMetricsFilter(registry, "shop", List.of(Duration.ofSeconds(1)),
				new RequestPaths(List.of(), List.of()));
	}

	private static MockHttpServletRequest requestRoutedTo(String endpoint) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, endpoint);
		return request;
	}

	private static double inProgress(MeterRegistry registry) {
		return registry.get("http.requests.in.progress").tag("endpoint", "/forgotten").gauge().value();
	}

	private static final class RecordingHandler extends Handler {

		private final List<LogRecord> records = new ArrayList<>();

		@Override
		public void publish(LogRecord record) {
			this.records.add(record);
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
