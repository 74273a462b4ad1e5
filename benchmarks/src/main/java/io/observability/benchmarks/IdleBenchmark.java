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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the sample application costs while it does nothing, with the starter and without,
 * alone and as one of 16: processor time, context switches and memory of each process,
 * and the store on disk.
 */
final class IdleBenchmark {

	/** Metrics that nothing has read for 90 s are sampled less. */
	private static final int WARM_UP_SECONDS = Integer.getInteger("warmUp", 110);

	private static final int SECONDS = Integer.getInteger("seconds", 60);

	private static final int INSTANCES = Integer.getInteger("instances", 16);

	private IdleBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args none
	 * @throws IOException if a process fails
	 */
	public static void main(String[] args) throws IOException {
		try (Shop shop = Shop.unpack(); TemporaryFolder folder = TemporaryFolder.create("idle")) {
			measure(shop, folder, 1);
			measure(shop, folder, INSTANCES);
		}
	}

	/** Both sides run at the same time, so that what else the machine does meets both. */
	private static void measure(Shop shop, TemporaryFolder folder, int instances) throws IOException {
		List<ChildProcess> with = new ArrayList<>();
		List<ChildProcess> without = new ArrayList<>();
		Path fleet = folder.path().resolve("fleet-" + instances);
		try {
			for (int i = 0; i < instances; i++) {
				with.add(start(shop, true, fleet));
				without.add(start(shop, false, folder.path().resolve("plain-" + instances + "-" + i)));
			}
			pause(WARM_UP_SECONDS);
			List<Usage> withBefore = usage(with);
			List<Usage> withoutBefore = usage(without);
			pause(SECONDS);
			List<Usage> withAfter = usage(with);
			List<Usage> withoutAfter = usage(without);
			List<Usage> plain = difference(withoutBefore, withoutAfter);
			List<Usage> ours = difference(withBefore, withAfter);
			// The first one is elected.
			print(instances + " idle, the leader", ours.subList(0, 1), plain);
			if (instances > 1) {
				print(instances + " idle, the others", ours.subList(1, instances), plain);
			}
			System.out.printf(Locale.ROOT, "store of %d: %.1f MB%n", instances, megabytes(fleet.resolve("store")));
		}
		finally {
			with.forEach(ChildProcess::kill);
			without.forEach(ChildProcess::kill);
		}
	}

	private static ChildProcess start(Shop shop, boolean withStarter, Path directory) throws IOException {
		ChildProcess process = shop.start(withStarter, 0, directory);
		process.awaitLine("Started ShopApplication");
		process.ignoreOutput();
		return process;
	}

	private static void pause(int seconds) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

	private static void print(String what, List<Usage> ours, List<Usage> plain) {
		Comparison processor = new Comparison(what + ", processor time", "ms/s");
		Comparison switches = new Comparison(what + ", voluntary context switches", "per s");
		Comparison memory = new Comparison(what + ", resident memory", "MB");
		for (int i = 0; i < ours.size(); i++) {
			processor.add(ours.get(i).processorMillis / SECONDS, plain.get(i).processorMillis / SECONDS);
			switches.add(ours.get(i).switches / SECONDS, plain.get(i).switches / SECONDS);
			memory.add(ours.get(i).residentMegabytes, plain.get(i).residentMegabytes);
		}
		processor.printDifference("<= +1; a leader of 16 <= +4");
		switches.printDifference("<= +5");
		memory.printDifference("<= +12");
	}

	private static double megabytes(Path folder) throws IOException {
		long bytes = 0;
		for (Path file : TemporaryFolder.files(folder)) {
			bytes += Files.size(file);
		}
		return bytes / (double) (1 << 20);
	}

	private static List<Usage> usage(List<ChildProcess> processes) throws IOException {
		List<Usage> usages = new ArrayList<>();
		for (ChildProcess process : processes) {
			usages.add(Usage.of(process));
		}
		return usages;
	}

	private static List<Usage> difference(List<Usage> before, List<Usage> after) {
		List<Usage> differences = new ArrayList<>();
		for (int i = 0; i < before.size(); i++) {
			differences.add(after.get(i).since(before.get(i)));
		}
		return differences;
	}

	/**
	 * What a process has used since it was started.
	 *
	 * @param processorMillis time of processors
	 * @param switches how often its threads have waited
	 * @param residentMegabytes memory that is resident now
	 */
	private record Usage(double processorMillis, double switches, double residentMegabytes) {

		static Usage of(ChildProcess process) throws IOException {
			Path directory = Path.of("/proc", Long.toString(process.pid()));
			double switches = 0;
			try (var threads = Files.list(directory.resolve("task"))) {
				for (Path thread : threads.toList()) {
					if (Files.exists(thread)) {
						switches += field(thread.resolve("status"), "voluntary_ctxt_switches:");
					}
				}
			}
			return new Usage(process.processorTime().toNanos() / 1e6, switches,
					field(directory.resolve("status"), "VmRSS:") / 1024);
		}

		private static double field(Path status, String name) throws IOException {
			for (String line : Files.readAllLines(status)) {
				if (line.startsWith(name)) {
					return Double.parseDouble(line.substring(name.length()).trim().split(" ", -1)[0]);
				}
			}
			throw new IOException("line is missing: name=" + name + ", file=" + status);
		}

		Usage since(Usage before) {
			return new Usage(this.processorMillis - before.processorMillis, this.switches - before.switches,
					this.residentMegabytes);
		}

	}

}
