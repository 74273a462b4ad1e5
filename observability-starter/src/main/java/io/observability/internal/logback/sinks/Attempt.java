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

package io.observability.internal.logback.sinks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import org.jspecify.annotations.Nullable;

/**
 * Appends one event, and finds out whether that has failed. For one thread.
 *
 * <p>
 * {@code doAppend} of Logback's base classes swallows what {@code append} throws, and
 * after a few times does not even report it. So with them this does what {@code doAppend}
 * does, but calls {@code append} itself. Appenders that catch their exceptions report
 * them as an error: such a status, with the exception, that the appender adds on this
 * thread is a failure, too. One that has stopped itself, or was down when it was started,
 * is started again.
 */
final class Attempt {

	private final Appender<ILoggingEvent> appender;

	/** Null if the appender has a {@code doAppend} of its own. */
	private final @Nullable MethodHandle append;

	Attempt(Appender<ILoggingEvent> appender) {
		this.appender = appender;
		this.append = appendOf(appender);
	}

	private static @Nullable MethodHandle appendOf(Appender<ILoggingEvent> appender) {
		try {
			Class<?> declaring = appender.getClass().getMethod("doAppend", Object.class).getDeclaringClass();
			if (declaring != AppenderBase.class && declaring != UnsynchronizedAppenderBase.class) {
				return null;
			}
			Method append = declaring.getDeclaredMethod("append", Object.class);
			append.setAccessible(true);
			return MethodHandles.lookup().unreflect(append);
		}
		catch (ReflectiveOperationException | InaccessibleObjectException ex) {
			return null;
		}
	}

	/**
	 * Appends an event.
	 * @param event the event
	 * @throws Exception what the appender has thrown or reported, or that it can't be
	 * started
	 */
	void append(ILoggingEvent event) throws Exception {
		if (!this.appender.isStarted()) {
			// It may hold what it had when it has stopped itself.
			this.appender.stop();
			this.appender.start();
		}
		Errors errors = new Errors(this.appender);
		Context context = this.appender.getContext();
		boolean listens = context != null && context.getStatusManager().add(errors);
		try {
			if (!this.appender.isStarted()) {
				throw new AppenderFailedException("appender can't be started: name=" + this.appender.getName(), null);
			}
			call(event);
		}
		finally {
			if (listens) {
				context.getStatusManager().remove(errors);
			}
		}
		errors.rethrow();
		if (!this.appender.isStarted()) {
			throw new AppenderFailedException("appender has stopped: name=" + this.appender.getName(), null);
		}
	}

	private void call(ILoggingEvent event) throws Exception {
		MethodHandle append = this.append;
		if (append == null) {
			this.appender.doAppend(event);
		}
		else if (this.appender.getFilterChainDecision(event) != FilterReply.DENY) {
			if (this.appender instanceof AppenderBase<?>) {
				synchronized (this.appender) {
					invoke(append, event);
				}
			}
			else {
				invoke(append, event);
			}
		}
	}

	private void invoke(MethodHandle append, ILoggingEvent event) throws Exception {
		try {
			append.invoke(this.appender, event);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new AppenderFailedException("appender failed: name=" + this.appender.getName(), ex);
		}
	}

	/** Errors that the appender reports on the thread that calls it. */
	private static final class Errors implements StatusListener {

		private final Appender<?> appender;

		private final Thread thread = Thread.currentThread();

		private @Nullable Status error;

		Errors(Appender<?> appender) {
			this.appender = appender;
		}

		/** Removed by the one that has added it. */
		@Override
		public boolean isResetResistant() {
			return true;
		}

		@Override
		public void addStatusEvent(Status status) {
			if (Thread.currentThread() == this.thread && status.getOrigin() == this.appender
					&& status.getLevel() == Status.ERROR && status.getThrowable() != null) {
				this.error = status;
			}
		}

		void rethrow() throws AppenderFailedException {
			Status error = this.error;
			if (error != null) {
				throw new AppenderFailedException(error.getMessage(), error.getThrowable());
			}
		}

	}

}
