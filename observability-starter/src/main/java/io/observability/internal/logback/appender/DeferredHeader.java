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

import java.io.OutputStream;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import ch.qos.logback.core.status.StatusManager;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a plain file appender that a Logback configuration starts, only to be replaced
 * by a {@link FleetAppender}: it is kept from writing a header into the shared log file,
 * and gets a {@link HandOver}.
 *
 * <p>
 * There is nothing between the configuration of an appender and its start that Logback
 * lets others do. But an appender reports the name of its file before it opens the file.
 * Then it gets a {@link DeferredHeaderEncoder}, if its own encoder has a header or a
 * footer.
 */
public final class DeferredHeader implements StatusListener {

	private final String file;

	private DeferredHeader(String file) {
		this.file = file;
	}

	/**
	 * Watches the appenders that a logger context starts from now on.
	 * @param context the logger context
	 * @param file the shared log file, as configurations name it
	 */
	public static void watch(LoggerContext context, String file) {
		StatusManager statuses = context.getStatusManager();
		statuses.getCopyOfStatusListenerList()
			.stream()
			.filter(DeferredHeader.class::isInstance)
			.forEach(statuses::remove);
		statuses.add(new DeferredHeader(file));
	}

	@Override
	public boolean isResetResistant() {
		return true;
	}

	@Override
	public void addStatusEvent(Status status) {
		if (status.getOrigin() instanceof RollingFileAppender<?> appender
				&& appender.getClass() == RollingFileAppender.class && !appender.isStarted()
				&& this.file.equals(appender.rawFileProperty())) {
			defer(appender);
			HandOver.prepare(asEvents(appender));
		}
	}

	@SuppressWarnings("unchecked") // appenders of a logger context take its events
	private static RollingFileAppender<ILoggingEvent> asEvents(RollingFileAppender<?> appender) {
		return (RollingFileAppender<ILoggingEvent>) appender;
	}

	private static <E> void defer(RollingFileAppender<E> appender) {
		Encoder<E> encoder = appender.getEncoder();
		if (encoder != null && !(encoder instanceof DeferredHeaderEncoder)
				&& (hasBytes(encoder.headerBytes()) || hasBytes(encoder.footerBytes()))) {
			appender.setEncoder(new DeferredHeaderEncoder<>(encoder));
		}
	}

	/**
	 * Closes the file of a plain appender that was replaced, without a footer. The
	 * appender stays started, for threads that still append to it.
	 * @param appender the appender
	 */
	public static void closeFile(RollingFileAppender<ILoggingEvent> appender) {
		appender.setEncoder(new DeferredHeaderEncoder<>(original(appender.getEncoder())));
		appender.setOutputStream(OutputStream.nullOutputStream());
	}

	private static boolean hasBytes(byte @Nullable [] bytes) {
		return bytes != null && bytes.length > 0;
	}

	/** Returns the encoder as the application has configured it. */
	static Encoder<ILoggingEvent> original(Encoder<ILoggingEvent> encoder) {
		return (encoder instanceof DeferredHeaderEncoder<ILoggingEvent> deferred) ? deferred.original() : encoder;
	}

}
