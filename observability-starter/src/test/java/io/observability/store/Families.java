package io.observability.store;

import java.util.List;

/**
 * Families for tests.
 */
final class Families {

	static final Family COUNTER = Family.totals("orders", "Orders.", MetricType.COUNTER, List.of("shop"), List.of(), 1);

	static final Family HISTOGRAM = Family.totals("latency_seconds", "Latency.", MetricType.HISTOGRAM, List.of(),
			List.of(0.1, 0.5), 1e9);

	static final Family SUMMARY = Family.totals("size_bytes", "Size.", MetricType.SUMMARY, List.of(), List.of(), 1);

	static final Family MAX = Family.windowMax("size_bytes_max", "Size.", List.of(), 1, 3, 1000);

	private Families() {
	}

	static Family windowMaxOfAnHour() {
		return Family.windowMax("longest", "", List.of(), 1, 2, 3_600_000);
	}

	static Family gauge(String name, GaugeMode mode) {
		return Family.samples(name, "A gauge.", MetricType.GAUGE, mode, List.of(), List.of());
	}

	static Family sampledCounter(String name) {
		return Family.samples(name, "Asked.", MetricType.COUNTER, GaugeMode.SUM, List.of(), List.of());
	}

}
