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
 * What a family is to whoever reads the merged view. Codes are part of the file format:
 * never change one.
 */
public enum MetricType {

	/** Grows only. */
	COUNTER(1),

	/** Goes up and down. */
	GAUGE(2),

	/** Counts per bucket, and a sum. */
	HISTOGRAM(3),

	/** A histogram of what is going on now, whose counts may fall. */
	GAUGE_HISTOGRAM(4),

	/** A count and a sum. */
	SUMMARY(5),

	/** Labels alone. */
	INFO(6),

	/** Which of several states something is in: its last label is the state. */
	STATE_SET(7),

	/** Nobody knows. */
	UNKNOWN(8),

	/**
	 * The sum, and the counts per classic bucket, of a histogram that has native buckets
	 * as well.
	 */
	NATIVE_HISTOGRAM(9),

	/**
	 * A bucket of a native histogram. Its last three labels are the schema, the sign of
	 * the values ({@code +}, {@code -} or {@code 0}) and the bucket's index; with sign
	 * {@code 0}, the threshold up to which a value counts as zero.
	 */
	NATIVE_BUCKET(10);

	private final int code;

	MetricType(int code) {
		this.code = code;
	}

	int code() {
		return this.code;
	}

}
