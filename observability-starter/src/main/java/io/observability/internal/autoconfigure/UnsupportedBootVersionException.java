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

package io.observability.internal.autoconfigure;

/**
 * Thrown when the application has a version of Spring Boot that the starter, or this
 * artifact of it, is not for.
 */
class UnsupportedBootVersionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param description what is wrong
	 * @param remedy what to do, as a sentence
	 */
	UnsupportedBootVersionException(String description, String remedy) {
		super(description);
		this.remedy = remedy;
	}

	String getRemedy() {
		return this.remedy;
	}

}
