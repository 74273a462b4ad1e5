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

package io.observability.internal.logback.appender;

import java.util.Iterator;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.spi.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * A rolling file appender that has other appenders attached, and may have no file then.
 */
public abstract class FileAndAttachedAppender extends RollingFileAppender<ILoggingEvent>
		implements AppenderAttachable<ILoggingEvent> {

	private final AppenderAttachableImpl<ILoggingEvent> attached = new AppenderAttachableImpl<>();

	/** Starts as an appender that is a member of no fleet. */
	final void startAlone() {
		startAttached();
		if (!writesFile()) {
			this.started = hasAttached();
			return;
		}
		if (getRollingPolicy() != null && getTriggeringPolicy() != null) {
			startIfStopped(getRollingPolicy());
			startIfStopped(getTriggeringPolicy());
		}
		super.start();
	}

	final void startAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(FileAndAttachedAppender::startIfStopped);
	}

	private static void startIfStopped(LifeCycle part) {
		if (!part.isStarted()) {
			part.start();
		}
	}

	final boolean writesFile() {
		return getEncoder() != null || !hasAttached();
	}

	final boolean hasAttached() {
		return this.attached.iteratorForAppenders().hasNext();
	}

	/** Appends as an appender that is a member of no fleet. */
	final void appendAlone(ILoggingEvent event) {
		if (writesFile()) {
			super.doAppend(event);
		}
		if (isStarted() && getFilterChainDecision(event) != FilterReply.DENY) {
			this.attached.appendLoopOnAppenders(event);
		}
	}

	final void stopAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(LifeCycle::stop);
	}

	@Override
	public void addAppender(Appender<ILoggingEvent> appender) {
		this.attached.addAppender(appender);
	}

	@Override
	public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
		return this.attached.iteratorForAppenders();
	}

	@Override
	public @Nullable Appender<ILoggingEvent> getAppender(String name) {
		return this.attached.getAppender(name);
	}

	@Override
	public boolean isAttached(Appender<ILoggingEvent> appender) {
		return this.attached.isAttached(appender);
	}

	@Override
	public void detachAndStopAllAppenders() {
		this.attached.detachAndStopAllAppenders();
	}

	@Override
	public boolean detachAppender(Appender<ILoggingEvent> appender) {
		return this.attached.detachAppender(appender);
	}

	@Override
	public boolean detachAppender(String name) {
		return this.attached.detachAppender(name);
	}

}
