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

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.sift.SiftingAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;

/**
 * The appenders of a logger context, also those inside other appenders, and the members
 * of the fleet among them.
 */
public final class ContextAppenders {

	private final Set<Appender<?>> visited = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<FleetAppender> found = new ArrayList<>();

	private ContextAppenders() {
	}

	/**
	 * Lists the appenders that have been started but have no store, neither from their
	 * configuration nor from their logger context.
	 * @param context the logger context
	 * @return the appenders, each once
	 */
	public static List<FleetAppender> withoutStore(LoggerContext context) {
		return visitAll(context).found.stream().filter(FleetAppender::lacksStore).toList();
	}

	/**
	 * Lists all appenders, whether or not they are members of the fleet.
	 * @param context the logger context
	 * @return the appenders, each once
	 */
	public static List<Appender<?>> all(LoggerContext context) {
		return List.copyOf(visitAll(context).visited);
	}

	private static ContextAppenders visitAll(LoggerContext context) {
		ContextAppenders appenders = new ContextAppenders();
		for (Logger logger : context.getLoggerList()) {
			appenders.visit(logger);
		}
		return appenders;
	}

	private void visit(AppenderAttachable<ILoggingEvent> holder) {
		for (Iterator<Appender<ILoggingEvent>> attached = holder.iteratorForAppenders(); attached.hasNext();) {
			visit(attached.next());
		}
	}

	@SuppressWarnings("unchecked") // appenders of loggers take their events
	private void visit(Appender<ILoggingEvent> appender) {
		if (!this.visited.add(appender)) {
			return;
		}
		if (appender instanceof FleetAppender member) {
			this.found.add(member);
		}
		if (appender instanceof AppenderAttachable<?> holder) {
			visit((AppenderAttachable<ILoggingEvent>) holder);
		}
		if (appender instanceof SiftingAppenderBase<?> sifting && sifting.getAppenderTracker() != null) {
			((Collection<Appender<ILoggingEvent>>) (Collection<?>) sifting.getAppenderTracker().allComponents())
				.forEach(this::visit);
		}
	}

}
