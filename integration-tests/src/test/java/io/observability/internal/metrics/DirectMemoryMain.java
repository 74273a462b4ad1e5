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
package io.observability.internal.metrics;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.management.UnixOperatingSystemMXBean;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.log.collector.CollectingQueue;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.segment.Problems;
import io.observability.testing.Shown;

/**
 * An instance that shows and folds the metrics of its fleet, and collects its log, again
 * and again. Then it registers histograms while no file can be created.
 *
 * <p>
 * Arguments: the store, the log file, and how often.
 */
final class DirectMemoryMain {

	private static final int WARM_UP = 3;

	private static final TotalsFamily HISTOGRAM = Family.totals("latency", "", MetricType.HISTOGRAM, List.of("n"),
			IntStream.range(0, 69).mapToObj((bound) -> (double) bound).collect(Collectors.toList()), 1e9);

	private long mostDirect;

	private DirectMemoryMain() {
	}

	public static void main(String[] args) throws IOException {
		new DirectMemoryMain().run(StoreDirectory.open(Path.of(args[0])), Path.of(args[1]), Integer.parseInt(args[2]));
	}

	private void run(StoreDirectory store, Path log, int cycles) throws IOException {
		Problems problems = new Problems(System.err::println);
		try (Instance instance = Instance.join(store, null);
				MetricsWriter writer = MetricsWriter.open(instance, 100_000, problems);
				FleetMetrics fleet = new FleetMetrics(store, List.of(writer.ownSegments()), problems)) {
			try (CollectingQueue queue = CollectingQueue.open(instance, log)) {
				Archive archive = new Archive(store, problems, Duration.ofDays(7));
				long descriptors = 0;
				for (int i = 0; i < cycles; i++) {
					archive.fold();
					Shown.by(fleet);
					queue.append("event of the collector");
					measure();
					descriptors = (i < WARM_UP) ? descriptors() : descriptors;
				}
				System.out.println("descriptors " + (descriptors() - descriptors));
			}
			delete(instance.slot().directory());
			for (int i = 0; i < 5000; i++) {
				Totals histogram = writer.totals(HISTOGRAM, List.of(Integer.toString(i)));
				histogram.record(i % 70, i);
				measure();
			}
			System.out.println(
					"series " + Shown.by(fleet).keySet().stream().filter((key) -> key.startsWith("latency")).count());
			measure();
			System.out.println("direct " + this.mostDirect);
		}
	}

	private static void delete(Path directory) throws IOException {
		try (var files = Files.list(directory)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
		}
		Files.delete(directory);
		Files.writeString(directory, "no folder", StandardCharsets.UTF_8);
	}

	private static long descriptors() {
		return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount();
	}

	private void measure() {
		for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
			if (pool.getName().equals("direct")) {
				this.mostDirect = Math.max(this.mostDirect, pool.getMemoryUsed());
			}
		}
	}

}
