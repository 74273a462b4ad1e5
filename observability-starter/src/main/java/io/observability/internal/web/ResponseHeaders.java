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
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Security headers that certain answers have in addition to those of the application.
 *
 * @param byName values by the headers' names
 */
record ResponseHeaders(Map<String, String> byName) {

	/** A browser enforces several policies, each in full. */
	private static final String POLICY = "Content-Security-Policy";

	/**
	 * Adds the headers to a response. A value that the application has set stays.
	 * @param present returns whether the response has a header
	 * @param response adds a header to the response
	 */
	void addTo(Predicate<String> present, BiConsumer<String, String> response) {
		this.byName.forEach((name, value) -> {
			if (name.equals(POLICY) || !present.test(name)) {
				response.accept(name, value);
			}
		});
	}

}
