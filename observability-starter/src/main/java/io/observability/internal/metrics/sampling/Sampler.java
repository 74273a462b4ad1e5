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
 * No lock is held meanwhile. Whatever a source throws, the pass goes on: a source reports
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

	/** When the last pass that was completed has begun. */
	private volatile @Nullable Long lastPass;

	/** The same for passes over all sources. */
	private volatile @Nullable Long lastWholePass;

	/**
	 * Creates a sampler.
	 * @param rounds begins a pass
	 */
	public Sampler(Supplier<Round> rounds) {
		this.rounds = rounds;
	}

	/** Asks all sources for a scrape. */
	public void sample() {
		pass(LONGEST_ASK_NANOS, true, true, () -> false);
	}

	/**
	 * Asks all sources.
	 * @param longestAskNanos how long a source may have been asked by another thread to
	 * be waited for
	 * @param scrape whether it is for a scrape
	 * @param read whether there are readers; if not, sources that are for readers only
	 * are left out, unless something waits for a pass over all
	 * @param abandoned whether to stop after the source that is being asked
	 */
	void pass(long longestAskNanos, boolean scrape, boolean read, BooleanSupplier abandoned) {
		try {
			long begin = System.nanoTime();
			Round round = this.rounds.get();
			boolean all = read || round.isPending();
			if (ask(round, all, (ASKING.get() != null) ? 0 : longestAskNanos, abandoned)) {
				if (all) {
					round.end(scrape);
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

	private boolean ask(Round round, boolean all, long longestAskNanos, BooleanSupplier abandoned)
			throws InterruptedException {
		List<Source> askedElsewhere = new ArrayList<>();
		Boolean outer = ASKING.get();
		ASKING.set(true);
		try {
			for (Source source : round.sources(all)) {
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

}
