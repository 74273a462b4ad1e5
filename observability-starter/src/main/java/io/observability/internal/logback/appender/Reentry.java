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

/**
 * What happens to events that are logged while this thread appends one to the same
 * appender, by an argument or by the encoder itself.
 *
 * <p>
 * As with Logback's file appenders, such an event is appended at once, and so comes
 * before the event that it interrupts. Encoders may keep buffers for each thread, so the
 * interrupted event is encoded once more, during which nothing else is taken. What is
 * logged while an interrupting event is encoded is ignored: an encoder may log for each
 * event.
 *
 * <p>
 * The state is an array, because a thread may outlive this class, and is changed without
 * a call, which might fail.
 */
final class Reentry {

	/** Index of how many events the thread is appending. */
	static final int DEPTH = 0;

	/** Index of how many events the thread has begun to append so far. */
	static final int COUNT = 1;

	/** The depth at which no further event is taken. */
	static final int CLOSED = 2;

	private Reentry() {
	}

	static int[] newState() {
		return new int[2];
	}

}
