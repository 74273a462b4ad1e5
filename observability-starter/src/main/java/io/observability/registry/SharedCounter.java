package io.observability.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import io.observability.store.Totals;

/**
 * A counter in the store.
 */
final class SharedCounter extends AbstractMeter implements Counter {

	private final Totals totals;

	SharedCounter(Id id, Totals totals) {
		super(id);
		this.totals = totals;
	}

	@Override
	public void increment(double amount) {
		if (amount > 0) {
			this.totals.add(amount);
		}
	}

	@Override
	public double count() {
		return this.totals.sum();
	}

}
