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

import java.util.List;

import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.sampling.Source;
import org.jspecify.annotations.Nullable;

/**
 * A series of a meter that is a function.
 *
 * <p>
 * Protocol. The meter's function is called without a lock. What it returns is written if
 * the meter has the series still: a meter that was registered later may have taken it
 * over, also while this one was asked.
 */
final class SampledSeries extends Source {

	private static final Object HANDED_OVER = new Object();

	private final List<Sample> cells;

	private final boolean total;

	private final boolean forReadersOnly;

	private final Reading reading;

	/** Run once when it has been asked. */
	private volatile @Nullable Runnable whenAsked;

	/**
	 * Creates the series of a meter, which has not taken it over yet.
	 * @param cells all of which it writes
	 * @param total whether they are totals, which stay when the meter is removed
	 * @param forReadersOnly whether nothing is lost if it is not asked while there is no
	 * reader
	 * @param reading calls the meter's function and writes what it returns
	 */
	SampledSeries(List<Sample> cells, boolean total, boolean forReadersOnly, Reading reading) {
		this.cells = cells;
		this.total = total;
		this.forReadersOnly = forReadersOnly;
		this.reading = reading;
	}

	/** Takes the series over from an earlier meter that has it. */
	void claim() {
		this.cells.forEach((each) -> each.claim(this));
	}

	/**
	 * Returns whether its value is of use only to a reader of this living instance, so
	 * that it need not be asked while there is no reader.
	 */
	boolean isForReadersOnly() {
		return this.forReadersOnly;
	}

	@Override
	protected void ask() {
		try {
			this.reading.read(this);
		}
		catch (Exception ex) {
			// A meter that throws keeps its last value.
		}
		finally {
			Runnable whenAsked = this.whenAsked;
			if (whenAsked != null) {
				this.whenAsked = null;
				whenAsked.run();
			}
		}
	}

	/** Has this run once when it has been asked the next time. */
	void whenAsked(Runnable action) {
		this.whenAsked = action;
	}

	/**
	 * The meter was removed some time ago: a current value is cleared, unless another
	 * meter has taken the series over meanwhile. Totals stay.
	 */
	void release() {
		if (!this.total) {
			this.cells.forEach((each) -> each.release(this));
		}
	}

	/** Counts on from what the source of this total has reported elsewhere. */
	void continueFrom(double[] last) {
		if (this.total) {
			this.cells.get(0).total().continueFrom(last);
		}
	}

	/**
	 * Leaves counting on to another series, if it is a total. Returns what the source
	 * reported last.
	 */
	double[] handOver() {
		if (!this.total) {
			return new double[0];
		}
		Sample cells = this.cells.get(0);
		cells.claim(HANDED_OVER);
		return cells.total().last();
	}

	/** Calls a meter's function and writes what it returns. */
	@FunctionalInterface
	interface Reading {

		/**
		 * Calls it.
		 * @param owner writes the cells
		 */
		void read(SampledSeries owner);

	}

}
