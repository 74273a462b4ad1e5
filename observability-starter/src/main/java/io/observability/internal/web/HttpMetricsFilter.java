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
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Counts and times each servlet request once, when it really ends: when the chain
 * returns, or when an asynchronous request completes. Filters the REQUEST dispatch only.
 * {@link HttpMetricsInterceptor} reports the route, which begins the time in progress.
 */
public final class HttpMetricsFilter implements Filter {

	private final HttpMeters meters;

	private final RequestPaths paths;

	/**
	 * Creates a filter.
	 * @param registry records the requests
	 * @param appName value of the label {@code app_name}
	 * @param buckets upper bounds of the latency buckets in increasing order
	 * @param paths which requests are recorded
	 */
	public HttpMetricsFilter(MeterRegistry registry, String appName, List<Duration> buckets, RequestPaths paths) {
		this.meters = new HttpMeters(registry, appName, buckets);
		this.paths = paths;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest httpRequest && response instanceof HttpServletResponse httpResponse
				&& HttpMetricsInterceptor.inFlight(request) == null
				&& this.paths.includes(httpRequest.getRequestURI(), httpRequest.getContextPath())) {
			measure(httpRequest, httpResponse, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void measure(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		InFlightRequest inFlight = new InFlightRequest(this.meters, request.getMethod());
		request.setAttribute(InFlightRequest.ATTRIBUTE, inFlight);
		boolean thrown = true;
		try {
			chain.doFilter(request, response);
			thrown = false;
		}
		finally {
			// Again, because an earlier interceptor may have answered. Not later, because
			// after an asynchronous failure the route is that of the error page.
			HttpMetricsInterceptor.noteRoute(request, inFlight);
			if (request.isAsyncStarted()) {
				Completion.await(request, response, inFlight);
			}
			else {
				inFlight.ended((thrown && !response.isCommitted()) ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR
						: response.getStatus());
			}
		}
	}

	/**
	 * Ends an asynchronous request when the container completes it. Until then, the
	 * container or a handler may still choose the status after a timeout or an error.
	 * Once the response is committed, the status is final, and an error ends the request.
	 * <p>
	 * A container may never complete a request. Tomcat 11.0.24 reports an error when the
	 * client disconnects, and often nothing after that. If another thread is writing
	 * while the container's thread leaves the request, it reports nothing at all. In all
	 * these cases it drops its reference to this listener, so the cleaner ends the
	 * request.
	 */
	private record Completion(InFlightRequest inFlight, HttpServletResponse response) implements AsyncListener {

		private static final Cleaner cleaner = Cleaner.create();

		static void await(HttpServletRequest request, HttpServletResponse response, InFlightRequest inFlight) {
			Completion completion = new Completion(inFlight, response);
			request.getAsyncContext().addListener(completion);
			int status = response.getStatus();
			cleaner.register(completion, () -> inFlight.ended(status));
		}

		@Override
		public void onComplete(AsyncEvent event) {
			this.inFlight.ended(this.response.getStatus());
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
			if (this.response.isCommitted()) {
				this.inFlight.ended(this.response.getStatus());
			}
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			// the container has removed its listeners
			event.getAsyncContext().addListener(this);
		}

	}

}
