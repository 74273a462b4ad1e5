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

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Adds headers to servlet responses. It is an interceptor, and no filter, because filters
 * do not see the requests of a separate management port.
 */
public final class ResponseHeadersInterceptor implements HandlerInterceptor {

	private final ResponseHeaders headers;

	/**
	 * Creates an interceptor.
	 * @param headers values by the headers' names
	 */
	public ResponseHeadersInterceptor(Map<String, String> headers) {
		this.headers = new ResponseHeaders(headers);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		this.headers.addTo(response::containsHeader, response::addHeader);
		return true;
	}

}
