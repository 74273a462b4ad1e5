package io.observability.registry;

import io.micrometer.core.instrument.Clock;
import io.observability.store.WindowMax;

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
