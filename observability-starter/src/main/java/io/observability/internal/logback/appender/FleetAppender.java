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

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.spi.LifeCycle;
import io.observability.internal.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * A rolling file appender with attached appenders, which is a member of a fleet if it has
 * a store directory, from its configuration or from its logger context, and works alone
 * otherwise.
 *
 * <p>
 * A member puts events into queues ({@link FleetOutputs}). An appender that works alone
 * writes the file itself. It does so too when it can't join the fleet. After the store
 * was deleted it joins again, see {@link MembershipWatch}. Threads that log read the mode
 * once for each event; only starting and stopping take the appender's lock.
 */
public abstract class FleetAppender extends RollingFileAppender<ILoggingEvent>
		implements AppenderAttachable<ILoggingEvent> {

	private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final AppenderSettings settings;

	private final AppenderAttachableImpl<ILoggingEvent> attached = new AppenderAttachableImpl<>();

	/** What a thread is appending now, see {@link Reentry}. */
	private final ThreadLocal<int[]> appending = ThreadLocal.withInitial(Reentry::newState);

	/** What events have failed with. */
	private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

	/** The failure that could not be reported last. */
	private volatile @Nullable Throwable unreported;

	/** Null while this appender is not a member of a fleet. */
	private volatile @Nullable FleetOutputs outputs;

	private @Nullable AppenderShutdownHook shutdownHook;

	private @Nullable Task watch;

	/** Whether it writes the file itself although it is a member. */
	private boolean alone;

	/** When to try again to join, by {@link System#nanoTime()}. */
	private long nextAttempt = System.nanoTime();

	/** Whether the next event starts it again. */
	private volatile boolean stoppedAtShutdown;

	protected FleetAppender(AppenderSettings settings) {
		this.settings = settings;
	}

	@Override
	public synchronized void start() {
		if (this.outputs != null) {
			return;
		}
		AppenderSettings settings = completeSettings();
		Path store = settings.storeDirectory();
		if (store == null || isStarted()) {
			startAlone();
			return;
		}
		String failure = "appender can't join the fleet and works alone: name=" + getName() + ", storeDirectory="
				+ store;
		try {
			startAttached();
			this.outputs = FleetOutputs.open(this, settings, store, writesFile(), hasAttached() ? this.attached : null);
			this.started = true;
			this.watch = MembershipWatch.start(this, this.outputs);
			this.shutdownHook = AppenderShutdownHook.register(this);
		}
		catch (IllegalArgumentException ex) {
			addError(failure, ex);
			startAlone();
		}
		catch (IOException ex) {
			// Not an error, with which Boot would let the start fail.
			addWarn(failure, ex);
			startAlone();
		}
	}

	/** What the configuration lacks comes from the logger context. */
	private AppenderSettings completeSettings() {
		StoreAssignment assignment = (this.settings.storeDirectory() == null) ? StoreAssignment.of(getContext()) : null;
		return (assignment != null) ? assignment.complete(this.settings) : this.settings;
	}

	/** Returns whether it works alone because no store was known when it was started. */
	boolean lacksStore() {
		return isStarted() && this.outputs == null && this.settings.storeDirectory() == null;
	}

	/** Starts again, with the store that its logger context has now. */
	public synchronized void restart() {
		stop();
		start();
	}

	private void startAlone() {
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

	private void startAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(FleetAppender::startIfStopped);
	}

	private static void startIfStopped(LifeCycle part) {
		if (!part.isStarted()) {
			part.start();
		}
	}

	private boolean writesFile() {
		return getEncoder() != null || !hasAttached();
	}

	private boolean hasAttached() {
		return this.attached.iteratorForAppenders().hasNext();
	}

	/**
	 * Throws nothing at the application, whatever an argument or the lack of stack or
	 * memory does to the event. What is logged meanwhile, in an argument's
	 * {@code toString()} for example, comes before the event, see {@link Reentry}.
	 */
	@Override
	public void doAppend(ILoggingEvent event) {
		try {
			FleetOutputs outputs = this.outputs;
			if (outputs == null && this.stoppedAtShutdown) {
				outputs = startAtShutdown();
			}
			if (outputs == null) {
				appendAlone(event);
				return;
			}
			int[] appending = this.appending.get();
			int depth = appending[Reentry.DEPTH];
			int count = appending[Reentry.COUNT];
			if (depth < Reentry.CLOSED && isAccepted(outputs, event)) {
				// What was logged while it was formatted may be logged again.
				appending[Reentry.DEPTH] = (appending[Reentry.COUNT] == count) ? depth + 1 : Reentry.CLOSED;
				appending[Reentry.COUNT]++;
				try {
					append(outputs, event, appending);
				}
				finally {
					appending[Reentry.DEPTH] = depth;
				}
			}
		}
		catch (Throwable ex) {
			report(ex);
		}
	}

	/**
	 * Stops when the JVM shuts down. Other shutdown hooks may still log: such events go
	 * to a new queue, which is collected while there is time, or else by another process
	 * or the next start.
	 */
	synchronized void stopAtShutdown() {
		if (this.outputs != null) {
			stop();
			this.stoppedAtShutdown = true;
		}
	}

	private synchronized @Nullable FleetOutputs startAtShutdown() {
		if (this.stoppedAtShutdown) {
			this.stoppedAtShutdown = false;
			start();
		}
		return this.outputs;
	}

	private void append(FleetOutputs outputs, ILoggingEvent event, int[] appending) throws IOException {
		int next = outputs.append(event, appending, 0);
		while (next < outputs.count()) {
			if (!rejoin(outputs)) {
				appendAlone(event);
				return;
			}
			next = outputs.append(event, appending, next);
		}
	}

	private boolean isAccepted(FleetOutputs outputs, ILoggingEvent event) {
		try {
			boolean accepted = getFilterChainDecision(event) != FilterReply.DENY;
			if (accepted) {
				// Calls the arguments, and keeps the text.
				event.getFormattedMessage();
			}
			return accepted;
		}
		catch (Throwable ex) {
			outputs.drop(event);
			throw ex;
		}
	}

	private void report(Throwable failure) {
		try {
			Throwable unreported = this.unreported;
			if (unreported != null) {
				this.unreported = null;
				this.reported.remove(unreported.getClass());
			}
			if (this.reported.add(failure.getClass())) {
				addError("appender failed to append, further events that fail in this way are only counted: name="
						+ getName(), failure);
			}
		}
		catch (Throwable ex) {
			// There is no stack or memory for it, or a status listener fails: the next
			// failure of this kind is reported.
			this.unreported = failure;
		}
	}

	private void appendAlone(ILoggingEvent event) {
		if (writesFile()) {
			super.doAppend(event);
		}
		if (isStarted() && getFilterChainDecision(event) != FilterReply.DENY) {
			this.attached.appendLoopOnAppenders(event);
		}
	}

	/**
	 * Joins again after queues were deleted. While that is not possible this appender
	 * works alone, and tries again regularly.
	 * @return whether events can be put into queues
	 */
	synchronized boolean rejoin(FleetOutputs lost) {
		if (lost != this.outputs) {
			return false;
		}
		if (!lost.areLost()) {
			return true;
		}
		if (System.nanoTime() - this.nextAttempt < 0) {
			return false;
		}
		boolean wasAlone = this.alone;
		stopAlone();
		try {
			lost.reopenLost();
			addWarn("store was deleted, appender has joined the fleet again: name=" + getName());
			return true;
		}
		catch (IOException ex) {
			if (!wasAlone) {
				addError("store was deleted and can't be created again now, appender works alone until it can: name="
						+ getName(), ex);
			}
			startAlone();
			this.alone = true;
			this.nextAttempt = System.nanoTime() + ATTEMPT_NANOS;
			return false;
		}
	}

	private void stopAlone() {
		if (this.alone) {
			this.alone = false;
			super.stop();
			this.started = true;
		}
	}

	/**
	 * Takes the encoder of a plain appender that this one replaces as it was configured.
	 */
	@Override
	public void setEncoder(Encoder<ILoggingEvent> encoder) {
		super.setEncoder(DeferredHeader.original(encoder));
	}

	@Override
	public synchronized void stop() {
		FleetOutputs outputs = this.outputs;
		if (outputs == null) {
			super.stop();
		}
		else {
			stopAlone();
			this.started = false;
			this.outputs = null;
			closeWatch();
			outputs.close();
		}
		this.stoppedAtShutdown = false;
		if (this.shutdownHook != null) {
			this.shutdownHook.remove();
			this.shutdownHook = null;
		}
		// Last, because the collector passes the remaining events to them.
		this.attached.iteratorForAppenders().forEachRemaining(LifeCycle::stop);
	}

	private void closeWatch() {
		Task watch = this.watch;
		this.watch = null;
		if (watch != null) {
			watch.close(ATTEMPT_NANOS);
		}
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
