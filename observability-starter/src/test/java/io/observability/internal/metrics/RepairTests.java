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
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.observability.GaugeMode;
import io.observability.internal.metrics.cells.Sample;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.cells.WindowMax;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import io.observability.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * What an instance does about files that somebody has taken from it.
 */
class RepairTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Member member;

	private MetricsWriter writer;

	private Totals counter;

	@BeforeEach
	void open() {
		this.fleet = TestFleet.in(this.directory);
		this.member = this.fleet.start();
		this.writer = this.member.writer();
		this.counter = this.writer.totals(Families.COUNTER, List.of("north"));
		this.counter.add(1);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void nothingIsDoneWhenAllIsWell() {
		List<Path> before = this.fleet.files();
		this.writer.repair();
		assertThat(this.fleet.files()).containsExactlyInAnyOrderElementsOf(before);
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void deletedFileIsMadeAnewWithItsNumbers() throws IOException {
		Sample gauge = this.writer.sample(Families.gauge("queue", GaugeMode.SUM), List.of());
		gauge.set(7, 1);
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		for (int i = 0; i < 20_000; i++) {
			histogram.record(i % 3, 1_000_000_000L);
		}
		WindowMax max = this.writer.windowMax(Families.windowMaxOfAnHour(), List.of(), System.currentTimeMillis());
		max.record(5);
		Map<String, String> before = this.fleet.shown();
		List<Path> lost = this.fleet.segments();
		for (Path file : lost) {
			Files.delete(file);
		}
		this.counter.add(1);
		assertThat(this.fleet.shown()).isEmpty();
		this.writer.repair();
		assertThat(before.put("orders{shop=north}", "2.0")).isEqualTo("1.0");
		assertThat(this.fleet.shown()).isEqualTo(before).hasSize(4);
		this.counter.add(1);
		histogram.record(0, 1_000_000_000L);
		gauge.set(8, 2);
		max.record(6);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "3.0")
			.containsEntry("latency_seconds", "[6668, 6667, 6666] 20001.0")
			.containsEntry("queue", "8.0")
			.containsEntry("longest", "6.0");
		assertThat(this.fleet.warnings()).hasSameSizeAs(lost)
			.allSatisfy((warning) -> assertThat(warning).contains("was deleted or cut off while in use"));
	}

	@Test
	void fileThatWasCutOffIsReplacedAndWhatIsLeftKept() throws IOException {
		// Numbers lie at the end, so those of the first series are the first to go.
		Totals kept = this.counter;
		for (int i = 0; i < 2000; i++) {
			kept = this.writer.totals(Families.COUNTER, List.of("shop-" + i));
			kept.add(1);
		}
		Path file = this.fleet.segments().get(0);
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.setLength(bytes.length() - 8192);
		}
		assertThat(this.fleet.shown()).as("can't be read any more").hasSizeLessThan(2001);
		this.writer.repair();
		assertThat(this.fleet.shown()).hasSize(2001)
			.containsEntry("orders{shop=north}", "0.0")
			.containsEntry("orders{shop=shop-1999}", "1.0");
		assertThat(file).doesNotExist();
		this.counter.add(5);
		kept.add(1);
		assertThat(this.fleet.shown()).containsEntry("orders{shop=north}", "5.0")
			.containsEntry("orders{shop=shop-1999}", "2.0");
	}

	@Test
	void storeThatWasWipedComesBack() throws IOException {
		wipe(this.fleet.store().path());
		this.counter.add(1);
		this.writer.repair();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
		assertThat(this.member.instance().slot().isHeld()).isTrue();
		assertThat(this.member.instance().slot().occupant()).isEqualTo(this.member.instance().info());
		assertThat(this.fleet.fold()).as("it lives").isZero();
		this.member.kill();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "2.0"));
	}

	private static void wipe(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	@Test
	void whatHadNoRoomIsSharedOnceThereIsSome() throws IOException {
		Path inTheWay = Files.createDirectory(this.member.directory()
			.resolve(this.fleet.segments().get(0).getFileName().toString().replace("-0.seg", "-1.seg")));
		String large = "x".repeat(300_000);
		Totals unshared = this.writer.totals(Families.COUNTER, List.of(large));
		unshared.add(2);
		this.writer.repair();
		assertThat(this.fleet.shown()).hasSize(1);
		assertThat(Shown.by(this.fleet.viewOf(this.writer))).hasSize(2);
		Files.delete(inTheWay);
		this.writer.retry();
		unshared.add(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=north}", "1.0"),
				entry("orders{shop=" + large + "}", "3.0"));
		assertThat(Shown.by(this.fleet.viewOf(this.writer))).hasSize(2);
		assertThat(this.fleet.warnings()).first().asString().startsWith("metrics file can't be made");
	}

	@Test
	void recordingGoesOnDuringRepairs() throws Exception {
		Totals histogram = this.writer.totals(Families.HISTOGRAM, List.of());
		AtomicBoolean done = new AtomicBoolean();
		Together.run(3, (thread) -> {
			if (thread == 0) {
				for (int i = 0; i < 20; i++) {
					for (Path file : this.fleet.segments()) {
						Files.delete(file);
					}
					this.writer.repair();
				}
				done.set(true);
				return;
			}
			while (!done.get()) {
				histogram.record(1, 1L);
			}
		});
		long before = histogram.count(1);
		histogram.record(1, 1L);
		assertThat(histogram.count(1)).isEqualTo(before + 1).isGreaterThan(1);
		assertThat(this.fleet.shown().get("latency_seconds")).startsWith("[0, " + (before + 1) + ", 0]");
		assertThat(histogram.sum()).as("still fits together").isEqualTo((double) (before + 1));
	}

	@Test
	void seriesBeyondTheLimitAreLeftOutAndCounted() throws IOException {
		MetricsWriter limited = MetricsWriter.open(this.member.instance(), 2, this.fleet.problems());
		for (int i = 0; i < 5; i++) {
			limited.totals(Families.COUNTER, List.of("limited-" + i)).add(1);
			limited.totals(Families.COUNTER, List.of("limited-" + i)).add(1);
		}
		assertThat(this.fleet.shown()).containsOnlyKeys("orders{shop=north}", "orders{shop=limited-0}",
				"orders{shop=limited-1}");
		assertThat(Shown.by(this.fleet.viewOf(limited))).hasSize(3);
		assertThat(limited.totals(Families.COUNTER, List.of("limited-4")).sum()).as("goes on").isEqualTo(2);
		assertThat(this.fleet.warnings())
			.containsExactly("too many series, more are not kept; is there a label with ever new values? limit=2, "
					+ "first too many=orders[limited-2], file=" + this.member.directory());
		limited.repair();
		assertThat(this.fleet.observer().state().missingBySlot()).containsExactly(entry(0, 3));
	}

}
