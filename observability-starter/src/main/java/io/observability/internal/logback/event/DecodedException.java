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

package io.observability.internal.logback.event;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception of another process, whose class this process may not have.
 */
@SuppressWarnings("OverrideThrowableToString") // the text has another class's name
final class DecodedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final @Nullable String text;

	DecodedException(@Nullable String message, @Nullable String text) {
		super(message);
		this.text = text;
	}

	@Override
	public String toString() {
		return String.valueOf(this.text);
	}

	/** The other process's frames are set later. */
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
