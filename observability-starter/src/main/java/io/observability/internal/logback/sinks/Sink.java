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

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.ContextAware;
import io.observability.internal.log.collector.EventReceiver;
import io.observability.internal.log.collector.SkippedRecords;
import io.observability.internal.logback.event.EventReader;
import io.observability.internal.task.ReportLimit;
import org.jspecify.annotations.Nullable;

/**
 * An attached appender that receives the events of the whole fleet.
 *
 * <p>
 * An event that can't be decoded is left out and counted, as no attempt can succeed. What
 * the appender does not take, see {@link Attempt}, is delivered again.
 */
public final class Sink implements EventReceiver {

	private static final ThreadLocal<Boolean> APPENDING = ThreadLocal.withInitial(() -> false);

	private final ContextAware owner;

	private final String name;

	private final Attempt attempt;

	private final BooleanSupplier attached;

	/** An event is being delivered. */
	private final AtomicBoolean busy = new AtomicBoolean();

	private final EventReader reader;

	private final ReportLimit reports = new ReportLimit();

	/**
	 * Creates a sink.
	 * @param owner reports as a Logback component
	 * @param name of the appender, other than those of the others
	 * @param appender the attached appender
	 * @param attached whether it still is: the application may detach it
	 */
	public Sink(ContextAware owner, String name, Appender<ILoggingEvent> appender, BooleanSupplier attached) {
		this.owner = owner;
		this.name = name;
		this.attempt = new Attempt(appender);
		this.attached = attached;
		this.reader = new EventReader((LoggerContext) owner.getContext());
	}

	/**
	 * Returns whether an event that is logged now comes from a sink, which would get it
	 * again.
	 * @return whether a sink's appender is at work on this thread
	 */
	public static boolean isCurrentThread() {
		return APPENDING.get();
	}

	@Override
	public String name() {
		return this.name;
	}

	/** An appender that hangs is not called again until it returns. */
	@Override
	public void deliver(ByteBuffer bytes) throws Exception {
		ILoggingEvent event = this.attached.getAsBoolean() ? read(bytes) : null;
		if (event == null) {
			return;
		}
		if (!this.busy.compareAndSet(false, true)) {
			throw new TimeoutException("appender has not returned from an earlier call: name=" + this.name);
		}
		APPENDING.set(true);
		try {
			this.attempt.append(event);
		}
		finally {
			APPENDING.set(false);
			this.busy.set(false);
		}
	}

	/** Returns the event, or null if it can't be read: it costs no other event. */
	private @Nullable ILoggingEvent read(ByteBuffer bytes) {
		int length = bytes.remaining();
		try {
			ILoggingEvent event = this.reader.read(bytes);
			if (event == null) {
				skip(length, "unknown version", null);
			}
			return event;
		}
		catch (RuntimeException | StackOverflowError ex) {
			skip(length, "damaged", ex);
			return null;
		}
	}

	private void skip(int length, String why, @Nullable Throwable cause) {
		SkippedRecords.add(length);
		report(why, "event skipped: cause=" + why + ", bytes=" + length + ", name=" + this.name, cause);
	}

	/** Connections and databases may come back; an event may not become another one. */
	@Override
	public boolean isOfTarget(Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < 20; depth++) {
			if (cause instanceof TimeoutException || isOfJdk(cause)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	/** By name, because an application may lack the module with databases. */
	private static boolean isOfJdk(Throwable cause) {
		String type = cause.getClass().getName();
		return type.startsWith("java.net.") || type.startsWith("java.nio.channels.")
				|| type.startsWith("javax.net.ssl.") || type.startsWith("java.sql.")
				|| type.equals("java.io.IOException") || type.equals("java.io.EOFException");
	}

	@Override
	public void onUndeliverable(int length, Throwable failure) {
		report("undeliverable", "event skipped: cause=appender fails with it, bytes=" + length + ", name=" + this.name,
				failure);
	}

	@Override
	public void onMissed(long count) {
		report("missed", "appender is too slow or fails and misses events: name=" + this.name + ", count=" + count,
				null);
	}

	@Override
	public void onFailure(Throwable failure) {
		report("failed: " + failure.getClass(), "appender failed: name=" + this.name + ", events wait on disk",
				failure);
	}

	@Override
	public void onRecovery() {
		this.owner.addInfo("appender works again: name=" + this.name);
	}

	private void report(String kind, String message, @Nullable Throwable cause) {
		long count = this.reports.admit(kind);
		if (count > 0) {
			warn(message + ", reports=" + count, cause);
		}
	}

	private void warn(String message, @Nullable Throwable cause) {
		try {
			this.owner.addWarn(message, cause);
		}
		catch (RuntimeException ex) {
			// A status listener of the application fails.
		}
	}

}
