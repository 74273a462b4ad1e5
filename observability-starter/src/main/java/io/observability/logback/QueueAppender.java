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

package io.observability.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.spi.LifeCycle;
import ch.qos.logback.core.util.FileSize;
import io.observability.FullPolicy;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.queue.DropReport;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.logback.appender.CollectingStatus;
import io.observability.internal.logback.appender.EncodedEvent;
import io.observability.internal.logback.appender.EventWriter;
import io.observability.internal.logback.appender.Origin;
import io.observability.internal.logback.appender.Outlet;
import io.observability.internal.logback.appender.Outlet.Membership;
import io.observability.internal.logback.appender.PatternEncoding;
import io.observability.internal.logback.rolling.RolledFile;
import io.observability.internal.logback.sinks.Sink;
import io.observability.internal.logback.sinks.Sinks;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of a {@link RollingFileAppender} where several processes write one log
 * file, and is configured like it: file, encoder, filters, rolling policy. Events are
 * encoded by the calling thread and put into this process's queue in the fleet's store.
 * One of the processes, elected, writes what is in all queues into the file and rolls it.
 *
 * <p>
 * Other appenders may be attached, beside a file or instead of one. The elected process
 * passes the events of all processes on to its own ones: at least once, in order, each
 * appender by a thread of its own.
 *
 * <p>
 * Without a store directory it is an ordinary {@code RollingFileAppender}, and attached
 * appenders get this process's events.
 */
public class QueueAppender extends RollingFileAppender<ILoggingEvent> implements AppenderAttachable<ILoggingEvent> {

	private static final String CLASS_NAME = QueueAppender.class.getName();

	/** In the store: one of their own for the queues of what attached appenders get. */
	private static final String SINKS_DIRECTORY = "sinks";

	private @Nullable Path storeDirectory;

	private @Nullable String instanceId;

	private long maxBacklog = 256L << 20;

	private FullPolicy whenFull = FullPolicy.BLOCK;

	private Duration orderingWindow = Duration.ofMillis(200);

	private boolean includeCallerData;

	private final AppenderAttachableImpl<ILoggingEvent> attached = new AppenderAttachableImpl<>();

	/** Empty while this process isn't a member of a fleet. */
	private volatile List<Outlet> outlets = List.of();

	/**
	 * Sets the folder that all instances of the application share.
	 * @param directory the folder
	 */
	public void setStoreDirectory(String directory) {
		this.storeDirectory = Path.of(directory);
	}

	/**
	 * Tells whether there is a folder to share.
	 * @return whether {@link #setStoreDirectory} has been called
	 */
	public boolean hasStoreDirectory() {
		return this.storeDirectory != null;
	}

	/**
	 * Sets the name under which this process joins the fleet, if it is the first part of
	 * the process to do so.
	 * @param instanceId the name, or null for the number of its slot
	 */
	public void setInstanceId(@Nullable String instanceId) {
		this.instanceId = instanceId;
	}

	/**
	 * Sets how large the queue may become on disk before {@link #setWhenFull} applies. By
	 * default 256 MB.
	 * @param maxBacklog the size, at least 1 MB
	 */
	public void setMaxBacklog(FileSize maxBacklog) {
		this.maxBacklog = maxBacklog.getSize();
	}

	/**
	 * Sets what to do when the queue is full. By default {@link FullPolicy#BLOCK}.
	 * @param whenFull {@code block} or {@code drop}
	 */
	public void setWhenFull(String whenFull) {
		this.whenFull = FullPolicy.valueOf(whenFull.toUpperCase(Locale.ROOT));
	}

	/**
	 * Sets how long events are held back, so that events of other processes can be put in
	 * front of them. By default 200 milliseconds.
	 * @param orderingWindow the time; zero to write events in the order of their arrival
	 */
	public void setOrderingWindow(ch.qos.logback.core.util.Duration orderingWindow) {
		this.orderingWindow = Duration.ofMillis(orderingWindow.getMilliseconds());
	}

	/**
	 * Sets whether attached appenders are told where in the code an event was logged,
	 * which is costly. By default they aren't.
	 * @param includeCallerData whether they are
	 */
	public void setIncludeCallerData(boolean includeCallerData) {
		this.includeCallerData = includeCallerData;
	}

	/**
	 * Returns an appender with the name, file, encoder, filters and policies of another
	 * one, which is stopped.
	 * @param appender the appender to replace, with a file and an encoder
	 * @return the new appender, not started
	 */
	public static QueueAppender inPlaceOf(RollingFileAppender<ILoggingEvent> appender) {
		appender.stop();
		QueueAppender replacement = new QueueAppender();
		replacement.setContext(appender.getContext());
		replacement.setName(appender.getName());
		replacement.setFile(appender.rawFileProperty());
		replacement.setEncoder(appender.getEncoder());
		appender.getCopyOfAttachedFiltersList().forEach(replacement::addFilter);
		replacement.setRollingPolicy(appender.getRollingPolicy());
		if (appender.getTriggeringPolicy() != appender.getRollingPolicy()) {
			replacement.setTriggeringPolicy(appender.getTriggeringPolicy());
		}
		appender.getRollingPolicy().setParent(replacement);
		return replacement;
	}

