package io.observability.benchmarks;

import java.io.IOException;

/**
 * How long one scrape of 16 instances takes, as text, against the multiprocess mode of
 * Python's {@code prometheus_client} with the same series.
 */
final class PythonScrapeBenchmark {

	private static final int INSTANCES = 16;

	private static final int WARM_UP = 150;

	private static final int ROUNDS = 7;

	private static final int TURNS = 5;

	private PythonScrapeBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		compare(1_000);
		compare(10_000);
	}

	private static void compare(int series) throws IOException {
		try (ProcessFleet fleet = ProcessFleet.start(INSTANCES, series);
				PythonFleet python = PythonFleet.start(INSTANCES, series)) {
			for (int i = 0; i < WARM_UP; i++) {
				fleet.scrape();
			}
			System.out.printf("samples: %,d / %,d%n", python.scrape().samples(), fleet.scrape().samples());
			new Comparison("scrape of %d x %,d series, Python's / merged".formatted(INSTANCES, series), "ms")
				.measure(ROUNDS, TURNS, () -> python.scrape().millis(), () -> fleet.scrape().millis())
				.printRatio(">= 20");
		}
	}

}
