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

package io.observability.internal.log.queue;

import java.util.concurrent.TimeUnit;

/**
 * How long a log call waits for room. With {@code when-full=drop} it does not, but waits
 * until the next segment has been created: an event that is larger than the one that is
 * ready, or that comes while the processor is busy, is not lost while there is room.
 *
 * @param unservedNanos while the collector takes nothing of the queue
 * @param wholeNanos in all
 * @param segmentNanos with {@code when-full=drop}, for the next segment
 */
record WaitLimits(long unservedNanos, long wholeNanos, long segmentNanos) {

	static final WaitLimits DEFAULT = new WaitLimits(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(60),
			TimeUnit.SECONDS.toNanos(1));

}
