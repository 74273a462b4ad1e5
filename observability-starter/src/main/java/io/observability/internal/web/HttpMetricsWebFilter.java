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

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Counts and times each reactive request once, when it really ends: when the response has
 * been written, or the client has disconnected. {@link HttpMetricsHandlerMapping} reports
 * the route, which begins the time in progress.
 */
public final class HttpMetricsWebFilter implements WebFilter {

	private static final int OK = 200;

	/** The status that nginx logs in this case; RFC 9110 defines none. */
	private static final int CLIENT_CLOSED_REQUEST = 499;

	private final HttpMeters meters;

	private final RequestPaths paths;

	private final ApplicationContext application;

	/**
	 * Creates a filter.
	 * @param registry records the requests
	 * @param appName value of the label {@code app_name}
	 * @param buckets upper bounds of the latency buckets in increasing order
	 * @param paths which requests are recorded
	 * @param application the context whose requests are recorded: its filters also see
	 * the requests of a separate management context
	 */
	public HttpMetricsWebFilter(MeterRegistry registry, String appName, List<Duration> buckets, RequestPaths paths,
			ApplicationContext application) {
		this.meters = new HttpMeters(registry, appName, buckets);
		this.paths = paths;
		this.application = application;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (!this.application.equals(exchange.getApplicationContext())
				|| !this.paths.includes(exchange.getRequest().getPath().pathWithinApplication())) {
			return chain.filter(exchange);
		}
		InFlightRequest inFlight = new InFlightRequest(this.meters, exchange.getRequest().getMethod().name());
		exchange.getAttributes().put(InFlightRequest.ATTRIBUTE, inFlight);
		return chain.filter(exchange).doFinally((signal) -> {
			// Again, because an earlier mapping may have chosen the handler.
			HttpMetricsHandlerMapping.noteRoute(exchange, inFlight);
			leave(signal, exchange.getResponse(), inFlight);
		});
	}

	/**
	 * Handles the end of the filter chain. An error is answered outside of this filter,
	 * later or just now by another thread.
	 */
	private static void leave(SignalType signal, ServerHttpResponse response, InFlightRequest inFlight) {
		if (signal == SignalType.CANCEL && !response.isCommitted()) {
			inFlight.ended(CLIENT_CLOSED_REQUEST);
		}
		else if (signal == SignalType.ON_ERROR && !response.isCommitted()) {
			ErrorResponse.await(response, inFlight);
		}
		else {
			inFlight.ended(status(response));
		}
	}

	private static int status(ServerHttpResponse response) {
		HttpStatusCode status = response.getStatusCode();
		return (status != null) ? status.value() : OK;
	}

	/**
	 * Ends a request when its error response is about to be sent. If the client has
	 * disconnected, there may never be one: then the cleaner ends the request when the
	 * response is collected as garbage.
	 */
	private record ErrorResponse(InFlightRequest inFlight,
			ServerHttpResponse response) implements Supplier<Mono<Void>> {

		private static final Cleaner cleaner = Cleaner.create();

		static void await(ServerHttpResponse response, InFlightRequest inFlight) {
			ErrorResponse answer = new ErrorResponse(inFlight, response);
			response.beforeCommit(answer);
			cleaner.register(answer, () -> inFlight.ended(CLIENT_CLOSED_REQUEST));
			if (response.isCommitted()) {
				// by another thread, which may not have run the action
				answer.end();
			}
		}

		@Override
		public Mono<Void> get() {
			return Mono.fromRunnable(this::end);
		}

		private void end() {
			this.inFlight.ended(status(this.response));
		}

	}

}