	@Override
	public synchronized void start() {
		Path directory = this.storeDirectory;
		if (directory == null) {
			startAlone();
		}
		else if (!isStarted()) {
			try {
				startAttached();
				this.outlets = join(directory);
				this.started = true;
			}
			catch (IOException | IllegalArgumentException ex) {
				addError("appender can't join the fleet and writes alone: name=" + getName() + ", storeDirectory="
						+ directory, ex);
				startAlone();
			}
		}
	}

	private void startAttached() {
		this.attached.iteratorForAppenders().forEachRemaining(QueueAppender::startIfStopped);
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

	private List<Outlet> join(Path directory) throws IOException {
		if (this.maxBacklog < LogQueue.MIN_BACKLOG) {
			throw new IllegalArgumentException(
					"backlog too small: maxBacklog=" + this.maxBacklog + ", minimum=" + LogQueue.MIN_BACKLOG);
		}
		List<Outlet> outlets = new ArrayList<>();
		try {
			if (writesFile()) {
				outlets.add(toFile(directory));
			}
			if (hasAttached()) {
				outlets.add(toAttached(directory.resolve(SINKS_DIRECTORY)));
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			close(outlets);
			throw ex;
		}
		Origin origin = outlets.get(0).origin();
		getContext().putProperty(Origin.INSTANCE_PROPERTY, origin.instance());
		getContext().putProperty(Origin.PID_PROPERTY, Long.toString(origin.pid()));
		return List.copyOf(outlets);
	}

	private Outlet toFile(Path directory) throws IOException {
		if (getEncoder() == null || getRollingPolicy() == null || getTriggeringPolicy() == null) {
			throw new IllegalArgumentException("an encoder and a rolling policy with a trigger are needed");
		}
		RolledFile file = new RolledFile(this, getEncoder(), getRollingPolicy(), getTriggeringPolicy());
		file.stop();
		return Outlet.open(
				StoreDirectory.open(directory), membership(), getFile(), (instance, queue) -> Collector.start(instance,
						queue, file, this.orderingWindow, new CollectingStatus(this)),
				PatternEncoding.of(getEncoder()));
	}

	/**
	 * They have queues of their own, so that a file that can't be written holds up none
	 * of them.
	 */
	private Outlet toAttached(Path directory) throws IOException {
		Sinks sinks = new Sinks(this, this.attached);
		return Outlet.open(StoreDirectory.open(directory), membership(), "appenders of " + getName(), (instance,
				queue) -> Collector.start(instance, queue, sinks, this.orderingWindow, new CollectingStatus(this)),
				this::encodeForAttached);
	}

	/** What attached appenders log themselves would come back to them without end. */
	private EncodedEvent encodeForAttached(ILoggingEvent event, Origin origin) throws IOException {
		return EncodedEvent
			.of(Sink.isCurrentThread() ? null : EventWriter.write(event, origin, this.includeCallerData));
	}

	private Membership membership() {
		return new Membership(this.instanceId, this.maxBacklog, this.whenFull, new CollectingStatus(this));
	}

	@Override
	public void doAppend(ILoggingEvent event) {
		List<Outlet> outlets = this.outlets;
		if (outlets.isEmpty()) {
			appendAlone(event);
			return;
		}
		try {
			if (getFilterChainDecision(event) != FilterReply.DENY) {
				append(outlets, event);
			}
		}
		catch (Exception | InternalError ex) {
			addError("appender failed to append: name=" + getName(), ex);
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

	private void append(List<Outlet> outlets, ILoggingEvent event) throws IOException {
		for (Outlet outlet : outlets) {
			if (!outlet.append(event)) {
				goOnAlone(outlet);
				appendAlone(event);
				return;
			}
			tellDropped(outlet);
		}
	}

	private void tellDropped(Outlet outlet) throws IOException {
		DropReport report = outlet.takeDropReport();
		if (report != null) {
			outlet.append(toEvent(report));
		}
	}

	/** Does what can be done when somebody has deleted the store. */
	private synchronized void goOnAlone(Outlet lost) {
		if (this.outlets.contains(lost)) {
			addError("store was deleted, this process writes alone from now on: name=" + getName() + ", storeDirectory="
					+ this.storeDirectory);
			stop();
			startAlone();
		}
	}

	private ILoggingEvent toEvent(DropReport report) {
		LoggerContext context = (LoggerContext) getContext();
		return new LoggingEvent(CLASS_NAME, context.getLogger(CLASS_NAME), Level.WARN,
				"log events dropped: count={}, first={}, last={}, maxBacklog={}", null,
				new Object[] { report.count(), report.first(), report.last(), this.maxBacklog });
	}

	@Override
	public synchronized void stop() {
		List<Outlet> outlets = this.outlets;
		if (outlets.isEmpty()) {
			super.stop();
		}
		else {
			this.started = false;
			this.outlets = List.of();
			close(outlets);
		}
		// Only now: the last process to leave has passed on what was left.
		this.attached.iteratorForAppenders().forEachRemaining(LifeCycle::stop);
	}

	private void close(List<Outlet> outlets) {
		for (Outlet outlet : outlets) {
			try (outlet) {
				tellDropped(outlet);
			}
			catch (IOException ex) {
				addWarn("appender could not leave the fleet cleanly: name=" + getName(), ex);
			}
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
