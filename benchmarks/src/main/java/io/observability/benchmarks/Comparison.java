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

package io.observability.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Figures of two that are measured in turns, so that whatever else the machine does meets
 * both. What counts is the median of the rounds' ratios; the least and the greatest one
 * tell how far it can be trusted.
 */
final class Comparison {

	private final String what;

	private final String unit;

	private final List<Double> firsts = new ArrayList<>();

	private final List<Double> seconds = new ArrayList<>();

	/**
	 * Creates a comparison without figures.
	 * @param what is compared, the first and the second
	 * @param unit of the figures
	 */
	Comparison(String what, String unit) {
		this.what = what;
		this.unit = unit;
	}

	/**
	 * Measures both in rounds. Each round's figure is the median of some single ones,
	 * between which the two take turns.
	 */
	Comparison measure(int rounds, int turns, Figure first, Figure second) throws IOException {
		for (int round = 0; round < rounds; round++) {
			List<Double> ofFirst = new ArrayList<>();
			List<Double> ofSecond = new ArrayList<>();
			for (int turn = 0; turn < turns; turn++) {
				ofFirst.add(first.take());
				ofSecond.add(second.take());
			}
			add(median(ofFirst), median(ofSecond));
		}
		return this;
	}

	void add(double first, double second) {
		this.firsts.add(first);
		this.seconds.add(second);
	}

	void printRatio(String bar) {
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round < this.firsts.size(); round++) {
			ratios.add(this.firsts.get(round) / this.seconds.get(round));
		}
		print("ratio %.3f (%d rounds, %.3f .. %.3f; of the least %.3f)", ratios,
				Collections.min(this.firsts) / Collections.min(this.seconds), bar);
	}

	void printDifference(String bar) {
		List<Double> differences = new ArrayList<>();
		for (int round = 0; round < this.firsts.size(); round++) {
			differences.add(this.firsts.get(round) - this.seconds.get(round));
		}
		print("difference %+.1f (%d rounds, %+.1f .. %+.1f; of the least %+.1f)", differences,
				Collections.min(this.firsts) - Collections.min(this.seconds), bar);
	}

	private void print(String format, List<Double> results, double ofLeast, String bar) {
		String result = String.format(Locale.ROOT, format, median(results), results.size(), Collections.min(results),
				Collections.max(results), ofLeast);
		System.out.printf(Locale.ROOT, "%s: %.2f / %.2f %s, %s, bar %s%n", this.what, median(this.firsts),
				median(this.seconds), this.unit, result, bar);
	}

	static double median(List<Double> figures) {
		List<Double> sorted = figures.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 != 0) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	/**
	 * Something that can be measured again and again.
	 */
	@FunctionalInterface
	interface Figure {

		double take() throws IOException;

	}

}
