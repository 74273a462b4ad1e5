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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.observability.internal.memory.Uninterruptibly;

/**
 * Passes in the background, so that other instances see the values of this one.
 *
 * <p>
 * Protocol. Each pass has a thread of its own, because the application's code may hang.
 * The caller waits for it for a second and then abandons it: the thread ends when that
 * code returns, and the next pass leaves out what is still being asked. So a source that
 * hangs delays the others by a second, and takes one thread. There are a few such threads
 * at most; if all of them hang there is no further pass.
 */
public final class BackgroundSampling {

	private static final String THREAD = "observability-sampling";

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int MOST_THREADS = 8;

	private final List<Sampler> samplers;

	private final long intervalNanos;

	private final long patienceNanos;

	private final AtomicInteger threads = new AtomicInteger();

	/** How many passes there had been when this ran last. Touched by the caller alone. */
	private long passesBefore;

	/**
	 * Creates the passes.
	 * @param samplers what is to be sampled
	 * @param interval time between two passes
	 */
	public BackgroundSampling(List<Sampler> samplers, Duration interval) {
		this(samplers, interval, PATIENCE_NANOS);
	}

	BackgroundSampling(List<Sampler> samplers, Duration interval, long patienceNanos) {
		this.samplers = List.copyOf(samplers);
		this.intervalNanos = interval.toNanos();
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Makes a pass unless scrapes have made one within the interval.
	 * @return nanoseconds until the next pass is due, as a negative number if there was
	 * none since the last call
	 * @throws Exception if too many threads hang, or the starter's own code fails
	 */
	public long run() throws Exception {
		long untilDue = this.samplers.stream()
			.mapToLong((sampler) -> sampler.untilDue(this.intervalNanos))
			.min()
			.orElse(this.intervalNanos);
		if (untilDue <= 0) {
			pass(new Pass(0));
		}
		throwError();
		long passes = this.samplers.stream().mapToLong(Sampler::passes).sum();
		boolean tried = untilDue <= 0 || passes != this.passesBefore;
		this.passesBefore = passes;
		long pause = (untilDue <= 0) ? this.intervalNanos : untilDue;
		return tried ? pause : -pause;
	}

	/**
	 * Makes a last pass, which a source that hangs delays by a second.
	 * @param sampler what is to be sampled
	 */
	public static void last(Sampler sampler) {
		BackgroundSampling sampling = new BackgroundSampling(List.of(sampler), Duration.ZERO);
		try {
			sampling.pass(sampling.new Pass(PATIENCE_NANOS));
		}
		catch (OutOfMemoryError ex) {
			// No thread can be had: the values before count.
		}
	}

	private void pass(Pass pass) {
		if (this.threads.get() >= MOST_THREADS) {
			throw new IllegalStateException("gauges or collectors hang, other instances see the last values of all: "
					+ "threads=" + MOST_THREADS);
		}
		Thread thread = new Thread(pass, THREAD);
		thread.setDaemon(true);
		thread.start();
		this.threads.incrementAndGet();
		long deadline = System.nanoTime() + this.patienceNanos;
		pass.abandoned = !Uninterruptibly.await((nanos) -> pass.done.await(nanos, TimeUnit.NANOSECONDS), deadline);
	}

	private void throwError() throws Exception {
		for (Sampler sampler : this.samplers) {
			Throwable error = sampler.takeError();
			if (error instanceof Error unchecked) {
				throw unchecked;
			}
			if (error instanceof Exception exception) {
				throw exception;
			}
		}
	}

	private final class Pass implements Runnable {

		private final long longestAskNanos;

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile boolean abandoned;

		private Pass(long longestAskNanos) {
			this.longestAskNanos = longestAskNanos;
		}

		@Override
		public void run() {
			try {
				for (Sampler sampler : BackgroundSampling.this.samplers) {
					if (sampler.untilDue(BackgroundSampling.this.intervalNanos) <= 0) {
						sampler.pass(this.longestAskNanos, false, () -> this.abandoned);
					}
				}
			}
			finally {
				BackgroundSampling.this.threads.decrementAndGet();
				this.done.countDown();
			}
		}

	}

}
