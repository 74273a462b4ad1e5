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
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.observability.logback.QueueAppender;
import org.jspecify.annotations.Nullable;

/**
 * Replaces Boot's plain file appender by a {@link QueueAppender} wherever it is referred
 * to: by any logger, and inside other appenders.
 *
 * <p>
 * An {@link AsyncAppender} can't get another appender than its first, so it is replaced
 * by a copy.
 */
final class FileAppenderReplacement {

	/** The name in Boot's defaults and in its includable fragments. */
	private static final String FILE_APPENDER = "FILE";

	private final LoggerContext context;

	private final @Nullable String logFile;

	private final IdentityHashMap<Appender<ILoggingEvent>, Appender<ILoggingEvent>> replacements = new IdentityHashMap<>();

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
	}

	private void replaceIn(AppenderAttachable<ILoggingEvent> holder) {
		for (Appender<ILoggingEvent> appender : attached(holder)) {
			if (this.replacements.containsKey(appender) || leadsToFile(appender)) {
				Appender<ILoggingEvent> replacement = replacementOf(appender);
				if (replacement != appender) {
					holder.detachAppender(appender);
					holder.addAppender(replacement);
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
	 * Stops the plain appender, without a footer, and moves its parts to a new one.
	 */
	private static QueueAppender memberInPlaceOf(RollingFileAppender<ILoggingEvent> plain) {
		Encoder<ILoggingEvent> encoder = plain.getEncoder();
		plain.setEncoder(null);
		plain.stop();
		QueueAppender member = new QueueAppender();
		member.setContext(plain.getContext());
		member.setName(plain.getName());
		member.setFile(plain.rawFileProperty());
		member.setEncoder(encoder);
		plain.getCopyOfAttachedFiltersList().forEach(member::addFilter);
		member.setRollingPolicy(plain.getRollingPolicy());
		if (plain.getTriggeringPolicy() != plain.getRollingPolicy()) {
			member.setTriggeringPolicy(plain.getTriggeringPolicy());
		}
		plain.getRollingPolicy().setParent(member);
		member.start();
		return member;
	}

	private AsyncAppender copyOf(AsyncAppender original) {
		List<Appender<ILoggingEvent>> attached = attached(original);
		// Passes on what it has, and detaches and stops what is attached.
		original.stop();
		AsyncAppender copy = new AsyncAppender();
		copy.setContext(original.getContext());
		copy.setName(original.getName());
		copy.setQueueSize(original.getQueueSize());
		copy.setDiscardingThreshold(original.getDiscardingThreshold());
		copy.setNeverBlock(original.isNeverBlock());
		copy.setMaxFlushTime(original.getMaxFlushTime());
		copy.setIncludeCallerData(original.isIncludeCallerData());
		original.getCopyOfAttachedFiltersList().forEach(copy::addFilter);
		for (Appender<ILoggingEvent> appender : attached) {
			copy.addAppender(replacementOf(appender));
		}
		copy.start();
		return copy;
	}

}
