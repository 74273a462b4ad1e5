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

package io.observability.internal.log.collector;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.InstanceInfo;
import io.observability.internal.instance.ProcessLock;
import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.queue.LogQueue;
import org.jspecify.annotations.Nullable;

/**
 * This process's candidate for collecting what is in all queues.
 *
 * <p>
 * Protocol. A thread tries to take the collector lock a few times a second. Who has it
 * collects until it ends; the kernel drops the lock of a process that dies, and another
 * one's next try succeeds. A process that stops closes its queue first. Then it stays
 * until its queue is collected: by another collector, or by itself as soon as it has the
 * lock. A collector that stops also drains the queues of all others that have ended, so
 * the last process to leave leaves nothing behind. It gives up when nothing moves for
 * some seconds; what is left then stays on disk, for the processes that go on or the next
 * that starts.
 *
 * <p>
 * If somebody deletes the lock's file, another process makes a new one and is elected
 * beside the collector. It waits a while before it begins; the old one looks before each
 * batch whether another file has taken the place of its own, and resigns.
 */
public final class Collector implements Closeable {

	private static final long ELECTION_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

	private static final long LEAVE_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** After a batch of so many bytes the next one is likely to be waiting. */
	private static final int LARGE_BATCH = 128 << 10;

	/** For a predecessor that still runs to notice that it has a successor. */
	private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long TROUBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** How long to stay without progress. */
	private static final long MAX_LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final Instance instance;

	private final LogQueue queue;

	private final Term.Start terms;

	private final CollectorListener listener;

	private final Thread thread;

	private volatile boolean leaving;

	private @Nullable ProcessLock lock;

	private @Nullable Term term;

	/** When the term may begin. */
	private long begin;

	private boolean failing;

	private Collector(Instance instance, LogQueue queue, Term.Start terms, CollectorListener listener) {
		this.instance = instance;
		this.queue = queue;
		this.terms = terms;
		this.listener = listener;
		this.thread = new Thread(this::run, "observability-log-collector");
		this.thread.setDaemon(true);
	}

	/**
	 * Stands for election, and writes the merged log file when elected.
	 * @param instance the membership of this process
	 * @param queue this process's queue
	 * @param target where the merged log goes
	 * @param orderingWindow how long events are held back so that those of other
	 * processes can be put in front of them
	 * @param listener is told when collecting fails, and when it works again
	 * @return the running collector
	 */
	public static Collector start(Instance instance, LogQueue queue, LogTarget target, Duration orderingWindow,
			CollectorListener listener) {
		return start(instance, queue, (store, id) -> FileTerm.begin(store, id, target, orderingWindow), listener);
	}

	/**
	 * Stands for election, and passes events on when elected.
	 * @param instance the membership of this process
	 * @param queue this process's queue
	 * @param target where the events go
	 * @param orderingWindow how long events are held back so that those of other
	 * processes can be put in front of them
	 * @param listener is told when collecting fails, and when it works again
	 * @return the running collector
	 */
	public static Collector start(Instance instance, LogQueue queue, EventTarget target, Duration orderingWindow,
			CollectorListener listener) {
		return start(instance, queue, (store, id) -> EventTerm.begin(store, id, target, orderingWindow), listener);
	}

	private static Collector start(Instance instance, LogQueue queue, Term.Start terms, CollectorListener listener) {
		Collector collector = new Collector(instance, queue, terms, listener);
		collector.thread.start();
		return collector;
	}

	private void run() {
		try {
			while (!this.leaving) {
				LockSupport.parkNanos(this, work());
			}
			leave();
		}
		finally {
			resign();
		}
	}

	/** Returns how long to rest. */
	private long work() {
		try {
			Term term = elected();
			if (term == null) {
				return ELECTION_NANOS;
			}
			int written = term.collect();
			works();
			return (written > LARGE_BATCH) ? 0 : IDLE_NANOS;
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			fails(ex);
			endTerm();
			return TROUBLE_NANOS;
		}
	}

	private void leave() {
		long deadline = System.nanoTime() + MAX_LEAVE_NANOS;
		while (System.nanoTime() < deadline) {
			try {
				Term term = elected();
				int written = (term != null) ? term.collect() : 0;
				if (this.queue.isCollected() && (term == null || !term.hasEndedQueues())) {
					return;
				}
				if (written > 0) {
					deadline = System.nanoTime() + MAX_LEAVE_NANOS;
					continue;
				}
			}
			catch (IOException | RuntimeException | OutOfMemoryError ex) {
				fails(ex);
				endTerm();
			}
			LockSupport.parkNanos(this, LEAVE_TICK_NANOS);
		}
	}

	/** Returns the running term, a new one if the lock is to be had, else null. */
	private @Nullable Term elected() throws IOException {
		StoreDirectory store = this.instance.store();
		if (this.lock != null && this.lock.isReplaced()) {
			resign();
			this.lock = null;
		}
		if (this.lock == null) {
			this.lock = ProcessLock.tryAcquire(store.collectorLock());
			this.begin = System.nanoTime() + (predecessorLives() ? GRACE_NANOS : 0);
		}
		if (this.lock != null && this.term == null && System.nanoTime() >= this.begin) {
			this.term = this.terms.begin(store, this.instance.info().id());
		}
		return this.term;
	}

	private boolean predecessorLives() throws IOException {
		StoreDirectory store = this.instance.store();
		Checkpoint last = CheckpointFile.peek(store.collectorCheckpoint());
		if (this.lock == null || last == null || last.collector().equals(this.instance.info().id())) {
			return false;
		}
		for (Slot slot : new Slots(store).list()) {
			InstanceInfo occupant = slot.livingOccupant();
			if (occupant != null && occupant.id().equals(last.collector())) {
				return true;
			}
		}
		return false;
	}

	private void resign() {
		endTerm();
		try {
			if (this.lock != null) {
				this.lock.close();
			}
		}
		catch (IOException ex) {
			fails(ex);
		}
	}

	private void endTerm() {
		try {
			if (this.term != null) {
				this.term.close();
			}
		}
		catch (IOException | RuntimeException ex) {
			fails(ex);
		}
		this.term = null;
	}

	private void works() {
		if (this.failing) {
			this.failing = false;
			this.listener.collectingWorks();
		}
	}

	private void fails(Throwable cause) {
		if (!this.failing) {
			this.failing = true;
			this.listener.collectingFails(cause);
		}
	}

	/**
	 * Leaves the election, once the queue is closed. Returns when the queue is collected,
	 * or when that takes too long.
	 */
	@Override
	public void close() {
		this.leaving = true;
		LockSupport.unpark(this.thread);
		boolean interrupted = false;
		while (this.thread.isAlive()) {
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
