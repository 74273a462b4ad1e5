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

package io.observability.internal.metrics.sampling;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Makes passes over sources: asks each of them. Safe for any thread.
 *
 * <p>
 * Protocol. A scrape asks all sources on its own thread, so its values are as fresh as
 * without the starter. It leaves out those that another thread asks already, and waits
 * for them at the end: a slow source takes its own time, however many scrapes there are.
 * A pass in the background may be abandoned. The next one goes on behind the source that
 * was asked last, so that slow sources do not keep the same others from being asked. No
 * lock is held meanwhile. Whatever a source throws, the pass goes on: a source reports
 * its exceptions itself, and an error is kept until {@link #takeError()}.
 */
public final class Sampler {

	/**
	 * A source that is asked for so long may hang for ever, and scrapes with it: they use
	 * its last value.
	 */
	private static final long LONGEST_ASK_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** Threads that make a pass now: the application's code may begin another. */
	private static final ThreadLocal<Boolean> ASKING = new ThreadLocal<>();

	private final Supplier<Round> rounds;

	private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

	private final LongAdder passes = new LongAdder();

	/** When the last pass has begun that has completed a round. */
	private volatile @Nullable Long lastPass;

	/** The same for rounds over all sources. */
	private volatile @Nullable Long lastWholePass;

	/** What passes in the background have not asked yet. */
	private volatile @Nullable Turn unfinished;

	/**
	 * Creates a sampler.
	 * @param rounds begins a pass
	 */
	public Sampler(Supplier<Round> rounds) {
		this.rounds = rounds;
	}

	/** Asks all sources for a scrape. */
	public void sample() {
		pass(() -> begin(true), LONGEST_ASK_NANOS, true, () -> false);
	}

	/**
	 * Asks the sources that an abandoned call has left, or else all of them.
	 * @param read whether there are readers; if not, sources that are for readers only
	 * are left out, unless something waits for a pass over all
	 * @param abandoned whether to stop after the source that is being asked
	 */
	void sampleInBackground(boolean read, BooleanSupplier abandoned) {
		pass(() -> next(read), 0, false, abandoned);
	}

	/**
	 * Asks all sources a last time.
	 * @param longestAskNanos how long a source may have been asked by another thread to
	 * be waited for
	 * @param abandoned whether to stop after the source that is being asked
	 */
	void sampleLast(long longestAskNanos, BooleanSupplier abandoned) {
		pass(() -> begin(true), longestAskNanos, false, abandoned);
	}

	private Turn begin(boolean read) {
		Round round = this.rounds.get();
		boolean all = read || round.isPending();
		return new Turn(round, all, round.sources(all).iterator());
	}

	private Turn next(boolean read) {
		Turn turn = this.unfinished;
		if (turn == null || !turn.isOf(read) || turn.isBefore(this.lastWholePass)) {
			turn = begin(read);
			this.unfinished = turn;
		}
		return turn;
	}

	private void pass(Supplier<Turn> turns, long longestAskNanos, boolean scrape, BooleanSupplier abandoned) {
		try {
			long begin = System.nanoTime();
			Turn turn = turns.get();
			if (ask(turn, (ASKING.get() != null) ? 0 : longestAskNanos, abandoned)) {
				if (turn.all) {
					turn.round.end(scrape);
					this.lastWholePass = begin;
				}
				this.lastPass = begin;
				this.passes.increment();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			this.error.compareAndSet(null, ex);
		}
	}

	/** Returns whether all sources of the turn have been asked. */
	private boolean ask(Turn turn, long longestAskNanos, BooleanSupplier abandoned) throws InterruptedException {
		List<Source> askedElsewhere = new ArrayList<>();
		Boolean outer = ASKING.get();
		ASKING.set(true);
		try {
			for (Source source = turn.poll(); source != null; source = turn.poll()) {
				if (!ask(source)) {
					askedElsewhere.add(source);
				}
				else if (abandoned.getAsBoolean()) {
					return false;
				}
			}
		}
		finally {
			if (outer == null) {
				ASKING.remove();
			}
		}
		for (Source source : askedElsewhere) {
			source.awaitAsk(longestAskNanos);
		}
		return true;
	}

	/** Returns whether the source was asked now. */
	private boolean ask(Source source) {
		try {
			return source.tryAsk();
		}
		catch (Throwable ex) {
			this.error.compareAndSet(null, ex);
			return true;
		}
	}

	/**
	 * Returns how long the sources need not be asked in the background.
	 * @param intervalNanos time between two passes
	 * @param read whether there are readers
	 * @return nanoseconds until the next pass is due, not positive if it is
	 */
	long untilDue(long intervalNanos, boolean read) {
		Long lastPass = read ? this.lastWholePass : this.lastPass;
		return (lastPass != null) ? lastPass + intervalNanos - System.nanoTime() : 0;
	}

	/** Returns how many passes were completed. */
	long passes() {
		return this.passes.sum();
	}

	/** Returns an error that was met since the last call, or null. */
	@Nullable Throwable takeError() {
		return this.error.getAndSet(null);
	}

	/**
	 * A round, and which of its sources have not been asked yet. A thread that was
	 * abandoned may still ask one while another thread goes on.
	 */
	private static final class Turn {

		private final long begin = System.nanoTime();

		private final Round round;

		private final boolean all;

		private final Iterator<? extends Source> left;

		private Turn(Round round, boolean all, Iterator<? extends Source> left) {
			this.round = round;
			this.all = all;
			this.left = left;
		}

		private synchronized @Nullable Source poll() {
			return this.left.hasNext() ? this.left.next() : null;
		}

		/** Returns whether it has sources left, and all that are needed now. */
		private synchronized boolean isOf(boolean read) {
			return this.left.hasNext() && (this.all || !read);
		}

		private boolean isBefore(@Nullable Long pass) {
			return pass != null && pass - this.begin > 0;
		}

	}

}
