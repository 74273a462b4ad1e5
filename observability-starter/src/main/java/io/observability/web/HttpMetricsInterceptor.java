package io.observability.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Tells the request that {@link HttpMetricsFilter} has under way which route it takes, as
 * soon as Spring MVC knows.
 */
public final class HttpMetricsInterceptor implements HandlerInterceptor {

	/** Request attribute with the {@link InFlightRequest}. */
	static final String IN_FLIGHT = InFlightRequest.class.getName();

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		InFlightRequest inFlight = inFlight(request);
		if (inFlight != null && request.getDispatcherType() != DispatcherType.ERROR) {
			noteRoute(request, inFlight);
		}
		return true;
	}

	static @Nullable InFlightRequest inFlight(ServletRequest request) {
		return (InFlightRequest) request.getAttribute(IN_FLIGHT);
	}

	static void noteRoute(HttpServletRequest request, InFlightRequest inFlight) {
		if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern) {
			inFlight.routed(pattern, request
				.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof ResourceHttpRequestHandler);
		}
	}

}
