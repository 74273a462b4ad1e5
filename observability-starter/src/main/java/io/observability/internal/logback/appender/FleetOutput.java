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

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.SlotFolder;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.collector.LockedLogFile;
import io.observability.internal.log.queue.DropReport;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.log.queue.UncollectedRecords;
import io.observability.internal.logback.event.EventOrigin;
import org.jspecify.annotations.Nullable;

/**
 * One output of an appender: encodes events and puts them into this process's queue for a
 * destination. It holds the membership of the fleet, the queue, and this process's
 * candidacy for the collector, and closes them in the reverse order.
 */
final class FleetOutput implements Closeable {

	/** For a collector that is writing. */
	private static final Duration LOCK_PATIENCE = Duration.ofSeconds(1);

	private final Source source;

	/** Of the fleet's store. */
	private final Instance member;

	/** Of the store of the queue. */
	private final Instance instance;

	private final SlotFolder memberFolder;

	private final SlotFolder instanceFolder;

	/** To be closed from the first to the last. */
	private final Deque<Closeable> memberships;

	private final LogQueue queue;

	private final Collector collector;

	private final EventEncoder encoder;

	private final EventOrigin origin;

	/**
	 * Records of deleted queues that are not in the log, the oldest first: those of this
	 * output's queue, once it is lost, and those that it could not take.
	 */
	private final Deque<UncollectedRecords> uncollected = new ArrayDeque<>();

	/** Whether those of this output's queue are among them. */
	private boolean addedUncollected;

	/** Another output goes on with the queue. */
	private volatile boolean resumed;

	private FleetOutput(Source source, Deque<Closeable> memberships, Instance member, Instance instance, LogQueue queue,
			Collector collector) {
		this.source = source;
		this.memberships = memberships;
		this.member = member;
		this.instance = instance;
		this.memberFolder = new SlotFolder(member);
		this.instanceFolder = new SlotFolder(instance);
		this.queue = queue;
		this.collector = collector;
		this.encoder = source.destination().encoder();
		this.origin = new EventOrigin(instance.info().name(), instance.info().pid());
	}

	/**
	 * Joins a fleet.
	 * @param settings of the appender
	 * @param directory the fleet's folder
	 * @param destination of the events
	 * @param dropWarning reports dropped events
	 * @return the opened output
	 * @throws IOException if the store can't be used
	 */
	static FleetOutput open(AppenderSettings settings, Path directory, Destination destination, DropWarning dropWarning)
			throws IOException {
		Deque<Closeable> opened = new ArrayDeque<>();
		try {
			Instance member = Instance.join(StoreDirectory.open(directory), settings.instanceId());
			opened.push(member);
			member.repair();
			StoreDirectory store = destination.store(member);
			opened.push(StoreReservation.acquire(store.path(), destination.name()));
			Instance instance = member.joinPart(store);
			opened.push(instance);
			instance.repair();
			LogQueue queue = destination.openQueue(instance, store);
			return new FleetOutput(new Source(settings, directory, destination, dropWarning), opened, member, instance,
					queue, destination.startCollector(instance, queue));
		}
		catch (IOException ex) {
			closeAll(opened);
			throw ex;
		}
	}

	/**
	 * Goes on with the queue and the memberships of this output, whose appender was
	 * stopped by a reset of its logger context.
	 * @param settings of the next appender, with the same queue
	 * @param destination of the same name
	 * @param dropWarning reports dropped events
	 * @return the output that takes the place of this one, which remains to be closed
	 */
	FleetOutput resume(AppenderSettings settings, Destination destination, DropWarning dropWarning) {
		this.resumed = true;
		return new FleetOutput(new Source(settings, this.source.directory(), destination, dropWarning),
				this.memberships, this.member, this.instance, this.queue,
				destination.startCollector(this.instance, this.queue));
	}

	/** Returns whether an appender can go on with the queue. */
	boolean isResumable(AppenderSettings settings, String destination) {
		return !this.resumed && this.source.destination().name().equals(destination)
				&& this.source.settings().hasSameQueue(settings) && !isLost();
	}

	/** Returns whether it is an output for a destination. */
	boolean isFor(String destination) {
		return this.source.destination().name().equals(destination);
	}

	private static void closeAll(Deque<Closeable> opened) throws IOException {
		for (Closeable last = opened.poll(); last != null; last = opened.poll()) {
			last.close();
		}
	}

	EventOrigin origin() {
		return this.origin;
	}

	/**
	 * Puts an event into the queue, and a warning about dropped events after it.
	 * @param event the event
	 * @param appending what this thread is appending
	 * @return false if the queue was deleted
	 */
	boolean append(ILoggingEvent event, int[] appending) throws IOException {
		boolean intact = put(event, encode(event, appending));
		if (intact) {
			reportDropped();
		}
		return intact;
	}

	/** Puts an event into the queue that the next appender's encoder has encoded. */
	void append(ILoggingEvent event, byte @Nullable [] encoded) throws IOException {
		put(event, EncodedEvent.of(encoded));
	}

