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

package io.observability.internal.metrics.format;

/**
 * Type of a metric in the exposition. Codes are part of the file format: never change
 * one.
 */
public enum MetricType {

	/** A value that only grows. */
	COUNTER(1),

	/** A value that goes up and down. */
	GAUGE(2),

	/** Counts per bucket and a sum. */
	HISTOGRAM(3),

	/** A histogram of a current state, whose counts may fall. */
	GAUGE_HISTOGRAM(4),

	/** A count and a sum. */
	SUMMARY(5),

	/** Labels without a value. */
	INFO(6),

	/** Which of several states is the current one: the last label is the state. */
	STATE_SET(7),

	/** Type that is not known. */
	UNKNOWN(8),

	/**
	 * Sum and classic buckets of a histogram that also has native buckets.
	 */
	NATIVE_HISTOGRAM(9),

	/**
	 * A bucket of a native histogram. Its last three labels are the schema, the sign of
	 * the values ({@code +}, {@code -} or {@code 0}) and the bucket's index. With sign
	 * {@code 0} the third one is not an index but the zero threshold.
	 */
	NATIVE_BUCKET(10);

	private final int code;

	MetricType(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

	/**
	 * Number of buckets that a series has in the file, including the one up to +Inf. A
	 * summary has one; types without counts have none.
	 */
	int buckets(int bounds) {
		return switch (this) {
			case HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, NATIVE_HISTOGRAM -> bounds + 1;
			case COUNTER, GAUGE, INFO, STATE_SET, UNKNOWN, NATIVE_BUCKET -> 0;
		};
	}

}
