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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.observability.internal.instance.Slot;
import io.observability.internal.instance.Slots;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.format.Family;
import io.observability.internal.metrics.format.MetricType;
import io.observability.internal.metrics.format.TotalsFamily;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.segment.Problems;
import io.observability.testing.ForkedJvm;
import io.observability.testing.HiddenProcess;
import io.observability.testing.Shown;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The store with processes as instances. The profile {@code soak} makes the storm longer
 * and wider.
 */
@Timeout(1200)
@SuppressWarnings("StringSplitter") // lines of known words
class MetricsIT {

	/** In bucket n each event has the amount n + 1. */
	static final TotalsFamily STORM = Family.totals("storm", "", MetricType.HISTOGRAM, List.of(), List.of(1.0, 2.0), 1);

	private static final int SECONDS = Integer.getInteger("soak.seconds", 3);

	private static final int PROCESSES = Integer.getInteger("soak.processes", 3);

	private static final long THREADS = Integer.getInteger("soak.threads", 2);

	@TempDir
	private Path directory;

	private final List<ForkedJvm> jvms = new ArrayList<>();

	private final List<String> warnings = new ArrayList<>();

	private final Problems problems = new Problems(this.warnings::add);

	private StoreDirectory store;

	private FleetMetrics observer;

	@BeforeEach
	void open() throws IOException {
		this.store = StoreDirectory.open(this.directory.resolve("store"));
		this.observer = new FleetMetrics(this.store, List.of(), this.problems);
	}

	@AfterEach
	void close() throws IOException {
		this.jvms.forEach(ForkedJvm::close);
		this.observer.close();
	}

	private ForkedJvm start(String... launcher) {
		ForkedJvm jvm = ForkedJvm.startPlain(List.of(launcher), MetricsMain.class, Map.of(),
				this.store.path().toString(), acknowledged(this.jvms.size()).toString());
		this.jvms.add(jvm);
		return jvm;
	}

	private Path acknowledged(int jvm) {
		return this.directory.resolve("acknowledged-" + jvm);
	}

	private static int slotOf(ForkedJvm jvm) {
		return Integer.parseInt(jvm.awaitLine("ready ").split(" ")[1]);
	}

	/** Sends commands, and waits for the answer to each. */
	private static String tell(ForkedJvm jvm, String command, String answer) {
		jvm.send(command);
		return jvm.awaitLine(answer);
	}

