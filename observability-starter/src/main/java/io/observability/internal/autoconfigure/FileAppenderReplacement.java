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

package io.observability.internal.autoconfigure;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.observability.internal.logback.appender.DeferredHeader;
import io.observability.internal.logback.appender.Departures;
import io.observability.internal.logback.appender.HandOver;
import io.observability.logback.QueueAppender;
import org.jspecify.annotations.Nullable;

/**
 * Replaces Boot's plain file appender by a {@link QueueAppender} wherever it is referred
 * to: by any logger, and inside other appenders.
 *
 * <p>
 * An {@link AsyncAppender} can't get another appender than its first, so it is replaced
 * by a copy.
 *
 * <p>
 * A reset of the logger context may come meanwhile, on another thread, and remove the
 * former appenders. Then the replacements are removed as well: the next configuration has
 * its own, and each event would be in the log twice.
 */
final class FileAppenderReplacement {

	/** The name in Boot's defaults and in its includable fragments. */
	private static final String FILE_APPENDER = "FILE";

	private final LoggerContext context;

	private final @Nullable String logFile;

	private final IdentityHashMap<Appender<ILoggingEvent>, Appender<ILoggingEvent>> replacements = new IdentityHashMap<>();

	private boolean superseded;

	FileAppenderReplacement(LoggerContext context, @Nullable String logFile) {
		this.context = context;
		this.logFile = logFile;
	}

	/** Returns whether there is a plain file appender to be replaced. */
	boolean isNeeded() {
		return this.logFile != null && this.context.getLoggerList().stream().anyMatch(this::refersToFile);
	}

	private boolean refersToFile(AppenderAttachable<ILoggingEvent> holder) {
		return attached(holder).stream().anyMatch(this::leadsToFile);
	}

	private boolean leadsToFile(Appender<ILoggingEvent> appender) {
		return isPlainFile(appender) || (appender instanceof AppenderAttachable<?>
				&& !(appender instanceof QueueAppender) && refersToFile(asHolder(appender)));
	}

	private boolean isPlainFile(Appender<ILoggingEvent> appender) {
		return this.logFile != null && appender.getClass() == RollingFileAppender.class
				&& FILE_APPENDER.equals(appender.getName())
				&& this.logFile.equals(((RollingFileAppender<ILoggingEvent>) appender).rawFileProperty());
	}

	@SuppressWarnings("unchecked") // what is attached takes the same events
	private static AppenderAttachable<ILoggingEvent> asHolder(Appender<ILoggingEvent> appender) {
		return (AppenderAttachable<ILoggingEvent>) appender;
	}

	private static List<Appender<ILoggingEvent>> attached(AppenderAttachable<ILoggingEvent> holder) {
		List<Appender<ILoggingEvent>> attached = new ArrayList<>();
		holder.iteratorForAppenders().forEachRemaining(attached::add);
		return attached;
	}

	void replace() {
		for (Logger logger : this.context.getLoggerList()) {
			replaceIn(logger);
		}
		this.replacements.forEach((former, replacement) -> {
			if (former != replacement && former instanceof AsyncAppender) {
				Departures.stopLater(this.context, former);
			}
		});
		if (this.superseded) {
			stopReplacements();
		}
	}

	private void stopReplacements() {
		for (Appender<ILoggingEvent> replacement : this.replacements.values()) {
			if (replacement instanceof QueueAppender member) {
				member.onSuperseded();
			}
		}
		this.replacements.forEach((former, replacement) -> {
			if (former != replacement) {
				replacement.stop();
			}
		});
	}

	private void replaceIn(AppenderAttachable<ILoggingEvent> holder) {
		for (Appender<ILoggingEvent> appender : attached(holder)) {
			if (this.replacements.containsKey(appender) || leadsToFile(appender)) {
				Appender<ILoggingEvent> replacement = replacementOf(appender);
				if (replacement != appender) {
					holder.addAppender(replacement);
					if (!holder.detachAppender(appender)) {
						holder.detachAppender(replacement);
						this.superseded = true;
					}
				}
			}
		}
	}

	private Appender<ILoggingEvent> replacementOf(Appender<ILoggingEvent> appender) {
		Appender<ILoggingEvent> known = this.replacements.get(appender);
		if (known != null) {
			return known;
		}
		Appender<ILoggingEvent> replacement = appender;
		if (isPlainFile(appender)) {
			replacement = memberInPlaceOf((RollingFileAppender<ILoggingEvent>) appender);
		}
		else if (appender.getClass() == AsyncAppender.class) {
			replacement = copyOf((AsyncAppender) appender);
		}
		else {
			replaceIn(asHolder(appender));
		}
		this.replacements.put(appender, replacement);
		return replacement;
	}

	/**
	 * Moves the parts of the plain appender to a new one, and closes its file without a
	 * footer.
	 */
	private static QueueAppender memberInPlaceOf(RollingFileAppender<ILoggingEvent> plain) {
		HandOver handOver = HandOver.of(plain);
		QueueAppender member = new QueueAppender();
		member.setContext(plain.getContext());
		member.setName(plain.getName());
		member.setFile(plain.rawFileProperty());
		member.setEncoder(plain.getEncoder());
		member.addFilter(handOver.filterOfSuccessor());
		HandOver.filtersOf(plain).forEach(member::addFilter);
		member.setRollingPolicy(plain.getRollingPolicy());
		if (plain.getTriggeringPolicy() != plain.getRollingPolicy()) {
			member.setTriggeringPolicy(plain.getTriggeringPolicy());
		}
		plain.getRollingPolicy().setParent(member);
		member.start();
		handOver.passTo(member);
		DeferredHeader.closeFile(plain);
		return member;
	}

	/**
	 * Has the parts of an asynchronous appender, whose own events go to what is attached
	 * to this.
	 */
	private AsyncAppender copyOf(AsyncAppender original) {
		HandOver handOver = HandOver.of(original);
		AsyncAppender copy = new SuccessorOfAsync(handOver);
		copy.setContext(original.getContext());
		copy.setName(original.getName());
		copy.setQueueSize(original.getQueueSize());
		copy.setDiscardingThreshold(original.getDiscardingThreshold());
		copy.setNeverBlock(original.isNeverBlock());
		copy.setMaxFlushTime(original.getMaxFlushTime());
		copy.setIncludeCallerData(original.isIncludeCallerData());
		HandOver.filtersOf(original).forEach(copy::addFilter);
		for (Appender<ILoggingEvent> appender : attached(original)) {
			copy.addAppender(replacementOf(appender));
		}
		copy.start();
		handOver.passTo(copy);
		return copy;
	}

	/** An asynchronous appender that leaves out what was passed on to it. */
	private static final class SuccessorOfAsync extends AsyncAppender {

		private final HandOver handOver;

		SuccessorOfAsync(HandOver handOver) {
			this.handOver = handOver;
		}

		@Override
		public void doAppend(ILoggingEvent event) {
			if (!this.handOver.hasPassed(event)) {
				super.doAppend(event);
			}
		}

	}

}
