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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * A rolling file appender with attached appenders, which is a member of a fleet if it has
 * a store directory, from its configuration or from its logger context, and works alone
 * otherwise.
 *
 * <p>
 * A member puts events into queues ({@link FleetOutputs}). An appender that works alone
 * writes the file itself. It does so too while it can't join the fleet, which it tries
 * again, see {@link JoinAttempts}. After the store was deleted it joins again, see
 * {@link MembershipWatch}. Threads that log read the mode once for each event; only
 * starting and stopping take the appender's lock. Threads that write the file themselves
 * share {@link #aloneLock}, and joining excludes them.
 */
public abstract class FleetAppender extends FileAndAttachedAppender {

	private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long REOPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** For threads that are writing the file themselves. */
	private static final long JOIN_WAIT_MILLIS = 100;

	private final AppenderSettings settings;

	private final ReadWriteLock aloneLock = new ReentrantReadWriteLock();

	/** What a thread is appending now, see {@link Reentry}. */
	private final ThreadLocal<int[]> appending = ThreadLocal.withInitial(Reentry::newState);

	private final EventFailures failures = new EventFailures();

	/** Null while this appender is not a member of a fleet. */
	private volatile @Nullable FleetOutputs outputs;

	private @Nullable AppenderShutdownHook shutdownHook;

	/** Whether its context had a store when this was started: a reset removes it. */
	private volatile boolean assigned;

	private volatile boolean superseded;

	private @Nullable Task watch;

	/** Null unless it could not join the fleet when it was started. */
	private volatile @Nullable Task joinAttempts;

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
		startAttached();
		String failure = "appender can't join the fleet and works alone: name=" + getName() + ", storeDirectory="
				+ store;
		try {
			join(settings, store);
		}
		catch (IllegalArgumentException ex) {
			addError(failure, ex);
			startAlone();
		}
		catch (IOException ex) {
			// Not an error, with which Boot would let the start fail.
			addWarn(failure, ex);
			startBesideOthers();
			this.joinAttempts = JoinAttempts.start(this);
		}
	}

	private void join(AppenderSettings settings, Path store) throws IOException {
		FleetOutputs outputs = FleetOutputs.open(this, settings, store, writesFile(), hasAttached() ? this : null);
		this.started = true;
		this.outputs = outputs;
		this.watch = MembershipWatch.start(this, outputs);
		this.shutdownHook = AppenderShutdownHook.register(this);
	}

	/** Joins the fleet, if that was not possible at the start and is now. */
	synchronized void joinLater() {
		AppenderSettings settings = completeSettings();
		Path store = settings.storeDirectory();
		if (store == null || !isWaiting()) {
			return;
		}
		try {
			// Before this appender's file is closed.
			Instance.join(StoreDirectory.open(store), settings.instanceId()).close();
			if (this.aloneLock.writeLock().tryLock(JOIN_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
				try {
					closeFileAndJoin(settings, store);
				}
				finally {
					this.aloneLock.writeLock().unlock();
				}
			}
		}
		catch (IOException ex) {
			// It is tried again, and was reported at the start.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void closeFileAndJoin(AppenderSettings settings, Path store) throws IOException {
		stopBesideOthers();
		try {
			join(settings, store);
			addInfo("appender has joined the fleet: name=" + getName() + ", storeDirectory=" + store);
		}
		catch (IOException ex) {
			startBesideOthers();
			throw ex;
		}
	}

	/** Returns whether it works alone until it can join the fleet. */
	boolean isWaiting() {
		return isStarted() && this.outputs == null && this.joinAttempts != null;
	}

	/** What the configuration lacks comes from the logger context. */
	private AppenderSettings completeSettings() {
		StoreAssignment assignment = StoreAssignment.of(getContext());
		this.assigned = assignment != null;
		return (assignment != null && this.settings.storeDirectory() == null) ? assignment.complete(this.settings)
				: this.settings;
	}

	/** Returns whether it works alone because no store was known when it was started. */
	boolean lacksStore() {
		return isStarted() && this.outputs == null && this.settings.storeDirectory() == null;
	}

	/**
	 * Starts again, with the store that its logger context has now, unless a reset has
	 * stopped it meanwhile.
	 */
	public synchronized void restart() {
		if (lacksStore()) {
			stop();
			start();
		}
	}

	/**
	 * Notes that its logger context was reset before this appender was attached: the next
	 * stop leaves its queues to its successor, as a reset does.
	 */
	public void onSuperseded() {
		this.superseded = true;
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
				outputs = appendUnlessJoined(event);
			}
			if (outputs == null) {
				return;
			}
			int[] appending = this.appending.get();
			int depth = appending[Reentry.DEPTH];
			int count = appending[Reentry.COUNT];
			if (depth < Reentry.CLOSED && outputs.accept(event)) {
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
			this.failures.report(this, ex);
		}
	}

	/**
	 * Stops when the JVM shuts down. Other shutdown hooks may still log: such events go
	 * to a new queue, which is collected while there is time, or else by another process
	 * or the next start.
	 */
	void stopAtShutdown() {
		Departures.awaitReplaced(getContext());
		synchronized (this) {
			if (this.outputs != null) {
				stop();
				this.stoppedAtShutdown = true;
			}
			Departures.await(getContext());
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

	/** Returns null if the event was appended, else the outputs that take it. */
	private @Nullable FleetOutputs appendUnlessJoined(ILoggingEvent event) {
		this.aloneLock.readLock().lock();
		try {
			FleetOutputs joined = this.outputs;
			if (joined == null) {
				appendAlone(event);
			}
			return joined;
		}
		finally {
			this.aloneLock.readLock().unlock();
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
		boolean wasAlone = isBesideOthers();
		stopAlone();
		try {
			lost.reopenLost(wasAlone ? 0 : REOPEN_NANOS);
			addWarn("store was deleted, appender has joined the fleet again: name=" + getName());
			return true;
		}
		catch (IOException ex) {
			if (!wasAlone) {
				addError("store was deleted and can't be created again now, appender works alone until it can: name="
						+ getName(), ex);
			}
			startBesideOthers();
			this.nextAttempt = System.nanoTime() + ATTEMPT_NANOS;
			return false;
		}
	}

	private void stopAlone() {
		if (isBesideOthers()) {
			stopBesideOthers();
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

	/**
	 * Leaves the fleet, in the background if the logger context is being reset, see
	 * {@link Departures}. Appenders that were replaced pass on first what they hold: not
	 * under the lock, which their threads may need.
	 */
	@Override
	public void stop() {
		boolean reset = isBeingReset();
		if (reset) {
			Departures.awaitReplaced(getContext());
		}
		stop(reset);
	}

	private boolean isBeingReset() {
		return this.superseded || (this.assigned && StoreAssignment.of(getContext()) == null);
	}

	private synchronized void stop(boolean reset) {
		FleetOutputs outputs = this.outputs;
		AppenderShutdownHook hook = this.shutdownHook;
		Task watch = this.watch;
		this.shutdownHook = null;
		this.watch = null;
		if (outputs == null && !isBesideOthers()) {
			super.stop();
		}
		else {
			stopAlone();
			this.started = false;
			this.outputs = null;
		}
		close(this.joinAttempts);
		this.joinAttempts = null;
		this.stoppedAtShutdown = false;
		if (outputs != null && reset) {
			Departures.start(getContext(), getName(), outputs.all(), () -> leave(outputs, hook, watch));
		}
		else {
			leave(outputs, hook, watch);
		}
	}

	private void leave(@Nullable FleetOutputs outputs, @Nullable AppenderShutdownHook hook, @Nullable Task watch) {
		if (outputs != null) {
			close(watch);
			outputs.close();
		}
		if (hook != null) {
			hook.remove();
		}
		// Last, because the collector passes the remaining events to them.
		stopAttached();
	}

	private static void close(@Nullable Task task) {
		if (task != null) {
			task.close(ATTEMPT_NANOS);
		}
	}

}
