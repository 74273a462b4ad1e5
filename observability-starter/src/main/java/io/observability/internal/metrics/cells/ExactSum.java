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
 * A sum of doubles that does not depend on their order.
 *
 * <p>
 * It is kept as a few doubles no two of which have bits of the same weight (Shewchuk's
 * expansions). Adding loses no bit; only asking for the value rounds, once. So whoever
 * adds up the same amounts, in whichever order, some of them in the archive by then, gets
 * the same value, and one that is never less than that of fewer amounts: with ordinary
 * additions a counter of fractions would go back by its last bit now and then, which
 * Prometheus takes for a restart.
 */
public final class ExactSum {

	private static final double[] NONE = {};

	private double[] parts = NONE;

	private int count;

	private double notFinite;

	public void clear() {
		this.count = 0;
		this.notFinite = 0;
	}

	public void add(double amount) {
		if (!Double.isFinite(amount)) {
			this.notFinite += amount;
		}
		else if (amount != 0) {
			addFinite(amount);
		}
	}

	private void addFinite(double amount) {
		double sum = amount;
		int kept = 0;
		for (int i = 0; i < this.count; i++) {
			double part = this.parts[i];
			double next = sum + part;
			if (Double.isInfinite(next)) {
				this.notFinite += next;
				return;
			}
			double lost = lost(sum, part, next);
			if (lost != 0) {
				this.parts[kept++] = lost;
			}
			sum = next;
		}
		if (kept == this.parts.length) {
			this.parts = Arrays.copyOf(this.parts, kept + 2);
		}
		this.parts[kept++] = sum;
		this.count = kept;
	}

	/** What rounding has taken from {@code a + b = sum}, exactly. */
	private static double lost(double a, double b, double sum) {
		double bInSum = sum - a;
		return (a - (sum - bInSum)) + (b - bInSum);
	}

	/** The exact sum, rounded to the nearest double. */
	public double value() {
		if (this.notFinite != 0) {
			return this.notFinite;
		}
		if (this.count == 0) {
			return 0;
		}
		int i = this.count - 1;
		double value = this.parts[i];
		double lost = 0;
		while (i > 0 && lost == 0) {
			i--;
			double sum = value + this.parts[i];
			lost = lost(value, this.parts[i], sum);
			value = sum;
		}
		// Half way between two doubles the parts that are left decide.
		if (i > 0 && Math.signum(lost) == Math.signum(this.parts[i - 1])) {
			double twice = 2 * lost;
			double sum = value + twice;
			if (sum - value == twice) {
				return sum;
			}
		}
		return value;
	}

	/** Doubles whose exact sum is this one, at least one, the largest first. */
	public double[] parts() {
		if (this.count == 0 || this.notFinite != 0) {
			return new double[] { this.notFinite };
		}
		double[] parts = new double[this.count];
		for (int i = 0; i < parts.length; i++) {
			parts[i] = this.parts[this.count - 1 - i];
		}
		return parts;
	}

}
