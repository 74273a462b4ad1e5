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

package io.observability.internal.metrics.cells;

import java.util.Arrays;

/**
 * The arithmetic of a sampled series that is a total: a sum, with or without counts, that
 * only grows, whatever its source reports.
 *
 * <p>
 * A report below the last one means that the source has begun anew: what it had reported
 * before stays counted. A report that makes no sense (not a number, infinite, negative)
 * changes nothing. This state belongs to the series rather than to its meter, so a meter
 * that is removed and registered again goes on where it was. It is in memory only: a
 * process that is killed leaves the total, and the next one begins its own at zero. One
 * thread at a time reports.
 */
public final class SampledTotal {

	private static final double[] NO_COUNTS = {};

	private final Sample cells;

	/** The sum, then the counts: what the source reported last. */
	private double[] last = NO_COUNTS;

	/** The same of all times that the source has begun. */
	private double[] before = NO_COUNTS;

	SampledTotal(Sample cells) {
		this.cells = cells;
	}

	/**
	 * Reports a counter.
	 * @param value what the source has counted
	 * @param nowMillis the time, since the epoch
	 */
	public void set(double value, long nowMillis) {
		if (isTotal(value)) {
			report(new double[] { value }, 0, nowMillis);
		}
	}

	/**
	 * Reports a timer.
	 * @param sum total time
	 * @param count number of times
	 * @param nowMillis the time, since the epoch
	 */
	public void setTimer(double sum, double count, long nowMillis) {
		if (isTotal(sum) && isTotal(count)) {
			report(new double[] { sum, count }, 0, nowMillis);
		}
	}

	/**
	 * Reports a summary or histogram, whose amounts may be negative.
	 * @param sum sum of all amounts
	 * @param counts counts per bucket, not cumulative
	 * @param nowMillis the time, since the epoch
	 */
	public void setDistribution(double sum, double[] counts, long nowMillis) {
		if (Arrays.stream(counts).allMatch(SampledTotal::isTotal)) {
			double[] reported = new double[1 + counts.length];
			reported[0] = sum;
			System.arraycopy(counts, 0, reported, 1, counts.length);
			// Only the counts show whether it has begun anew.
			report(reported, 1, nowMillis);
		}
	}

	private static boolean isTotal(double value) {
		return Double.isFinite(value) && value >= 0;
	}

	private void report(double[] reported, int firstThatGrows, long nowMillis) {
		resize(reported.length);
		for (int i = firstThatGrows; i < reported.length; i++) {
			if (reported[i] < this.last[i]) {
				beginAnew();
				break;
			}
		}
		double[] total = new double[reported.length];
		for (int i = 0; i < reported.length; i++) {
			this.last[i] = reported[i];
			total[i] = this.before[i] + reported[i];
		}
		if (total.length == 1) {
			this.cells.set(total[0], nowMillis);
		}
		else {
			this.cells.set(total[0], Arrays.copyOfRange(total, 1, total.length), nowMillis);
		}
	}

	/**
	 * Returns what the source has reported last.
	 * @return the sum, then the counts; empty if it has not reported
	 */
	public double[] last() {
		synchronized (this.cells) {
			return this.last.clone();
		}
	}

	/**
	 * Counts on from what the source has reported to another series, which keeps that.
	 * @param last the source's last report, see {@link #last()}
	 */
	public void continueFrom(double[] last) {
		synchronized (this.cells) {
			if (last.length > 0) {
				resize(last.length);
			}
			for (int i = 0; i < last.length; i++) {
				this.before[i] += this.last[i] - last[i];
				this.last[i] = last[i];
			}
		}
	}

	private void resize(int length) {
		if (this.last.length != length) {
			this.last = new double[length];
			this.before = new double[length];
		}
	}

	/** The source begins anew, even if its next report is no lower. */
	public void beginAnew() {
		for (int i = 0; i < this.last.length; i++) {
			// A sum that is infinite would stay so for ever.
			if (Double.isFinite(this.last[i])) {
				this.before[i] += this.last[i];
			}
			this.last[i] = 0;
		}
	}

}
