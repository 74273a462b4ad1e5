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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import org.jspecify.annotations.Nullable;

/**
 * What events of an appender have failed with: each kind is reported once, as a Logback
 * status. Throws nothing. Safe for any thread.
 */
final class EventFailures {

	private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

	/** The failure that could not be reported last. */
	private volatile @Nullable Throwable unreported;

	/** Reports a failure, unless one of its kind has been reported. */
	void report(Appender<ILoggingEvent> appender, Throwable failure) {
		try {
			Throwable unreported = this.unreported;
			if (unreported != null) {
				this.unreported = null;
				this.reported.remove(unreported.getClass());
			}
			if (this.reported.add(failure.getClass())) {
				appender
					.addError("appender failed to append, further events that fail in this way are only counted: name="
							+ appender.getName(), failure);
			}
		}
		catch (Throwable ex) {
			// There is no stack or memory for it, or a status listener fails: the next
			// failure of this kind is reported.
			this.unreported = failure;
		}
	}

}
