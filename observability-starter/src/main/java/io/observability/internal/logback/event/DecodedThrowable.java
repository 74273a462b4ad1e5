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

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** The exception of a {@link DecodedEvent}. */
final class DecodedThrowable implements IThrowableProxy {

	private final @Nullable String className;

	private final @Nullable String message;

	private final @Nullable String overridingMessage;

	private final int commonFrames;

	private final boolean cyclic;

	private final StackTraceElementProxy[] frames;

	private final @Nullable DecodedThrowable cause;

	private final DecodedThrowable[] suppressed;

	DecodedThrowable(@Nullable String className, @Nullable String message, @Nullable String overridingMessage,
			int commonFrames, boolean cyclic, StackTraceElementProxy[] frames, @Nullable DecodedThrowable cause,
			DecodedThrowable[] suppressed) {
		this.className = className;
		this.message = message;
		this.overridingMessage = overridingMessage;
		this.commonFrames = commonFrames;
		this.cyclic = cyclic;
		this.frames = frames;
		this.cause = cause;
		this.suppressed = suppressed;
	}

	@Override
	public @Nullable String getMessage() {
		return this.message;
	}

	@Override
	public @Nullable String getOverridingMessage() {
		return this.overridingMessage;
	}

	@Override
	public @Nullable String getClassName() {
		return this.className;
	}

	@Override
	public StackTraceElementProxy[] getStackTraceElementProxyArray() {
		return this.frames;
	}

	@Override
	public int getCommonFrames() {
		return this.commonFrames;
	}

	@Override
	public @Nullable IThrowableProxy getCause() {
		return this.cause;
	}

	@Override
	public IThrowableProxy[] getSuppressed() {
		return this.suppressed;
	}

	@Override
	public boolean isCyclic() {
		return this.cyclic;
	}

}
