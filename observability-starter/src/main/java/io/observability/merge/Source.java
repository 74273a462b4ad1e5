package io.observability.merge;

import io.observability.store.Family;
import io.observability.store.MergedSample;
import io.observability.store.MergedSeries;
import io.observability.store.MergedTotals;
import io.observability.store.MergedWindowMax;

/**
 * Where a data point's numbers come from.
 *
 * @param family what the series has in common with others
 * @param series the numbers
 */
record Source(Family family, MergedSeries series) {

	/** The value of a counter or gauge, or the sum of amounts. */
	double value(long nowMillis) {
		if (this.series instanceof MergedTotals totals) {
			return totals.sum();
		}
		if (this.series instanceof MergedSample sample) {
			return sample.value();
		}
		return ((MergedWindowMax) this.series).max(nowMillis);
	}

	/** When the value became what it is, since the epoch, as far as it is known. */
	long changedMillis() {
		return (this.series instanceof MergedSample sample) ? sample.changedMillis() : 0;
	}

}