	/** Encodes an event again whose encoding was interrupted by another one. */
	private EncodedEvent encode(ILoggingEvent event, int[] appending) throws IOException {
		int count = appending[Reentry.COUNT];
		EncodedEvent encoded = encode(event);
		if (appending[Reentry.COUNT] == count) {
			return encoded;
		}
		int depth = appending[Reentry.DEPTH];
		appending[Reentry.DEPTH] = Reentry.CLOSED;
		try {
			return encode(event);
		}
		finally {
			appending[Reentry.DEPTH] = depth;
		}
	}

	private boolean put(ILoggingEvent event, EncodedEvent encoded) throws IOException {
		if (encoded.length() == 0
				|| this.queue.append(level(event.getLevel()), time(event), encoded.bytes(), encoded.length())) {
			return true;
		}
		boolean intact = !this.queue.isLost();
		if (intact) {
			this.source.destination().onDropped();
		}
		return intact;
	}

	private EncodedEvent encode(ILoggingEvent event) throws IOException {
		try {
			return this.encoder.encode(event, this.origin);
		}
		catch (Throwable ex) {
			drop(event);
			throw ex;
		}
	}

	/** Counts an event as dropped that could not be put into the queue. */
	void drop(ILoggingEvent event) {
		this.queue.drop(level(event.getLevel()));
		this.source.destination().onDropped();
	}

	private void reportDropped() throws IOException {
		DropReport report = this.queue.takeDropReport();
		if (report != null) {
			ILoggingEvent warning = this.source.dropWarning().eventFor(report);
			put(warning, encode(warning));
		}
	}

	private static System.Logger.Level level(Level level) {
		return switch (level.toInt()) {
			case Level.TRACE_INT -> System.Logger.Level.TRACE;
			case Level.DEBUG_INT -> System.Logger.Level.DEBUG;
			case Level.WARN_INT -> System.Logger.Level.WARNING;
			case Level.ERROR_INT -> System.Logger.Level.ERROR;
			default -> System.Logger.Level.INFO;
		};
	}

	private static long time(ILoggingEvent event) {
		Instant instant = event.getInstant();
		return (instant != null) ? TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano()
				: TimeUnit.MILLISECONDS.toNanos(event.getTimeStamp());
	}

	/** Returns whether the queue's files were deleted, so that it takes no events. */
	boolean isLost() {
		return this.queue.isLost();
	}

	/**
	 * Creates again what has been deleted beside the queue. To be called periodically:
	 * does little as long as the slots' folders have not changed.
	 */
	void repair() throws IOException {
		repair(this.member, this.memberFolder);
		if (!this.instance.slot().equals(this.member.slot())) {
			repair(this.instance, this.instanceFolder);
		}
		this.source.destination().restoreClaim(this.member, this.instance.store());
	}

	private static void repair(Instance instance, SlotFolder folder) throws IOException {
		if (folder.mayHaveChanged()) {
			folder.beginCheck();
			instance.repair();
			instance.refreshFileTimes();
			folder.endCheck();
		}
	}

	/**
	 * Joins again after the queue's files were deleted. What has not been collected is
	 * put into the new queue before any new event. If this fails, it can be tried again;
	 * if the new queue's files are deleted meanwhile, the new output is to be reopened.
	 * @return the output that takes the place of this one, which is closed
	 * @throws IOException if the store can't be used now
	 */
	FleetOutput reopen() throws IOException {
		this.queue.close();
		addUncollected();
		FleetOutput next = open(this.source.settings(), this.source.directory(), this.source.destination(),
				this.source.dropWarning());
		next.uncollected.addAll(this.uncollected);
		next.moveUncollected();
		try {
			closeAll(this.memberships);
		}
		catch (IOException ex) {
			// Of a store that was deleted.
		}
		return next;
	}

	private boolean hasUncollected() throws IOException {
		addUncollected();
		return !this.uncollected.stream().allMatch(UncollectedRecords::isEmpty);
	}

	/** Once the queue is closed. */
	private void addUncollected() throws IOException {
		this.collector.abandon();
		if (!this.addedUncollected) {
			Path locked = this.source.destination().lockedFile();
			try (LockedLogFile file = LockedLogFile.open(locked, LOCK_PATIENCE)) {
				this.uncollected.addFirst(this.queue.uncollected(file.isLocked()));
				if (locked != null) {
					this.queue.deleteFiles();
				}
				this.addedUncollected = true;
			}
		}
	}

	private void moveUncollected() {
		while (!this.uncollected.isEmpty() && this.uncollected.getFirst().moveTo(this.queue)) {
			this.uncollected.removeFirst();
		}
	}

	/** Takes no more events. */
	void closeQueue() throws IOException {
		try {
			reportDropped();
		}
		finally {
			this.queue.close();
		}
	}

	/**
	 * Closes the queue first, so that it can be collected to its last record. If its
	 * files were deleted a moment ago, its events go to another queue. If another output
	 * goes on with the queue, only the candidacy for the collector ends.
	 */
	@Override
	public void close() throws IOException {
		if (this.resumed) {
			this.collector.abandon();
			return;
		}
		try {
			closeQueue();
			if (this.queue.isLost() && hasUncollected()) {
				reopen().close();
			}
		}
		finally {
			this.collector.close();
			closeAll(this.memberships);
		}
	}

	/** What an output is opened from. */
	private record Source(AppenderSettings settings, Path directory, Destination destination, DropWarning dropWarning) {
	}

}
