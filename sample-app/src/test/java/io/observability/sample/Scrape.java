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
