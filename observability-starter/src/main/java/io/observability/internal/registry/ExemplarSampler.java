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

import java.util.concurrent.atomic.AtomicIntegerArray;

import io.micrometer.core.instrument.Clock;
import io.observability.internal.metrics.cells.Exemplar;
import io.observability.internal.metrics.cells.ExemplarSlots;
import io.prometheus.metrics.tracer.common.SpanContext;

/**
 * Selects which recorded values of a meter become exemplars.
 *
 * <p>
 * Protocol. Each bucket is open for one value: the thread that closes it writes the slot,
 * and all other threads only read the state. {@link #open()} opens buckets that are
 * closed, but not those that are being written.
 */
final class ExemplarSampler {

	private static final int OPEN = 0;

	private static final int WRITING = 1;

	private static final int CLOSED = 2;

	private final SpanContext spanContext;

	private final ExemplarSlots slots;

	private final Clock clock;

	private final AtomicIntegerArray states;

	ExemplarSampler(SpanContext spanContext, ExemplarSlots slots, int buckets, Clock clock) {
		this.spanContext = spanContext;
		this.slots = slots;
		this.clock = clock;
		this.states = new AtomicIntegerArray(buckets);
	}

	/**
	 * Makes a recorded value an exemplar if its bucket is open.
	 * @param bucket index of its bucket
	 * @param value the value in the unit of the exposition
	 */
	void recorded(int bucket, double value) {
		if (this.states.getOpaque(bucket) == OPEN && this.states.compareAndSet(bucket, OPEN, WRITING)) {
			int next = CLOSED;
			try {
				next = write(bucket, value) ? CLOSED : OPEN;
			}
			catch (RuntimeException | InternalError ex) {
				// Neither a tracer that fails nor a truncated file may make recording
				// fail.
			}
			finally {
				this.states.setRelease(bucket, next);
			}
		}
	}

	/** Writes the exemplar and returns whether there was a span for it. */
	private boolean write(int bucket, double value) {
		if (!this.spanContext.isCurrentSpanSampled()) {
			return false;
		}
		String traceId = this.spanContext.getCurrentTraceId();
		String spanId = this.spanContext.getCurrentSpanId();
		if (traceId == null || spanId == null) {
			return false;
		}
		this.spanContext.markCurrentSpanAsExemplar();
		this.slots.set(bucket, new Exemplar(value, this.clock.wallTime(), traceId, spanId));
		return true;
	}

	/** Lets each bucket get another exemplar. */
	void open() {
		for (int bucket = 0; bucket < this.states.length(); bucket++) {
			if (this.states.getOpaque(bucket) == CLOSED) {
				this.states.compareAndSet(bucket, CLOSED, OPEN);
			}
		}
	}

}
