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

package io.observability.internal.registry;

import io.micrometer.core.instrument.Clock;
import io.observability.internal.metrics.cells.WindowMax;

/**
 * The maximum of a timer or summary within its time window, in the store.
 *
 * <p>
 * With the system clock the registry's sampling rotates the time windows, so recording
 * does not read the clock. Any other clock (a test moves one by hand) is read at each
 * recording.
 */
final class RecentMax {

	private final WindowMax max;

	private final Clock clock;

	private final boolean readClock;

	RecentMax(WindowMax max, Clock clock) {
		this.max = max;
		this.clock = clock;
		this.readClock = clock != Clock.SYSTEM;
	}

	void record(double value) {
		if (this.readClock) {
			rotate(this.clock.wallTime());
		}
		this.max.record(value);
	}

	void rotate(long nowMillis) {
		this.max.rotate(nowMillis);
	}

	double value() {
		return this.max.max(this.clock.wallTime());
	}

}