	@Test
	void totalsAreExactWhicheverInstanceIsKilled() throws IOException {
		Random random = new Random(42);
		List<ForkedJvm> living = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			living.add(start());
		}
		living.forEach(MetricsIT::slotOf);
		living.forEach((jvm) -> tell(jvm, "storm " + THREADS, "storming"));
		int killed = 0;
		long lastCount = 0;
		double lastCounter = 0;
		long scrapes = 0;
		for (int second = 0; second < SECONDS; second++) {
			long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
			while (System.nanoTime() < until) {
				SortedMap<String, String> shown = Shown.by(this.observer);
				double counter = Double.parseDouble(shown.get("orders{shop=storm}"));
				assertThat(counter).as("never goes back").isGreaterThanOrEqualTo(lastCounter);
				lastCounter = counter;
				lastCount = assertFits(shown.get("storm"), lastCount);
				scrapes++;
			}
			living.remove(random.nextInt(living.size())).kill();
			killed++;
			ForkedJvm next = start();
			slotOf(next);
			tell(next, "storm " + THREADS, "storming");
			living.add(next);
		}
		living.forEach(ForkedJvm::kill);
		killed += living.size();
		long acknowledged = 0;
		for (int jvm = 0; jvm < this.jvms.size(); jvm++) {
			acknowledged += sumOf(acknowledged(jvm));
		}
		assertExact(acknowledged, killed * THREADS);
		new Archive(this.store, this.problems, Duration.ofDays(7)).fold();
		assertExact(acknowledged, killed * THREADS);
		assertThat(this.warnings).isEmpty();
		assertThat(scrapes).isGreaterThan(10);
		assertThat(acknowledged).isGreaterThan(100_000);
	}

	/** The histogram's events, whose amounts must be those of their buckets. */
	private long assertFits(String histogram, long lastCount) {
		String[] counts = histogram.substring(1, histogram.indexOf(']')).split(", ");
		long count = 0;
		long amount = 0;
		for (int bucket = 0; bucket < counts.length; bucket++) {
			long inBucket = Long.parseLong(counts[bucket]);
			count += inBucket;
			amount += inBucket * (bucket + 1);
		}
		double sum = Double.parseDouble(histogram.substring(histogram.indexOf(']') + 2));
		assertThat(sum).as(() -> histogram + ", read again: " + Shown.by(this.observer).get("storm"))
			.isEqualTo((double) amount);
		assertThat(count).as("never goes back").isGreaterThanOrEqualTo(lastCount);
		return count;
	}

	private void assertExact(long acknowledged, long killedThreads) {
		SortedMap<String, String> shown = Shown.by(this.observer);
		assertThat(Double.parseDouble(shown.get("orders{shop=storm}"))).isBetween((double) acknowledged,
				(double) (acknowledged + killedThreads));
		assertThat(assertFits(shown.get("storm"), 0)).isBetween(acknowledged, acknowledged + killedThreads);
	}

	private static long sumOf(Path acknowledged) throws IOException {
		ByteBuffer counts = ByteBuffer.wrap(Files.readAllBytes(acknowledged)).order(ByteOrder.LITTLE_ENDIAN);
		long sum = 0;
		while (counts.hasRemaining()) {
			sum += counts.getLong();
		}
		return sum;
	}

	/** More instances than are probed one by one: their locks are listed at once. */
	@Test
	void nextScrapeAfterAKillShowsTheCountersOfTheKilledInstanceAndNotItsGauges() throws IOException {
		for (int slot = 0; slot < 5; slot++) {
			ForkedJvm jvm = start();
			assertThat(slotOf(jvm)).isEqualTo(slot);
			tell(jvm, "pause", "paused");
			tell(jvm, "add", "added");
			tell(jvm, "gauge " + slot, "set");
		}
		assertThat(scrapedByTheFirst()).isEqualTo(livingAre(0, 1, 2, 3, 4));
		Files.delete(this.store.slots().resolve("4").resolve("lock"));
		assertThat(scrapedByTheFirst()).as("its process runs").isEqualTo(livingAre(0, 1, 2, 3, 4));
		this.jvms.get(2).kill();
		assertThat(scrapedByTheFirst()).isEqualTo(livingAre(0, 1, 3, 4));
		this.jvms.get(4).kill();
		assertThat(scrapedByTheFirst()).isEqualTo(livingAre(0, 1, 3));
	}

	private String scrapedByTheFirst() {
		return tell(this.jvms.get(0), "scrape", "scrape ");
	}

	private static String livingAre(int... slots) {
		return IntStream.of(slots)
			.mapToObj((slot) -> ", state{@" + slot + "}=" + slot + ".0")
			.collect(Collectors.joining("", "scrape {orders{shop=told}=5.0", "}"));
	}

	@Test
	void instanceThatWasTakenForDeadCountsOnce() throws IOException {
		ForkedJvm jvm = start();
		slotOf(jvm);
		tell(jvm, "add", "added");
		tell(jvm, "pause", "paused");
		jvm.signal("STOP");
		Files.delete(this.store.slots().resolve("0").resolve("lock"));
		HiddenProcess.in(this.store.slots().resolve("0"));
		assertThat(new Archive(this.store, this.problems, Duration.ofDays(7)).fold()).isEqualTo(1);
		jvm.signal("CONT");
		tell(jvm, "add", "added");
		tell(jvm, "repair", "repaired");
		tell(jvm, "add", "added");
		assertThat(Shown.by(this.observer)).as("one was recorded when nobody looked")
			.containsExactly(entry("orders{shop=told}", "2.0"));
		jvm.kill();
		assertThat(new Archive(this.store, this.problems, Duration.ofDays(7)).fold()).isEqualTo(1);
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "2.0"));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void instanceThatHasLostItsLockIsNotFoldedAndTakesItAgain() throws IOException {
		Archive archive = new Archive(this.store, this.problems, Duration.ofDays(7));
		ForkedJvm jvm = start();
		slotOf(jvm);
		tell(jvm, "pause", "paused");
		Slot slot = new Slots(this.store).list().get(0);
		for (int i = 1; i <= 3; i++) {
			tell(jvm, "add", "added");
			tell(jvm, "drop-locks", "dropped");
			assertThat(slot.isHeld()).isFalse();
			assertThat(archive.fold()).isZero();
			tell(jvm, "add", "added");
			Awaitility.await().until(() -> {
				tell(jvm, "repair", "repaired");
				return slot.isHeld();
			});
			assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", 2 * i + ".0"));
		}
		tell(jvm, "drop-locks", "dropped");
		jvm.kill();
		assertThat(archive.fold()).isOne();
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "6.0"));
	}

	@Test
	void instanceThatIsStoppedInTheMiddleOfAFoldIsReplacedAndChangesNothing() {
		ForkedJvm stopped = start();
		slotOf(stopped);
		tell(stopped, "pause", "paused");
		tell(stopped, "take-turn", "turn taken");
		stopped.signal("STOP");
		ForkedJvm folding = start();
		slotOf(folding);
		for (int i = 1; i <= 2; i++) {
			ForkedJvm ended = start();
			int slot = slotOf(ended);
			tell(ended, "add", "added");
			ended.kill();
			Awaitility.await().until(() -> segmentsOf(slot) == 0);
			assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", i + ".0"));
		}
		stopped.signal("CONT");
		assertThat(tell(stopped, "publish", "published ")).isEqualTo("published false");
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "2.0"));
		assertThat(this.warnings).isEmpty();
	}

	private int segmentsOf(int slot) throws IOException {
		int segments = 0;
		try (var files = Files.newDirectoryStream(this.store.slots().resolve("" + slot), "metrics-*.seg")) {
			for (Path file : files) {
				segments += Files.exists(file) ? 1 : 0;
			}
		}
		return segments;
	}

	@Test
	void instanceWhoseSlotWasTakenGoesToAnother() throws IOException {
		ForkedJvm robbed = start();
		slotOf(robbed);
		tell(robbed, "add", "added");
		tell(robbed, "pause", "paused");
		Files.delete(this.store.slots().resolve("0").resolve("lock"));
		HiddenProcess.in(this.store.slots().resolve("0"));
		ForkedJvm other = start();
		assertThat(slotOf(other)).isZero();
		tell(other, "pause", "paused");
		tell(other, "add", "added");
		tell(robbed, "repair", "repaired");
		tell(robbed, "add", "added");
		assertThat(tell(robbed, "state", "state")).startsWith("state 1 ");
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "3.0"));
		robbed.kill();
		other.kill();
		new Archive(this.store, this.problems, Duration.ofDays(7)).fold();
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "3.0"));
	}

	@Test
	void fileThatIsTruncatedUnderItsOwnerEndsNoProcess() throws IOException {
		assumeThat(Runtime.version().feature())
			.as("JDK 17 itself ends with SIGBUS where a compare-and-swap isn't compiled yet, however long the rest is")
			.isGreaterThan(17);
		ForkedJvm jvm = start();
		slotOf(jvm);
		tell(jvm, "storm 3", "storming");
		awaitCompiled();
		for (int round = 0; round < 10; round++) {
			awaitStorm();
			Path file = onlySegment();
			try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
				bytes.setLength((round % 2 == 0) ? 4096 : 0);
			}
			while (Files.exists(file)) {
				assertThat(jvm.isAlive()).isTrue();
				Shown.by(this.observer);
			}
		}
		awaitStorm();
		assertThat(tell(jvm, "state", "state")).startsWith("state 0 ");
		assertThat(this.problems.byFile()).isNotEmpty();
	}

	/** Java turns the fault into an error reliably in compiled code only. */
	private void awaitCompiled() throws IOException {
		while (sumOf(acknowledged(0)) < 1_000_000) {
			assertThat(this.jvms.get(0).isAlive()).isTrue();
		}
	}

	private void awaitStorm() {
		String first = Shown.by(this.observer).get("orders{shop=storm}");
		while (first == null || first.equals(Shown.by(this.observer).get("orders{shop=storm}"))) {
			assertThat(this.jvms.get(0).isAlive()).isTrue();
			first = Shown.by(this.observer).get("orders{shop=storm}");
		}
	}

	private Path onlySegment() throws IOException {
		try (var files = Files.newDirectoryStream(this.store.slots().resolve("0"), "metrics-*.seg")) {
			return files.iterator().next();
		}
	}

	@Test
	void instancesThatAreBothPidOneWorkTogether() {
		String[] container = { "unshare", "--pid", "--fork", "--kill-child", "--mount-proc" };
		assumeThat(runs(container)).as("pid namespaces can be made, which takes root").isTrue();
		ForkedJvm first = start(container);
		assertThat(first.awaitLine("ready ")).isEqualTo("ready 0 1");
		ForkedJvm second = start(container);
		assertThat(second.awaitLine("ready ")).isEqualTo("ready 1 1");
		tell(first, "add", "added");
		tell(second, "add", "added");
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "2.0"));
		first.kill();
		ForkedJvm third = start(container);
		assertThat(third.awaitLine("ready ")).isEqualTo("ready 0 1");
		tell(third, "add", "added");
		assertThat(Shown.by(this.observer)).containsExactly(entry("orders{shop=told}", "3.0"));
		assertThat(this.warnings).isEmpty();
	}

	private static boolean runs(String... launcher) {
		try {
			List<String> command = new ArrayList<>(List.of(launcher));
			command.add("true");
			return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
		}
		catch (IOException | InterruptedException ex) {
			return false;
		}
	}

	@ParameterizedTest
	@CsvSource({ "100k, 3002", "600k, 1\\d\\d\\d" })
	void fullDiskAtCreationOrAtGrowthStopsNoInstance(String size, String missing) {
		assumeThat(runs(onDiskOf(size))).as("a small file system can be mounted, which takes root").isTrue();
		ForkedJvm jvm = start(onDiskOf(size));
		slotOf(jvm);
		tell(jvm, "add", "added");
		tell(jvm, "series 3001 100", "made");
		tell(jvm, "add", "added");
		tell(jvm, "pause", "paused");
		tell(jvm, "repair", "repaired");
		assertThat(tell(jvm, "view", "view")).as("all seen by itself, some by itself alone")
			.matches("view 3002 \\{0=" + missing + "}");
		assertThat(tell(jvm, "state", "state")).isEqualTo("state 0 0 2.0");
	}

	/** Runs a program for which alone the store lies on a small disk. */
	private String[] onDiskOf(String size) {
		return new String[] { "unshare", "--mount", "sh", "-c",
				"mount -t tmpfs -o size=" + size + " tmpfs " + this.store.path() + " && exec \"$@\"", "sh" };
	}

	@Test
	void storeThatIsMadeReadOnlyStopsNoInstance() throws IOException {
		String[] withoutRightsOfRoot = { "setpriv", "--bounding-set=-dac_override,-dac_read_search" };
		ForkedJvm jvm = runs(withoutRightsOfRoot) ? start(withoutRightsOfRoot) : start();
		slotOf(jvm);
		tell(jvm, "add", "added");
		Path slot = this.store.slots().resolve("0");
		Path[] folders = { slot, this.store.slots(), this.store.archive(), this.store.path() };
		for (Path folder : folders) {
			Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
		}
		try {
			tell(jvm, "add", "added");
			tell(jvm, "series 3001 100", "made");
			tell(jvm, "pause", "paused");
			tell(jvm, "repair", "repaired");
			assertThat(tell(jvm, "view", "view")).as("some is in no file").matches("view 3002 \\{0=\\d+}");
			assertThat(tell(jvm, "state", "state")).isEqualTo("state 0 0 2.0");
			assertThat(Shown.by(this.observer)).containsEntry("orders{shop=told}", "2.0");
		}
		finally {
			for (Path folder : folders) {
				Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
			}
		}
	}

}
