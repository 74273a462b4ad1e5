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

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Reports the route of a request to the {@link InFlightRequest} that
 * {@link HttpMetricsFilter} has created, as soon as Spring MVC knows it.
 */
public final class HttpMetricsInterceptor implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		InFlightRequest inFlight = inFlight(request);
		if (inFlight != null && request.getDispatcherType() != DispatcherType.ERROR) {
			noteRoute(request, inFlight);
			inFlight.routed(HttpMeters.UNMATCHED, false);
		}
		return true;
	}

	static @Nullable InFlightRequest inFlight(ServletRequest request) {
		return (InFlightRequest) request.getAttribute(InFlightRequest.ATTRIBUTE);
	}

	static void noteRoute(HttpServletRequest request, InFlightRequest inFlight) {
		if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern) {
			inFlight.routed(pattern, request
				.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof ResourceHttpRequestHandler);
		}
	}

}
