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

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.observability.internal.logback.event.EventOrigin;

/** Makes the bytes that are put into a queue. Safe for any thread. */
@FunctionalInterface
interface EventEncoder {

	/**
	 * Encodes an event.
	 * @param event the event
	 * @param origin this process
	 * @return the bytes, until this thread encodes another event; none if the event is
	 * not to be put into the queue
	 * @throws IOException if the event can't be encoded
	 */
	EncodedEvent encode(ILoggingEvent event, EventOrigin origin) throws IOException;

}
