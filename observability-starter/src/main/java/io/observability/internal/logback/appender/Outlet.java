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
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.observability.FullPolicy;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.Collector;
import io.observability.internal.log.queue.DropReport;
import io.observability.internal.log.queue.LogQueue;
import io.observability.internal.task.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * One way on which the events of a started appender leave this process: the membership of
 * a fleet, a queue, and the candidacy for collecting what is in all queues. Given up in
 * the reverse order.
 */
public final class Outlet implements Closeable {

	private final StoreUse use;

	private final Instance instance;

	private final LogQueue queue;

	private final Collector collector;

	private final Encoding encoding;

	private final Origin origin;

	private Outlet(StoreUse use, Instance instance, LogQueue queue, Collector collector, Encoding encoding) {
		this.use = use;
		this.instance = instance;
		this.queue = queue;
		this.collector = collector;
		this.encoding = encoding;
		this.origin = new Origin(instance.info().name(), instance.info().pid());
	}

	/**
	 * Joins a fleet.
	 * @param store the fleet's folder
	 * @param membership what the configuration says about it
	 * @param purpose what the store is used for, the same in each context of this process
	 * @param candidate starts the collector
	 * @param encoding of the events
	 * @return the outlet
	 * @throws IOException if the store can't be used
	 */
	public static Outlet open(StoreDirectory store, Membership membership, String purpose, Candidate candidate,
			Encoding encoding) throws IOException {
		StoreUse use = StoreUse.begin(store.path(), purpose);
		try {
			Instance instance = Instance.join(store, membership.instanceId());
			try {
				LogQueue queue = LogQueue.open(instance, membership.maxBacklog(), membership.whenFull(),
						membership.listener());
				return new Outlet(use, instance, queue, candidate.start(instance, queue), encoding);
			}
			catch (IOException ex) {
				instance.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			use.close();
			throw ex;
		}
	}

	public Origin origin() {
		return this.origin;
	}

	/**
	 * Puts an event into the queue.
	 * @return false if somebody has deleted the queue
	 */
	public boolean append(ILoggingEvent event) throws IOException {
		EncodedEvent encoded = this.encoding.encode(event, this.origin);
		return encoded.length() == 0
				|| this.queue.append(level(event.getLevel()), time(event), encoded.bytes(), encoded.length())
				|| !this.queue.isLost();
	}

	/** Returns what was dropped and can be told now, once. */
	public @Nullable DropReport takeDropReport() {
		return this.queue.takeDropReport();
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

	/** Ends the queue first, so that it can be collected to its last record. */
	@Override
	public void close() throws IOException {
		try (this.use; this.instance) {
			try {
				this.queue.close();
			}
			finally {
				this.collector.close();
			}
		}
	}

	/**
	 * How to be a member.
	 *
	 * @param instanceId name to join under, or null for the number of the slot
	 * @param maxBacklog size of the queue on disk from which on {@code whenFull} applies
	 * @param whenFull what to do then
	 * @param listener reports that background work fails
	 */
	public record Membership(@Nullable String instanceId, long maxBacklog, FullPolicy whenFull, TaskListener listener) {
	}

	/** Stands for election to the collector. */
	@FunctionalInterface
	public interface Candidate {

		Collector start(Instance instance, LogQueue queue);

	}

	/** Makes bytes of an event; none if it isn't for this outlet. */
	@FunctionalInterface
	public interface Encoding {

		EncodedEvent encode(ILoggingEvent event, Origin origin) throws IOException;

	}

}
