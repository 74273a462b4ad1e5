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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

import io.observability.GaugeMode;
import io.observability.internal.memory.Region;
import io.observability.internal.metrics.cells.Totals;
import io.observability.internal.metrics.format.Families;
import io.observability.internal.metrics.format.MetricsSegmentLayout;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.read.MergedFamily;
import io.observability.internal.metrics.read.Merger;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.read.Segment;
import io.observability.internal.metrics.read.SegmentReader;
import io.observability.internal.segment.CorruptSegmentException;
import io.observability.internal.segment.SegmentHeaderLayout;
import io.observability.internal.segment.SegmentSource;
import io.observability.testing.Shown;
import io.observability.testing.TestFleet;
import io.observability.testing.TestFleet.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Files that are not as they should be: everybody else's metrics are shown, and what is
 * wrong is told once.
 */
@Timeout(60)
class BadFilesTests {

	@TempDir
	private Path directory;

	private TestFleet fleet;

	private Member healthy;

	private Path illFile;

	@BeforeEach
	void start() {
		this.fleet = TestFleet.in(this.directory);
		this.healthy = this.fleet.start();
		this.healthy.writer().totals(Families.COUNTER, List.of("healthy")).add(1);
		Member ill = this.fleet.start();
		ill.writer().totals(Families.COUNTER, List.of("ill")).add(2);
		ill.kill();
		this.illFile = this.fleet.segments()
			.stream()
			.filter((file) -> file.startsWith(illDirectory()))
			.findFirst()
			.get();
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	/** What has become of a file. */
	enum Damage {

		GARBAGE_SHORTER_THAN_THE_MAGIC("metrics file is too short: length=3, limit=56",
				(file) -> write(file, new byte[] { 1, 2, 3 })),

		GARBAGE_SHORTER_THAN_A_HEADER("metrics file is too short: length=55, limit=56",
				(file) -> write(file, garbage(55))),

		GARBAGE("not a metrics file: magic=0x", (file) -> write(file, garbage(300_000))),

		TEXT("metrics file is too short: length=15, limit=56",
				(file) -> write(file, "SQLite format 3".getBytes(StandardCharsets.UTF_8))),

		ANOTHER_MAGIC("not a metrics file: magic=0x", (file) -> putInt(file, SegmentHeaderLayout.MAGIC_OFFSET, 42)),

		NEWER_VERSION("unknown version of metrics file: version=3, known=2",
				(file) -> putInt(file, SegmentHeaderLayout.VERSION_OFFSET, 3)),

		NEGATIVE_NAME_LENGTH("header of metrics file does not fit: name length=-1",
				(file) -> putInt(file, MetricsSegmentLayout.NAME_LENGTH_OFFSET, -1)),

		HUGE_NAME_LENGTH("header of metrics file does not fit: name length=2147483647",
				(file) -> putInt(file, MetricsSegmentLayout.NAME_LENGTH_OFFSET, Integer.MAX_VALUE)),

		ANOTHER_HEADER_LENGTH("header of metrics file does not fit",
				(file) -> putInt(file, SegmentHeaderLayout.HEADER_LENGTH_OFFSET, 48)),

		NEGATIVE_SIZE("header of metrics file does not fit",
				(file) -> putInt(file, MetricsSegmentLayout.SIZE_OFFSET, -8)),

		SIZE_BEYOND_THE_FILE("metrics file is cut off: length=262144, size=2147483647",
				(file) -> putInt(file, MetricsSegmentLayout.SIZE_OFFSET, Integer.MAX_VALUE)),

		HEADER_ALONE("metrics file is cut off: length=64, size=262144", (file) -> truncate(file, 64)),

		DIRECTORY_ALONE("metrics file is cut off: length=4096, size=262144", (file) -> truncate(file, 4096)),

		LAST_BYTE_MISSING("metrics file is cut off: length=262143, size=262144",
				(file) -> truncate(file, (256 << 10) - 1)),

		NEGATIVE_RECORD_LENGTH("record length does not fit: length=-8, offset=64", (file) -> putInt(file, 64, -8)),

		RECORD_LENGTH_BEYOND_THE_FILE("record length does not fit: length=2147483640, offset=64",
				(file) -> putInt(file, 64, Integer.MAX_VALUE - 7)),

		RECORD_LENGTH_OFF_ITS_MULTIPLES("record length does not fit: length=41, offset=64",
				(file) -> putInt(file, 64, 41)),

		FOLDER("Is a directory", (file) -> {
			Files.delete(file);
			Files.createDirectory(file);
		});

		private final String told;

		@SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
		private final Action action;

		Damage(String told, Action action) {
			this.told = told;
			this.action = action;
		}

	}

	@ParameterizedTest
	@EnumSource
	void damagedFileIsToldOnceAndHidesNobodyElse(Damage damage) throws IOException {
		damage.action.apply(this.illFile);
		FleetMetrics observer = this.fleet.observer();
		for (int i = 0; i < 3; i++) {
			assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=healthy}", "1.0"));
			assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "1.0"));
		}
		assertThat(this.fleet.warnings()).hasSize(1)
			.first()
			.asString()
			.startsWith("metrics file can't be read, the others are shown without it: ")
			.contains(damage.told)
			.endsWith(", file=" + this.illFile);
		assertThat(this.fleet.problems().byFile()).containsOnlyKeys(this.illFile);
		boolean forOthersToRead = damage == Damage.NEWER_VERSION || damage == Damage.FOLDER;
		assertThat(this.fleet.fold()).isEqualTo(forOthersToRead ? 0 : 1);
		assertThat(Files.exists(this.illFile)).isEqualTo(forOthersToRead);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "1.0"));
	}

	@ParameterizedTest
	@EnumSource(names = { "GARBAGE", "TEXT", "ANOTHER_MAGIC", "HEADER_ALONE", "LAST_BYTE_MISSING" })
	void fileIsFoundDamagedThatWasReadBefore(Damage damage) throws IOException {
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(2);
		damage.action.apply(this.illFile);
		for (int i = 0; i < 3; i++) {
			assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=healthy}", "1.0"));
		}
		assertThat(this.fleet.warnings()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4, 8, 55, 100, 1 << 16, 256 << 10 })
	void fileThatIsBeingMadeIsNoProblem(int zeros) throws IOException {
		write(this.illFile, new byte[zeros]);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "1.0"));
		assertThat(this.fleet.warnings()).isEmpty();
		assertThat(this.fleet.fold()).as("its maker was killed over it").isEqualTo(1);
		assertThat(this.illFile).doesNotExist();
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "1.0"));
	}

	@Test
	void whatStandsBeforeDamagedRecordsIsShownAndKept() throws IOException {
		long length = recordsOf(this.illFile);
		putInt(this.illFile, (int) length, 12_345);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "1.0"),
				entry("orders{shop=ill}", "2.0"));
		assertThat(this.fleet.warnings()).hasSize(1);
		assertThat(this.fleet.fold()).as("the rest will never be readable").isEqualTo(1);
		assertThat(this.fleet.shown()).hasSize(2);
	}

	@Test
	void recordThatReachesIntoTheNumbersIsDamage() throws IOException {
		int end = (int) recordsOf(this.illFile);
		int firstCell = (256 << 10) - Families.COUNTER.cellBytes();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(2);
		putInt(this.illFile, end, firstCell - end + 8);
		assertThat(Shown.by(observer)).hasSize(2);
		assertThat(this.fleet.warnings()).hasSize(1).first().asString().contains("record length does not fit");
		putInt(this.illFile, end, firstCell - end);
		assertThat(this.fleet.shown()).as("it may reach up to them").hasSize(2);
	}

	/** Where the directory of a file ends. */
	private static long recordsOf(Path file) throws IOException {
		ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
		int end = 64;
		while (bytes.getInt(end) != 0) {
			end += bytes.getInt(end);
		}
		return end;
	}

	@Test
	void recordOfALaterVersionIsPassedOver() throws IOException {
		Path file = this.illFile;
		int end = (int) recordsOf(file);
		putInt(file, end, 16);
		putInt(file, end + 4, 99);
		assertThat(this.fleet.shown()).hasSize(2);
		assertThat(this.fleet.warnings()).isEmpty();
		assertThat(this.fleet.fold()).isEqualTo(1);
	}

	@Test
	void foreignFilesAreLeftAlone() throws IOException {
		for (String name : List.of("metrics.db", "metrics-0.seg~", "metrics-00-0-0.seg", ".metrics-0.seg.swp",
				"metrics-0123456789abcdef-0-0.seg.bak", "metrics-0123456789ABCDEF-0-0.seg")) {
			write(illDirectory().resolve(name), garbage(100));
		}
		assertThat(this.fleet.shown()).hasSize(2);
		assertThat(this.fleet.warnings()).isEmpty();
		this.fleet.fold();
		assertThat(illDirectory()).isDirectoryContaining("glob:**/metrics.db").isDirectoryContaining("glob:**/*.bak");
	}

	@Test
	void deletedFilesOfARunningInstanceHarmNobody() throws IOException {
		Totals totals = this.healthy.writer().totals(Families.COUNTER, List.of("healthy"));
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(2);
		for (Path file : this.fleet.segments()) {
			Files.delete(file);
		}
		totals.add(1);
		assertThat(Shown.by(observer)).isEmpty();
		assertThat(Shown.by(new InstanceMetrics(this.healthy.writer().ownSegments())))
			.containsExactly(entry("orders{shop=healthy}", "2.0"));
		assertThat(this.fleet.warnings()).isEmpty();
	}

	@Test
	void wipedStoreFillsAgain() throws IOException {
		FleetMetrics observer = this.fleet.observer();
		this.fleet.fold();
		assertThat(Shown.by(observer)).hasSize(2);
		try (Stream<Path> paths = Files.walk(this.fleet.store().path())) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
		Shown.by(observer);
		Member renewed = this.fleet.start();
		renewed.writer().totals(Families.COUNTER, List.of("renewed")).add(3);
		renewed.kill();
		assertThat(this.fleet.fold()).isEqualTo(1);
		assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=renewed}", "3.0"));
		assertThat(Shown.by(observer)).as("not the archive that was there before")
			.containsExactly(entry("orders{shop=renewed}", "3.0"));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void folderThatCanNotBeReadHidesNobodyElse() throws IOException {
		Path slot = illDirectory();
		FleetMetrics observer = this.fleet.observer();
		assertThat(Shown.by(observer)).hasSize(2);
		assertThat(slot.toFile().setExecutable(false) && slot.toFile().setReadable(false)).isTrue();
		try {
			assumeFalse(Files.isReadable(slot), "this user may read everything");
			this.healthy.writer().totals(Families.COUNTER, List.of("healthy")).add(1);
			for (int i = 0; i < 2; i++) {
				assertThat(Shown.by(observer)).containsExactly(entry("orders{shop=healthy}", "2.0"),
						entry("orders{shop=ill}", "2.0"));
				assertThat(this.fleet.shown()).containsExactly(entry("orders{shop=healthy}", "2.0"));
			}
			assertThat(this.fleet.warnings()).hasSize(1);
		}
		finally {
			assertThat(slot.toFile().setExecutable(true) && slot.toFile().setReadable(true)).isTrue();
		}
	}

	@Test
	void noBytesAtAllMakeAReadingFail() throws IOException {
		Segment segment = new Segment("a");
		segment.totals(Families.COUNTER, "north").add(1);
		segment.totals(Families.HISTOGRAM).record(1, 5L);
		segment.totals(Families.SUMMARY).record(0, 5L);
		segment.windowMax(Families.MAX, System.currentTimeMillis()).record(5);
		segment.sample(Families.gauge("g", GaugeMode.ALL)).set(1, 1);
		segment.sample(Families.gauge("h", GaugeMode.SUM)).set(1, 1);
		byte[] good = segment.bytes();
		int read = 0;
		for (int seed = 0; seed < 5_000; seed++) {
			byte[] bytes = good.clone();
			mutate(bytes, new Random(seed));
			read += isRead(bytes) ? 1 : 0;
		}
		assertThat(read).as("mutations that leave something to read").isBetween(1_000, 4_700);
	}

	private static void mutate(byte[] bytes, Random random) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		int[] extremes = { 0, 1, -1, 7, 8, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20, bytes.length, 3 };
		for (int i = 0; i <= random.nextInt(8); i++) {
			// Most are in the directory, at the front, or in the cells, at the end.
			int at = random.nextInt(800);
			at = (random.nextInt(4) == 0) ? bytes.length - 4 - at / 4 : at;
			switch (random.nextInt(3)) {
				case 0 -> bytes[at] = (byte) random.nextInt();
				case 1 -> buffer.putInt(at & -4, extremes[random.nextInt(extremes.length)]);
				default -> buffer.putLong(Math.min(at & -8, bytes.length - 8), random.nextLong());
			}
		}
	}

	private static boolean isRead(byte[] bytes) throws IOException {
		Region region = Region.allocate(bytes.length);
		region.putBytes(0, bytes);
		SegmentReader reader = new SegmentReader(SegmentSource.of(region));
		try {
			if (!reader.refresh()) {
				return false;
			}
		}
		catch (CorruptSegmentException ex) {
			return false;
		}
		Merger merger = new Merger();
		merger.begin(List.of(reader));
		merger.add(reader, true);
		Shown.by(new MetricsSource() {

			@Override
			public <T> T collect(Function<Collection<MergedFamily>, T> use) {
				return use.apply(merger.families());
			}

		});
		return true;
	}

	private Path illDirectory() {
		return this.fleet.store().slots().resolve("1");
	}

	private static void write(Path file, byte[] bytes) throws IOException {
		Files.write(file, bytes);
	}

	private static byte[] garbage(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private static void truncate(Path file, long length) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
			access.setLength(length);
		}
	}

	private static void putInt(Path file, int offset, int value) throws IOException {
		try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
			access.seek(offset);
			access.writeInt(Integer.reverseBytes(value));
		}
	}

	@FunctionalInterface
	private interface Action {

		void apply(Path file) throws IOException;

	}

}
