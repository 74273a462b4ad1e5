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

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the value of a property is invalid. The start then fails with a message
 * that names the property, the value and the remedy.
 */
class InvalidPropertyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param property full name of the property
	 * @param value its value
	 * @param remedy what to do, as a sentence
	 */
	InvalidPropertyException(String property, @Nullable Object value, String remedy) {
		super("invalid property: %s=%s".formatted(property, value));
		this.property = property;
		this.value = String.valueOf(value);
		this.remedy = remedy;
	}

	String getProperty() {
		return this.property;
	}

	String getValue() {
		return this.value;
	}

	String getRemedy() {
		return this.remedy;
	}

}
