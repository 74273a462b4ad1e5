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

import java.util.Map;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Adds headers to reactive responses, also to those of a separate management port.
 */
public final class ResponseHeadersWebFilter implements WebFilter {

	private final RequestPaths paths;

	private final ResponseHeaders headers;

	/**
	 * Creates a filter.
	 * @param paths which requests are answered with the headers
	 * @param headers values by the headers' names
	 */
	public ResponseHeadersWebFilter(RequestPaths paths, Map<String, String> headers) {
		this.paths = paths;
		this.headers = new ResponseHeaders(headers);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.paths.includes(exchange.getRequest().getPath().pathWithinApplication())) {
			exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> {
				HttpHeaders response = exchange.getResponse().getHeaders();
				this.headers.addTo((name) -> response.getFirst(name) != null, response::add);
			}));
		}
		return chain.filter(exchange);
	}

}
