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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of an appender that is a member of a fleet: its file, its attached
 * appenders, or both. Each has its own queue, so that a file that can't be written
 * doesn't delay attached appenders.
 */
final class FleetOutputs implements Closeable {

	private static final long REOPEN_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final RollingFileAppender<ILoggingEvent> appender;

	private final List<FleetOutput> outputs;

	private FleetOutputs(RollingFileAppender<ILoggingEvent> appender, List<FleetOutput> outputs) {
		this.appender = appender;
		this.outputs = outputs;
	}

	/**
	 * Joins the fleet.
	 * @param appender the appender
	 * @param settings of the appender
	 * @param store the fleet's folder
	 * @param file whether the appender writes a file
	 * @param attached the attached appenders, or null if there are none
	 * @return the opened outputs, at least one
	 * @throws IOException if the store can't be used
	 * @throws IllegalArgumentException if the appender is not configured properly
	 */
	static FleetOutputs open(RollingFileAppender<ILoggingEvent> appender, AppenderSettings settings, Path store,
			boolean file, @Nullable AppenderAttachable<ILoggingEvent> attached) throws IOException {
		settings.validate();
		FleetOutputs opened = new FleetOutputs(appender, new CopyOnWriteArrayList<>());
		try {
			if (file) {
				opened.open(settings, store, FileDestination.of(appender, settings));
			}
			if (attached != null) {
				opened.open(settings, store, new SinkDestination(appender, attached, file, settings));
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			opened.close();
			throw ex;
		}
		opened.outputs.get(0).origin().addTo(appender.getContext());
		return opened;
	}

	private void open(AppenderSettings settings, Path store, Destination destination) throws IOException {
		DropWarning dropWarning = new DropWarning(this.appender, settings.maxBacklog());
		FleetOutput resumed = Departures.resume(this.appender.getContext(), settings, destination, dropWarning);
		this.outputs.add((resumed != null) ? resumed : FleetOutput.open(settings, store, destination, dropWarning));
	}

	/**
	 * Puts an event into the queues of the outputs, of which each is tried. What one of
	 * them fails with is thrown then.
	 * @param event the event
	 * @param appending what this thread is appending
	 * @param first which output is the first that does not have it
	 * @return which output comes next: if it is not {@link #count}, its queue was deleted
	 */
	int append(ILoggingEvent event, int[] appending, int first) throws IOException {
		int next = first;
		Throwable failure = null;
		boolean intact = true;
		while (intact && next < this.outputs.size()) {
			try {
				intact = this.outputs.get(next).append(event, appending);
			}
			catch (Throwable ex) {
				failure = ex;
			}
			if (intact) {
				next++;
			}
			// What is logged while the event is encoded is logged again each time.
			appending[Reentry.DEPTH] = Reentry.CLOSED;
		}
		if (failure != null) {
			rethrow(failure);
		}
		return next;
	}

	private static void rethrow(Throwable failure) throws IOException {
		if (failure instanceof IOException ex) {
			throw ex;
		}
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		throw (Error) failure;
	}

	int count() {
		return this.outputs.size();
	}

	/** Returns whether the queue of an output was deleted. */
	boolean areLost() {
		for (FleetOutput output : this.outputs) {
			if (output.isLost()) {
				return true;
			}
		}
		return false;
	}

	/** Creates again what has been deleted beside the queues. */
	void repair() throws IOException {
		for (FleetOutput output : this.outputs) {
			output.repair();
		}
	}

	/**
	 * Joins again with those outputs whose queue was deleted. One thread at a time.
	 * @param nanos how long to try, because files may still be being deleted
	 * @throws IOException if the store can't be used now
	 */
	void reopenLost(long nanos) throws IOException {
		long deadline = System.nanoTime() + nanos;
		while (true) {
			try {
				reopenLost();
				return;
			}
			catch (IOException ex) {
				if (System.nanoTime() >= deadline) {
					throw ex;
				}
				LockSupport.parkNanos(REOPEN_TICK_NANOS);
			}
		}
	}

	private void reopenLost() throws IOException {
		for (int i = 0; i < this.outputs.size(); i++) {
			if (this.outputs.get(i).isLost()) {
				this.outputs.set(i, this.outputs.get(i).reopen());
			}
		}
		this.outputs.get(0).origin().addTo(this.appender.getContext());
	}

	/** Returns whether the appender's filters let an event pass. */
	boolean accept(ILoggingEvent event) {
		try {
			boolean accepted = this.appender.getFilterChainDecision(event) != FilterReply.DENY;
			if (accepted) {
				// Calls the arguments, and keeps the text.
				event.getFormattedMessage();
			}
			return accepted;
		}
		catch (Throwable ex) {
			drop(event);
			throw ex;
		}
	}

	/** Counts an event as dropped that could not be put into the queues. */
	private void drop(ILoggingEvent event) {
		for (FleetOutput output : this.outputs) {
			output.drop(event);
		}
	}

	List<FleetOutput> all() {
		return this.outputs;
	}

	@Override
	public void close() {
		for (FleetOutput output : this.outputs) {
			try {
				output.close();
			}
			catch (IOException ex) {
				this.appender.addWarn("appender can't leave the fleet cleanly: name=" + this.appender.getName(), ex);
			}
		}
	}

}
