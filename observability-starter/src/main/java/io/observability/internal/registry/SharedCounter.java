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

import java.lang.invoke.VarHandle;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import io.observability.internal.metrics.cells.Totals;
import org.jspecify.annotations.Nullable;

/**
 * A counter in the store.
 */
final class SharedCounter extends AbstractMeter implements Counter {

	private Totals totals;

	private @Nullable ExemplarSampler exemplars;

	SharedCounter(Id id, Totals totals, @Nullable ExemplarSampler exemplars) {
		super(id);
		this.totals = totals;
		this.exemplars = exemplars;
	}

	/** Has events recorded elsewhere from now on. Threads may see that late. */
	void redirect(Totals totals, @Nullable ExemplarSampler exemplars) {
		totals.countFrom(this.totals);
		VarHandle.storeStoreFence();
		this.totals = totals;
		this.exemplars = exemplars;
	}

	@Override
	public void increment(double amount) {
		if (amount > 0) {
			this.totals.add(amount);
			ExemplarSampler exemplars = this.exemplars;
			if (exemplars != null) {
				exemplars.recorded(0, amount);
			}
		}
	}

	@Override
	public double count() {
		return this.totals.sum();
	}

}
