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

import io.observability.internal.metrics.format.MetricType;

/**
 * Type of a metric in the exposition. If several types claim one name, the first one in
 * this order gets it: types whose samples have no other name than the metric's come
 * first.
 */
enum ExpositionType {

	GAUGE, STATE_SET, UNKNOWN, DISTRIBUTION, GAUGE_DISTRIBUTION, COUNTER, INFO;

	static ExpositionType of(MetricType type) {
		return switch (type) {
			case COUNTER -> COUNTER;
			case GAUGE -> GAUGE;
			// A summary is a histogram without bounds.
			case HISTOGRAM, SUMMARY, NATIVE_HISTOGRAM, NATIVE_BUCKET -> DISTRIBUTION;
			case GAUGE_HISTOGRAM -> GAUGE_DISTRIBUTION;
			case INFO -> INFO;
			case STATE_SET -> STATE_SET;
			case UNKNOWN -> UNKNOWN;
		};
	}

	/** Whether data points have counts. */
	boolean isDistribution() {
		return this == DISTRIBUTION || this == GAUGE_DISTRIBUTION;
	}

	/** Returns the names of a metric's samples. */
	List<String> sampleNames(String metricName) {
		return switch (this) {
			case GAUGE, STATE_SET, UNKNOWN -> List.of(metricName);
			case DISTRIBUTION -> List.of(metricName + "_count", metricName + "_sum", metricName + "_bucket");
			case GAUGE_DISTRIBUTION -> List.of(metricName + "_gcount", metricName + "_gsum", metricName + "_bucket");
			case COUNTER -> List.of(metricName + "_total");
			case INFO -> List.of(metricName + "_info");
		};
	}

	/** Returns the names by which a metric may be requested, as in client_java. */
	List<String> requestNames(String metricName) {
		return switch (this) {
			case COUNTER, INFO -> List.of(metricName, sampleNames(metricName).get(0));
			case GAUGE, STATE_SET, UNKNOWN, DISTRIBUTION, GAUGE_DISTRIBUTION -> List.of(metricName);
		};
	}

}
