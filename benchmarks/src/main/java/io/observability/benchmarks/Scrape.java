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
