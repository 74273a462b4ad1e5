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

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.resource.ResourceWebHandler;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reports the route of a request to the {@link InFlightRequest} that
 * {@link HttpMetricsWebFilter} has created, as soon as Spring WebFlux knows it. WebFlux
 * has no callback between the choice of a handler and its call. So this is the first
 * mapping, which delegates to the others.
 */
public final class HttpMetricsHandlerMapping implements HandlerMapping, Ordered {

	private static final int SWITCHING_PROTOCOLS = 101;

	private final Supplier<@Nullable DispatcherHandler> dispatcher;

	private volatile @Nullable List<HandlerMapping> others;

	/**
	 * Creates a mapping.
	 * @param dispatcher supplies the dispatcher with the other mappings, or null if there
	 * is none or more than one
	 */
	public HttpMetricsHandlerMapping(Supplier<@Nullable DispatcherHandler> dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		InFlightRequest inFlight = exchange.getAttribute(InFlightRequest.ATTRIBUTE);
		if (inFlight == null) {
			return Mono.empty();
		}
		return Flux.fromIterable(others())
			.concatMap((mapping) -> mapping.getHandler(exchange))
			.next()
			.doOnNext((handler) -> {
				noteRoute(exchange, inFlight);
				inFlight.routed(HttpMeters.UNMATCHED, false);
				if (handler instanceof WebSocketHandler) {
					endWithHandshake(exchange.getResponse(), inFlight);
				}
			});
	}

	/** The request ends with the handshake. Netty sets its status only after this. */
	private static void endWithHandshake(ServerHttpResponse response, InFlightRequest inFlight) {
		response.beforeCommit(() -> Mono.fromRunnable(() -> {
			HttpStatusCode status = response.getStatusCode();
			inFlight.ended((status != null && status.isError()) ? status.value() : SWITCHING_PROTOCOLS);
		}));
	}

	private List<HandlerMapping> others() {
		List<HandlerMapping> known = this.others;
		return (known != null) ? known : findOthers();
	}

	private List<HandlerMapping> findOthers() {
		DispatcherHandler dispatcher = this.dispatcher.get();
		List<HandlerMapping> mappings = (dispatcher != null) ? dispatcher.getHandlerMappings() : null;
		List<HandlerMapping> others = (mappings != null)
				? mappings.stream().filter((mapping) -> mapping != this).toList() : List.of();
		this.others = others;
		return others;
	}

	static void noteRoute(ServerWebExchange exchange, InFlightRequest inFlight) {
		Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		if (pattern != null) {
			inFlight.routed(pattern.toString(), exchange
				.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof ResourceWebHandler);
		}
	}

}
