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

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExactSumTests {

	@Test
	void isZeroUntilSomethingIsAdded() {
		assertThat(sumOf().value()).isZero();
		assertThat(sumOf().parts()).containsExactly(0);
		assertThat(sumOf(0, -0.0, 1, -1).value()).isZero();
	}

	@Test
	void losesNoBit() {
		assertThat(sumOf(1e16, 1, 1).value()).isEqualTo(1e16 + 2);
		assertThat(sumOf(1e100, 1, -1e100).value()).isEqualTo(1);
		assertThat(sumOf(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).value()).isEqualTo(1);
	}

	@Test
	void isTheExactSumRoundedOnce() {
		Random random = new Random(1);
		for (int run = 0; run < 2000; run++) {
			BigDecimal exact = BigDecimal.ZERO;
			ExactSum sum = new ExactSum();
			for (int i = 0; i < random.nextInt(20); i++) {
				double amount = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(120) - 60);
				exact = exact.add(new BigDecimal(amount));
				sum.add(amount);
			}
			assertThat(sum.value()).isEqualTo(exact.doubleValue());
		}
	}

	@Test
	void roundsHalfWayCasesByWhatIsLeft() {
		double half = Math.ulp(1.0) / 2;
		assertThat(sumOf(1, half).value()).isEqualTo(1);
		assertThat(sumOf(1, half, 1e-40).value()).isEqualTo(1 + 2 * half);
		assertThat(sumOf(1 + 2 * half, half, -1e-300, 1e-310).value()).isEqualTo(1 + 2 * half);
	}

	@Test
	void doesNotDependOnOrderNorOnWhatWasAddedUpBefore() {
		Random random = new Random(2);
		List<Double> amounts = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			amounts.add(random.nextDouble() * Math.scalb(1.0, random.nextInt(60)));
		}
		double expected = sumOf(toArray(amounts)).value();
		for (int run = 0; run < 200; run++) {
			Collections.shuffle(amounts, random);
			int folded = random.nextInt(amounts.size());
			List<Double> rest = new ArrayList<>(amounts.subList(folded, amounts.size()));
			for (double part : sumOf(toArray(amounts.subList(0, folded))).parts()) {
				rest.add(part);
			}
			Collections.shuffle(rest, random);
			assertThat(sumOf(toArray(rest)).value()).isEqualTo(expected);
		}
	}

	@Test
	void keepsFewParts() {
		Random random = new Random(3);
		ExactSum sum = new ExactSum();
		for (int i = 0; i < 100_000; i++) {
			sum.add(random.nextDouble() * Math.scalb(1.0, random.nextInt(40) - 30));
		}
		assertThat(sum.parts()).hasSizeLessThan(6);
	}

	@Test
	void whatIsNotFiniteStays() {
		assertThat(sumOf(1, Double.POSITIVE_INFINITY, 1).value()).isEqualTo(Double.POSITIVE_INFINITY);
		assertThat(sumOf(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).value()).isNaN();
		assertThat(sumOf(1, Double.NaN).parts()).containsExactly(Double.NaN);
		assertThat(sumOf(Double.MAX_VALUE, Double.MAX_VALUE, -1).value()).isEqualTo(Double.POSITIVE_INFINITY);
	}

	@Test
	void isNegativeZeroIfAllAmountsAre() {
		assertThat(sumOf(-0.0).value()).isEqualTo(-0.0);
		assertThat(sumOf(-0.0, -0.0).parts()).containsExactly(-0.0);
		assertThat(sumOf(-0.0, 0.0).value()).isEqualTo(0.0);
		assertThat(sumOf().value()).isEqualTo(0.0);
		assertThat(sumOf(-0.0, 1, -1).value()).isEqualTo(0.0);
		ExactSum cleared = sumOf(-0.0);
		cleared.clear();
		assertThat(cleared.value()).isEqualTo(0.0);
	}

	@Test
	void finitePartIsKeptApart() {
		assertThat(sumOf(1, Double.POSITIVE_INFINITY, 1e100).finiteParts()).containsExactly(1e100, 1);
		assertThat(sumOf(Double.NaN).finiteParts()).containsExactly(0);
	}

	@Test
	void clearedSumBeginsAnew() {
		ExactSum sum = sumOf(1e100, 1, Double.NaN);
		sum.clear();
		sum.add(2);
		assertThat(sum.value()).isEqualTo(2);
		assertThat(sum.parts()).containsExactly(2);
	}

	private static ExactSum sumOf(double... amounts) {
		ExactSum sum = new ExactSum();
		for (double amount : amounts) {
			sum.add(amount);
		}
		return sum;
	}

	private static double[] toArray(List<Double> amounts) {
		return amounts.stream().mapToDouble(Double::doubleValue).toArray();
	}

}
