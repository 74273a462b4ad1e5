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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import org.jspecify.annotations.Nullable;

/**
 * The exception of a {@link DecodedEvent}. It is a {@link ThrowableProxy}, because
 * encoders want its {@link Throwable}: Boot's structured ones do if they have a stack
 * trace printer.
 */
final class DecodedThrowable extends ThrowableProxy {

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
		// All that it says of this one is overridden.
		super(new DecodedException(null, null));
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

	/**
	 * Returns a stand-in for the exception: it says of itself what the exception of the
	 * other process did, but has no class of its own.
	 */
	@Override
	public Throwable getThrowable() {
		return throwable(new ArrayList<>());
	}

	/** A reference to an exception that came before is that exception. */
	private Throwable throwable(List<Throwable> before) {
		String text = text();
		if (this.cyclic) {
			for (Throwable earlier : before) {
				if (earlier.toString().equals(text)) {
					return earlier;
				}
			}
		}
		DecodedException exception = new DecodedException(this.message, text);
		before.add(exception);
		exception.setStackTrace(Arrays.stream(this.frames)
			.map(StackTraceElementProxy::getStackTraceElement)
			.toArray(StackTraceElement[]::new));
		Throwable cause = (this.cause != null) ? this.cause.throwable(before) : null;
		if (cause != exception) {
			exception.initCause(cause);
		}
		for (DecodedThrowable other : this.suppressed) {
			Throwable suppressed = other.throwable(before);
			if (suppressed != exception) {
				exception.addSuppressed(suppressed);
			}
		}
		return exception;
	}

	/** What its {@code toString()} has returned. */
	private String text() {
		if (this.overridingMessage != null) {
			return this.overridingMessage;
		}
		return (this.message != null) ? this.className + ": " + this.message : String.valueOf(this.className);
	}

	@Override
	public boolean isCyclic() {
		return this.cyclic;
	}

}
