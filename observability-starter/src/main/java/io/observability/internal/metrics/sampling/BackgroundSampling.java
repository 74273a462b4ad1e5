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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

import io.observability.internal.memory.Uninterruptibly;
import org.jspecify.annotations.Nullable;

/**
 * Passes in the background, so that other instances see the values of this one.
 *
 * <p>
 * Protocol. A pass is made on another thread than the caller's, because the application's
 * code may hang. The next call of the caller waits until a second has passed since the
 * pass has begun, because a thread may start late on a busy machine, and then abandons
 * it: the thread ends when that code returns, and the next pass has another one and goes
 * on behind what is still being asked. So a source that hangs delays the others by a
 * second, and takes one thread. Sources that are only slow share the time: in each second
 * as many are asked as there is time for, one after the other. There are a few such
 * threads at most; if all of them hang there is no further pass. A thread that does not
 * hang makes the next pass, too, if that is soon: to start one costs more than to ask
 * some sources.
 *
 * <p>
 * While there are no readers, sources that are of use to readers only are left out.
 */
public final class BackgroundSampling {

	private static final String THREAD = "observability-sampling";

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** No thread takes longer to start, however busy the machine is. */
	private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final int MOST_THREADS = 8;

	/** A pass may be made earlier by this part of the interval, with other tasks. */
	private static final int PART_OF_INTERVAL = 4;

	/** A thread does not wait longer than twice this for the next pass. */
	private static final long LONGEST_KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final List<Sampler> samplers;

	private final long intervalNanos;

	private final BooleanSupplier read;

	private final long patienceNanos;

	private final ThreadPoolExecutor executor;

	/** How many passes are being made. */
	private final AtomicInteger threads = new AtomicInteger();

	/** How many passes there had been when this ran last. Touched by the caller alone. */
	private long passesBefore;

	/** The pass that was begun last, if it was not waited for yet. Likewise. */
	private @Nullable Pass pass;

	/** Which sampler the next pass begins with. Likewise. */
	private int first;

	/**
	 * Creates the passes.
	 * @param samplers what is to be sampled
	 * @param interval time between two passes
	 * @param read whether there are readers
	 */
	public BackgroundSampling(List<Sampler> samplers, Duration interval, BooleanSupplier read) {
		this(samplers, interval, read, PATIENCE_NANOS, BackgroundSampling::thread);
	}

	BackgroundSampling(List<Sampler> samplers, Duration interval, BooleanSupplier read, long patienceNanos,
			ThreadFactory threads) {
		this.samplers = List.copyOf(samplers);
		this.intervalNanos = interval.toNanos();
		this.read = read;
		this.patienceNanos = patienceNanos;
		long keepAlive = (this.intervalNanos <= LONGEST_KEEP_ALIVE_NANOS) ? 2 * this.intervalNanos : 1;
		this.executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, keepAlive, TimeUnit.NANOSECONDS,
				new SynchronousQueue<>(), threads);
	}

	static Thread thread(Runnable passes) {
		Thread thread = new Thread(passes, THREAD);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Ends the last pass, which has normally ended long ago, and begins another unless
	 * scrapes have made one within the interval. So the caller's thread need not wait
	 * while the application's code is called.
	 * @return nanoseconds until the next pass is due, as a negative number if none was
	 * completed since the last call
	 * @throws Exception if too many threads hang, or the starter's own code has failed in
	 * the last pass
	 */
	public long run() throws Exception {
		long passesBefore = this.passesBefore;
		endPass();
		boolean read = this.read.getAsBoolean();
		long untilDue = untilDue(read);
		if (isDue(untilDue)) {
			begin(new Pass(inTurn(), (sampler, abandoned) -> sampleIfDue(sampler, read, abandoned)));
			untilDue = this.intervalNanos;
		}
		return (this.passesBefore != passesBefore) ? untilDue : -untilDue;
	}

	private void sampleIfDue(Sampler sampler, boolean read, BooleanSupplier abandoned) {
		if (isDue(sampler.untilDue(this.intervalNanos, read))) {
			sampler.sampleInBackground(read, abandoned);
		}
	}

	/** Returns the samplers, each time beginning with another one. */
	private List<Sampler> inTurn() {
		List<Sampler> samplers = new ArrayList<>(this.samplers);
		Collections.rotate(samplers, this.first);
		this.first = (this.first + 1) % samplers.size();
		return samplers;
	}

	private boolean isDue(long untilDue) {
		return untilDue <= this.intervalNanos / PART_OF_INTERVAL;
	}

	private long untilDue(boolean read) {
		long untilDue = this.intervalNanos;
		for (Sampler sampler : this.samplers) {
			untilDue = Math.min(untilDue, sampler.untilDue(this.intervalNanos, read));
		}
		return untilDue;
	}

	/**
	 * Waits for the pass that was begun last, and abandons it if it takes too long.
	 * @throws Exception what the starter's own code has thrown
	 */
	void endPass() throws Exception {
		Pass pass = this.pass;
		this.pass = null;
		if (pass != null) {
			pass.end();
		}
		long passes = 0;
		for (Sampler sampler : this.samplers) {
			passes += sampler.passes();
		}
		this.passesBefore = passes;
		throwError();
	}

	/**
	 * Makes a last pass, which a source that hangs delays by a second.
	 * @param sampler what is to be sampled
	 */
	public static void last(Sampler sampler) {
		BackgroundSampling sampling = new BackgroundSampling(List.of(sampler), Duration.ZERO, () -> true,
				PATIENCE_NANOS, BackgroundSampling::thread);
		try {
			Pass pass = sampling.new Pass(sampling.samplers,
					(each, abandoned) -> each.sampleLast(PATIENCE_NANOS, abandoned));
			sampling.begin(pass);
			pass.end();
		}
		catch (OutOfMemoryError ex) {
			// No thread can be had: the values before count.
		}
	}

	private void begin(Pass pass) {
		if (this.threads.get() >= MOST_THREADS) {
			throw new IllegalStateException("gauges or collectors hang, other instances see the last values of all: "
					+ "threads=" + MOST_THREADS);
		}
		this.threads.incrementAndGet();
		try {
			this.executor.execute(pass);
		}
		catch (Throwable ex) {
			this.threads.decrementAndGet();
			throw ex;
		}
		this.pass = pass;
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

		private final List<Sampler> samplers;

		private final BiConsumer<Sampler, BooleanSupplier> ask;

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch done = new CountDownLatch(1);

		/** When it has begun, by {@link System#nanoTime()}. */
		private volatile long start;

		private volatile boolean abandoned;

		private Pass(List<Sampler> samplers, BiConsumer<Sampler, BooleanSupplier> ask) {
			this.samplers = samplers;
			this.ask = ask;
		}

		private void end() {
			this.abandoned = !await(this.begun, System.nanoTime() + LONGEST_START_NANOS)
					|| !await(this.done, this.start + BackgroundSampling.this.patienceNanos);
		}

		private static boolean await(CountDownLatch latch, long deadline) {
			return Uninterruptibly.await((nanos) -> latch.await(nanos, TimeUnit.NANOSECONDS), deadline);
		}

		@Override
		public void run() {
			this.start = System.nanoTime();
			this.begun.countDown();
			try {
				for (int i = 0; i < this.samplers.size() && !this.abandoned; i++) {
					this.ask.accept(this.samplers.get(i), () -> this.abandoned);
				}
			}
			finally {
				BackgroundSampling.this.threads.decrementAndGet();
				this.done.countDown();
			}
		}

	}

}
