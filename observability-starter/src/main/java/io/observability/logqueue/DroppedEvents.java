package io.observability.logqueue;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts the events that did not get into the queue, by level, and keeps what has not
 * been told yet. Safe for any thread.
 */
final class DroppedEvents {

	private final LongAdder[] counts = new LongAdder[LevelCode.COUNT];

	private long untold;

	private Instant firstUntold = Instant.EPOCH;

	private Instant lastUntold = Instant.EPOCH;

	private volatile boolean due;

	DroppedEvents() {
		for (int i = 0; i < this.counts.length; i++) {
			this.counts[i] = new LongAdder();
		}
	}

	void add(Level level) {
		this.counts[LevelCode.of(level) - 1].increment();
		Instant now = Instant.now();
		synchronized (this) {
			if (this.untold++ == 0) {
				this.firstUntold = now;
			}
			this.lastUntold = now;
		}
	}

	long count(Level level) {
		return this.counts[LevelCode.of(level) - 1].sum();
	}

	/** By level, from trace to error. */
	long[] counts() {
		long[] counts = new long[this.counts.length];
		for (int i = 0; i < counts.length; i++) {
			counts[i] = this.counts[i].sum();
		}
		return counts;
	}

	/** There is room again: what was dropped can be told now. */
	void roomAgain() {
		synchronized (this) {
			this.due = this.untold > 0;
		}
	}

	/** Returns what is to be told now, once; null if nothing is. */
	@Nullable DropReport take() {
		if (!this.due) {
			return null;
		}
		synchronized (this) {
			this.due = false;
			if (this.untold == 0) {
				return null;
			}
			DropReport report = new DropReport(this.untold, this.firstUntold, this.lastUntold);
			this.untold = 0;
			return report;
		}
	}

}
