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
 * The greatest recorded value of late, as the store keeps it.
 *
 * <p>
 * On the system's clock the registry's sampling moves the time windows on, so that
 * recording need not ask for the time. Another clock (one that a test turns on by hand)
 * is asked at each recording.
 */
final class RecentMax {

	private final WindowMax max;

	private final Clock clock;

	private final boolean askClock;

	RecentMax(WindowMax max, Clock clock) {
		this.max = max;
		this.clock = clock;
		this.askClock = clock != Clock.SYSTEM;
	}

	void record(double value) {
		if (this.askClock) {
			rotate();
		}
		this.max.record(value);
	}

	void rotate() {
		this.max.rotate(this.clock.wallTime());
	}

	double value() {
		return this.max.max(this.clock.wallTime());
	}

}
