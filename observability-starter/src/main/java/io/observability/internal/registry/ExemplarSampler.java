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
 * Picks the recorded values of a meter that become exemplars.
 *
 * <p>
 * Protocol. Each bucket is open for one value at a time: whoever closes it may write its
 * slot, and all others pass by with one read. {@link #open()} opens what is closed, but
 * not what is being written.
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
	 * A value was recorded.
	 * @param bucket index of its bucket
	 * @param value in the unit in which it is shown
	 */
	void recorded(int bucket, double value) {
		if (this.states.getOpaque(bucket) == OPEN && this.states.compareAndSet(bucket, OPEN, WRITING)) {
			int next = CLOSED;
			try {
				next = write(bucket, value) ? CLOSED : OPEN;
			}
			catch (RuntimeException | InternalError ex) {
				// A tracer that fails, or a file that was cut off, is no reason for
				// recording to.
			}
			finally {
				this.states.setRelease(bucket, next);
			}
		}
	}

	/** Returns whether there was a span to write. */
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

	/** Lets each bucket have another exemplar. */
	void open() {
		for (int bucket = 0; bucket < this.states.length(); bucket++) {
			if (this.states.getOpaque(bucket) == CLOSED) {
				this.states.compareAndSet(bucket, CLOSED, OPEN);
			}
		}
	}

}
