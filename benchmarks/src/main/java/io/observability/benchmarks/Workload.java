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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of an application with many of them, two tags each: of 1,000, 790 are
 * counters, 150 timers, 10 timers with a percentile histogram, 49 gauges that instances
 * add up and 1 gauge that each instance shows for itself. {@code multiprocess.py} makes
 * the same.
 */
final class Workload {

	private static final int NAMES = 10;

	private final List<Runnable> records = new ArrayList<>();

	private int next;

	private Workload() {
	}

	static Workload register(MeterRegistry meters, int series) {
		Workload workload = new Workload();
		for (int i = 0; i < series * 790 / 1000; i++) {
			Counter counter = Counter.builder("shop.counter." + i % NAMES)
				.description("A counter")
				.tags(tags(i))
				.register(meters);
			workload.records.add(counter::increment);
		}
		for (int i = 0; i < series * 150 / 1000; i++) {
			Timer timer = Timer.builder("shop.timer." + i % NAMES)
				.description("A timer")
				.tags(tags(i))
				.register(meters);
			Duration duration = Duration.ofNanos(1_234_567L + i);
			workload.records.add(() -> timer.record(duration));
		}
		for (int i = 0; i < series * 10 / 1000; i++) {
			Timer timer = Timer.builder("shop.histogram")
				.description("A histogram")
				.tags(tags(i))
				.publishPercentileHistogram()
				.register(meters);
			Duration duration = Duration.ofNanos(1_234_567L * (i % 50 + 1));
			workload.records.add(() -> timer.record(duration));
		}
		// A pool's gauges are added up, those of other names show the instance.
		gauges(meters, "hikaricp.pool", series * 49 / 1000, workload);
		gauges(meters, "shop.gauge", series / 1000, workload);
		return workload;
	}

	private static void gauges(MeterRegistry meters, String name, int count, Workload workload) {
		for (int i = 0; i < count; i++) {
			AtomicInteger value = new AtomicInteger();
			Gauge.builder(name, value, AtomicInteger::get).description("A gauge").tags(tags(i)).register(meters);
			workload.records.add(value::incrementAndGet);
		}
	}

	private static Tags tags(int i) {
		return Tags.of("region", "region-" + i / NAMES % 10, "item", "item-" + i / NAMES / 10 + "-" + i % NAMES);
	}

	/** Records into the next meters in turn. */
	void record(int count) {
		for (int i = 0; i < count; i++) {
			this.records.get(this.next).run();
			this.next = (this.next + 1) % this.records.size();
		}
	}

	/** Records once into each meter, then lightly until the process ends. */
	void keepRecording() {
		record(this.records.size());
		Thread recorder = new Thread(() -> {
			try {
				while (true) {
					Thread.sleep(100);
					record(10);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "recorder");
		recorder.setDaemon(true);
		recorder.start();
	}

}
