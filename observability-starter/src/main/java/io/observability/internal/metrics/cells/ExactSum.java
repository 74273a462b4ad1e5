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
 * The sum is a short list of doubles, no two of which have bits of the same weight
 * (Shewchuk's expansions). Adding loses no bit; {@link #value()} rounds once. So all
 * readers that add up the same amounts get the same value, whatever the order and even if
 * some of the amounts have moved to the archive, and more amounts never give a smaller
 * value. With ordinary additions a counter of fractions would sometimes go back by its
 * last bit, which Prometheus takes for a restart.
 */
public final class ExactSum {

	private static final double[] NONE = {};

	private double[] parts = NONE;

	private int count;

	private double notFinite;

	/** What the sum is as long as no other amount was added: -0.0 if all zeros were. */
	private double zero;

	private boolean hasZero;

	public void clear() {
		this.count = 0;
		this.notFinite = 0;
		this.zero = 0;
		this.hasZero = false;
	}

	public void add(double amount) {
		if (!Double.isFinite(amount)) {
			this.notFinite += amount;
		}
		else if (amount != 0) {
			addFinite(amount);
		}
		else {
			this.zero = this.hasZero ? this.zero + amount : amount;
			this.hasZero = true;
		}
	}

	private void addFinite(double amount) {
		double sum = amount;
		int used = 0;
		for (int i = 0; i < this.count; i++) {
			double part = this.parts[i];
			double next = sum + part;
			if (Double.isInfinite(next)) {
				this.notFinite += next;
				return;
			}
			double error = roundingError(sum, part, next);
			if (error != 0) {
				this.parts[used++] = error;
			}
			sum = next;
		}
		if (used == this.parts.length) {
			this.parts = Arrays.copyOf(this.parts, used + 2);
		}
		this.parts[used++] = sum;
		this.count = used;
	}

	/** Returns the exact rounding error of {@code sum = a + b}. */
	private static double roundingError(double a, double b, double sum) {
		double bInSum = sum - a;
		return (a - (sum - bInSum)) + (b - bInSum);
	}

	/** Returns the exact sum, rounded to the nearest double. */
	public double value() {
		if (this.notFinite != 0) {
			return this.notFinite;
		}
		if (this.count == 0) {
			return this.zero;
		}
		int i = this.count - 1;
		double value = this.parts[i];
		double error = 0;
		while (i > 0 && error == 0) {
			i--;
			double sum = value + this.parts[i];
			error = roundingError(value, this.parts[i], sum);
			value = sum;
		}
		// Halfway between two doubles the remaining parts decide.
		if (i > 0 && Math.signum(error) == Math.signum(this.parts[i - 1])) {
			double twice = 2 * error;
			double sum = value + twice;
			if (sum - value == twice) {
				return sum;
			}
		}
		return value;
	}

	/** Returns doubles whose exact sum is this one, at least one, the largest first. */
	public double[] parts() {
		return (this.notFinite != 0) ? new double[] { this.notFinite } : finiteParts();
	}

	/** Returns the parts of the sum of those amounts that are finite. */
	public double[] finiteParts() {
		if (this.count == 0) {
			return new double[] { this.zero };
		}
		double[] parts = new double[this.count];
		for (int i = 0; i < parts.length; i++) {
			parts[i] = this.parts[this.count - 1 - i];
		}
		return parts;
	}

}
