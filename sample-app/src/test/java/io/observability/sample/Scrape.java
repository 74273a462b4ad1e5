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

package io.observability.sample;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The text that a worker answers to a scrape.
 *
 * @param text the whole body
 */
record Scrape(String text) {

	/**
	 * The sum of a metric's samples that have certain labels.
	 * @param name of the samples
	 * @param labels each written {@code name="value"}
	 * @return the sum, or nothing if there is no such sample
	 */
	OptionalDouble sum(String name, String... labels) {
		List<Double> values = this.text.lines()
			.filter((line) -> line.startsWith(name + "{") || line.startsWith(name + " "))
			.filter((line) -> List.of(labels).stream().allMatch(line::contains))
			.map((line) -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
			.toList();
		return values.stream().mapToDouble(Double::doubleValue).reduce(Double::sum);
	}

	double total(String name, String... labels) {
		return sum(name, labels).orElse(0);
	}

}
