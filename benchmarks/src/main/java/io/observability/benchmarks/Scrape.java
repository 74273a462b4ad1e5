package io.observability.benchmarks;

import java.nio.charset.StandardCharsets;

/**
 * One scrape, as a process tells it in one line.
 *
 * @param nanos how long it took
 * @param bytes of text
 * @param samples lines of the text that are no comments
 */
record Scrape(long nanos, long bytes, long samples) {

	private static final double NANOS_PER_MILLI = 1e6;

	static Scrape of(long nanos, byte[] text) {
		long samples = new String(text, StandardCharsets.UTF_8).lines().filter((line) -> !line.startsWith("#")).count();
		return new Scrape(nanos, text.length, samples);
	}

	static Scrape parse(String line) {
		String[] numbers = line.split(" ", -1);
		return new Scrape(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
	}

	double millis() {
		return this.nanos / NANOS_PER_MILLI;
	}

	@Override
	public String toString() {
		return this.nanos + " " + this.bytes + " " + this.samples;
	}

}
