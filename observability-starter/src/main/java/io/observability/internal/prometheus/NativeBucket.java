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

package io.observability.internal.prometheus;

import java.util.List;

/**
 * The bucket of a native histogram that a series is, encoded in its last labels.
 *
 * @param schema see {@link NativeBuckets}
 * @param sign sign of the values
 * @param index index among the buckets with the same sign, or 0
 * @param zeroThreshold threshold of the zero bucket, or 0
 */
record NativeBucket(int schema, Sign sign, int index, double zeroThreshold) {

	static final List<String> LABEL_NAMES = List.of("schema", "sign", "bucket");

	static final int MAX_SCHEMA = 8;

	private static final int MIN_SCHEMA = -4;

	static NativeBucket zero(int schema, double zeroThreshold) {
		return new NativeBucket(schema, Sign.ZERO, 0, zeroThreshold);
	}

	static NativeBucket of(int schema, Sign sign, int index) {
		return new NativeBucket(schema, sign, index, 0);
	}

	/**
	 * Decodes the last labels of a series.
	 * @throws IllegalArgumentException if they are invalid
	 */
	static NativeBucket of(List<String> labelValues) {
		List<String> values = labelValues.subList(labelValues.size() - LABEL_NAMES.size(), labelValues.size());
		int schema = Integer.parseInt(values.get(0));
		if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
			throw new IllegalArgumentException("invalid schema of a native histogram: schema=" + schema);
		}
		Sign sign = Sign.of(values.get(1));
		return (sign == Sign.ZERO) ? zero(schema, Double.parseDouble(values.get(2)))
				: of(schema, sign, Integer.parseInt(values.get(2)));
	}

	List<String> labelValues() {
		return List.of(Integer.toString(this.schema), this.sign.text,
				(this.sign == Sign.ZERO) ? Double.toString(this.zeroThreshold) : Integer.toString(this.index));
	}

	enum Sign {

		POSITIVE("+"), NEGATIVE("-"), ZERO("0");

		private final String text;

		Sign(String text) {
			this.text = text;
		}

		private static Sign of(String text) {
			for (Sign sign : values()) {
				if (sign.text.equals(text)) {
					return sign;
				}
			}
			throw new IllegalArgumentException("invalid sign of a native bucket: sign=" + text);
		}

	}

}
