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
import java.lang.ref.WeakReference;
import java.util.List;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.FilterAttachableImpl;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;

/**
 * Replaces an appender while threads append to it, without an event that is lost or
 * doubled: a filter of that appender, and the way to its successor.
 *
 * <p>
 * Protocol. A logger has no operation that exchanges an appender. So the successor is
 * added to it before the former appender is removed. From before that on, this filter
 * passes each event that the former appender has accepted to the successor, and remembers
 * it for the thread: the thread may find both appenders on the logger, and the successor
 * leaves out the second of two equal events, see {@link #hasPassed}. That works as long
 * as a thread may still find the former appender, which stays started until then.
 *
 * <p>
 * When a logger context is configured again, the queue of the destination is still open.
 * Then events go into it from the start of the plain appender on: it neither writes the
 * file, of which another process may be the collector, nor rolls it.
 */
public final class HandOver extends Filter<ILoggingEvent> {

	private final FilterAttachableImpl<ILoggingEvent> filters = new FilterAttachableImpl<>();

	/** Not static, because a thread passes one event from several appenders. */
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable WeakReference<ILoggingEvent>> last = new ThreadLocal<>();

	private volatile @Nullable Target target;

	private volatile boolean used;

	private HandOver(Appender<ILoggingEvent> appender, List<Filter<ILoggingEvent>> filters) {
		setContext(appender.getContext());
		filters.forEach(this.filters::addFilter);
	}

	/**
	 * Prepares the replacement of a plain file appender that is about to be started.
	 * @param appender the appender
	 */
	static void prepare(RollingFileAppender<ILoggingEvent> appender) {
		if (find(appender) != null) {
			return;
		}
		HandOver handOver = new HandOver(appender, appender.getCopyOfAttachedFiltersList());
		FleetOutput former = Departures.former(appender.getContext(), LogPath.of(appender).toString());
		if (former != null) {
			former.origin().addTo(appender.getContext());
			handOver.target = (event) -> former.append(event, appender.getEncoder().encode(event));
		}
		appender.clearAllFilters();
		appender.addFilter(handOver);
	}

	/**
	 * Returns the replacement of an appender, which may have been started before it was
	 * known that it is to be replaced.
	 * @param appender the appender
	 * @return the replacement, which does nothing yet
	 */
	public static HandOver of(Appender<ILoggingEvent> appender) {
		HandOver prepared = find(appender);
		if (prepared != null) {
			return prepared;
		}
		HandOver handOver = new HandOver(appender, List.of());
		appender.addFilter(handOver);
		return handOver;
	}

	private static @Nullable HandOver find(Appender<ILoggingEvent> appender) {
		return (HandOver) appender.getCopyOfAttachedFiltersList()
			.stream()
			.filter(HandOver.class::isInstance)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the filters of an appender as it was configured.
	 * @param appender the appender
	 * @return its filters
	 */
	public static List<Filter<ILoggingEvent>> filtersOf(Appender<ILoggingEvent> appender) {
		HandOver prepared = find(appender);
		return (prepared != null && !prepared.filters.getCopyOfAttachedFiltersList().isEmpty())
				? prepared.filters.getCopyOfAttachedFiltersList()
				: appender.getCopyOfAttachedFiltersList()
					.stream()
					.filter((filter) -> !(filter instanceof HandOver))
					.toList();
	}

	/**
	 * Passes on what the former appender accepts from now on.
	 * @param successor the appender that takes its place
	 */
	public void passTo(Appender<ILoggingEvent> successor) {
		this.target = successor::doAppend;
	}

	/**
	 * Returns whether this thread has just passed on an event.
	 * @param event the event
	 * @return whether the successor has it already
	 */
	public boolean hasPassed(ILoggingEvent event) {
		if (!this.used) {
			return false;
		}
		WeakReference<ILoggingEvent> last = this.last.get();
		return last != null && last.refersTo(event);
	}

	/** Lets the successor leave out what it has already. */
	public Filter<ILoggingEvent> filterOfSuccessor() {
		return new Filter<>() {

			@Override
			public FilterReply decide(ILoggingEvent event) {
				return hasPassed(event) ? FilterReply.DENY : FilterReply.NEUTRAL;
			}

		};
	}

	@Override
	public FilterReply decide(ILoggingEvent event) {
		FilterReply reply = this.filters.getFilterChainDecision(event);
		Target target = this.target;
		if (reply == FilterReply.DENY || target == null) {
			return reply;
		}
		try {
			target.append(event);
		}
		catch (IOException ex) {
			addError("event could not be put into the queue", ex);
		}
		this.last.set(new WeakReference<>(event));
		this.used = true;
		return FilterReply.DENY;
	}

	/** Where events go. */
	@FunctionalInterface
	private interface Target {

		void append(ILoggingEvent event) throws IOException;

	}

}
