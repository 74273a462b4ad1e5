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

import java.util.List;

import io.observability.GaugeMode;

/**
 * Families for tests.
 */
public final class Families {

	public static final TotalsFamily COUNTER = Family.totals("orders", "Orders.", MetricType.COUNTER, List.of("shop"),
			List.of(), 1);

	public static final TotalsFamily HISTOGRAM = Family.totals("latency_seconds", "Latency.", MetricType.HISTOGRAM,
			List.of(), List.of(0.1, 0.5), 1e9);

	public static final TotalsFamily SUMMARY = Family.totals("size_bytes", "Size.", MetricType.SUMMARY, List.of(),
			List.of(), 1);

	public static final WindowMaxFamily MAX = Family.windowMax("size_bytes_max", "Size.", List.of(), 1, 3, 1000);

	private Families() {
	}

	public static WindowMaxFamily windowMaxOfAnHour() {
		return Family.windowMax("longest", "", List.of(), 1, 2, 3_600_000);
	}

	public static SampleFamily gauge(String name, GaugeMode mode) {
		return Family.samples(name, "A gauge.", MetricType.GAUGE, mode, List.of(), List.of());
	}

	public static SampleFamily sampledCounter(String name) {
		return Family.samples(name, "Asked.", MetricType.COUNTER, GaugeMode.SUM, List.of(), List.of());
	}

}
