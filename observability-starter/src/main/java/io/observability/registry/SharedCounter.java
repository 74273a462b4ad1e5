package io.observability.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import io.observability.store.Totals;
import org.jspecify.annotations.Nullable;

/**
 * A counter in the store.
 */
final class SharedCounter extends AbstractMeter implements Counter {

	private final Totals totals;

	private final @Nullable ExemplarSampler exemplars;

	SharedCounter(Id id, Totals totals, @Nullable ExemplarSampler exemplars) {
		super(id);
		this.totals = totals;
		this.exemplars = exemplars;
	}

	@Override
	public void increment(double amount) {
		if (amount > 0) {
			this.totals.add(amount);
			if (this.exemplars != null) {
				this.exemplars.recorded(0, amount);
			}
		}
	}

	@Override
	public double count() {
		return this.totals.sum();
	}

}
