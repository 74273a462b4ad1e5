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

package io.observability.internal.logback.rolling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import io.observability.logback.QueueAppender;
import io.observability.testing.LogFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a new collector does with files that a dead one left. Logback appends digits and
 * {@code .tmp} to the name of a rolled file while it compresses the file.
 */
class RollingLogFileTests {

	private static final String TEXT = "some lines that were rolled away\n".repeat(1000);

	@TempDir
	private Path directory;

	private final LoggerContext context = new LoggerContext();

	private final long nanoTime = System.nanoTime();

	private RollingLogFile file;

	@BeforeEach
	void useSizeAndTime() {
		use(sizeAndTime("app.log.%d{yyyy-MM-dd}.%i.gz"));
	}

	@AfterEach
	void stop() {
		this.file.stop();
		this.context.stop();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 10, 50, 100 })
	void compressionThatWasKilledIsDoneAgain(int length) throws IOException {
		write(temporary("app.log.2026-11-20.14"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.13.gz", gz("piece 13"));
		write("app.log.2026-11-20.14.gz", Arrays.copyOf(gz(TEXT), length));
		start();
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.13.gz", "piece 13"),
				Map.entry("app.log.2026-11-20.14.gz", TEXT));
	}

	@Test
	void pieceThatWasOnlyRenamedIsCompressed() throws IOException {
		write(temporary("app.log.2026-11-20.14"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1.gz", gz("piece 1"));
		start();
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.1.gz", "piece 1"),
				Map.entry("app.log.2026-11-20.14.gz", TEXT));
	}

	@Test
	void pieceThatWasCompressedButNotDeletedIsNotDoubled() throws IOException {
		write(temporary("app.log.2026-11-20.2"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.2.gz", gz(TEXT));
		start();
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.2.gz", TEXT));
	}

	@Test
	void severalPiecesKeepTheirNames() throws IOException {
		write(temporary("app.log.2026-11-20.1"), "one".getBytes(StandardCharsets.UTF_8));
		write(temporary("app.log.2026-11-20.2"), "two".getBytes(StandardCharsets.UTF_8));
		write(temporary("app.log.2026-11-20.12"), "twelve".getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1.gz", new byte[0]);
		write("app.log.2026-11-20.2.gz", new byte[0]);
		write("app.log.2026-11-20.12.gz", new byte[0]);
		start();
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.1.gz", "one"),
				Map.entry("app.log.2026-11-20.2.gz", "two"), Map.entry("app.log.2026-11-20.12.gz", "twelve"));
	}

	@Test
	void compressesToZipToo() throws IOException {
		use(sizeAndTime("app.log.%d{yyyy-MM-dd}.%i.zip"));
		write(temporary("app.log.2026-11-20.3"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.3.zip", Arrays.copyOf(zip(TEXT), 60));
		start();
		assertThat(this.directory.resolve(temporary("app.log.2026-11-20.3"))).doesNotExist();
		assertThat(this.directory.resolve("app.log.2026-11-20.3.zip")).isNotEmptyFile();
	}

	@Test
	void piecesInDatedFoldersAreFound() throws IOException {
		TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
		policy.setFileNamePattern(path("%d{yyyy/MM, aux}/app.%d{yyyy-MM-dd}.gz"));
		use(policy);
		Files.createDirectories(this.directory.resolve("2026/11"));
		write(temporary("2026/11/app.2026-11-20"), TEXT.getBytes(StandardCharsets.UTF_8));
		start();
		assertThat(this.directory.resolve("2026/11/app.2026-11-20.gz")).exists();
		assertThat(this.directory.resolve(temporary("2026/11/app.2026-11-20"))).doesNotExist();
	}

	@Test
	void nextPieceDoesNotTakeTheNameOfOneThatIsStillBeingCompressed() throws IOException {
		String today = LocalDate.now(ZoneId.systemDefault()).toString();
		write(temporary("app.log." + today + ".0"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log", "active ".repeat(100_000).getBytes(StandardCharsets.UTF_8));
		this.file.start(false);
		assertThat(this.file.isRollDue()).isTrue();
		this.file.roll();
		awaitCompression();
		assertThat(files()).containsOnly(Map.entry("app.log." + today + ".0.gz", TEXT),
				Map.entry("app.log." + today + ".1.gz", "active ".repeat(100_000)));
	}

	@Test
	void copyThatWasNotFinishedIsDeletedIfTheActiveFileIsStillThere() throws IOException {
		use(sizeAndTime("app.log.%d{yyyy-MM-dd}.%i"));
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.0", "another piece".getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1", Arrays.copyOf(TEXT.getBytes(StandardCharsets.UTF_8), 5000));
		this.file.start(true);
		assertThat(files()).containsOnly(Map.entry("app.log", TEXT),
				Map.entry("app.log.2026-11-20.0", "another piece"));
	}

	@Test
	void activeFileIsDeletedIfAllOfItWasCopied() throws IOException {
		use(sizeAndTime("app.log.%d{yyyy-MM-dd}.%i"));
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1", TEXT.getBytes(StandardCharsets.UTF_8));
		this.file.start(true);
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.1", TEXT));
	}

	@Test
	void pieceThatAnotherRollHasFinishedIsNeverDeletedHoweverAlikeTheLinesAre() throws IOException {
		use(sizeAndTime("app.log.%d{yyyy-MM-dd}.%i"));
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.0", TEXT.substring(0, 330).getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1", TEXT.getBytes(StandardCharsets.UTF_8));
		setAges("app.log.2026-11-20.0", "app.log.2026-11-20.1", "app.log");
		this.file.start(true);
		assertThat(files()).containsOnly(Map.entry("app.log", TEXT),
				Map.entry("app.log.2026-11-20.0", TEXT.substring(0, 330)), Map.entry("app.log.2026-11-20.1", TEXT));
	}

	@Test
	void windowOfAlikePiecesIsLeftAsItIsIfTheRollHadNotBegunToMoveIt() throws IOException {
		useWindow("app.%i.log.gz");
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.1.log.gz", gz(TEXT));
		write("app.2.log.gz", gz(TEXT.substring(0, 330)));
		setAges("app.2.log.gz", "app.1.log.gz", "app.log");
		this.file.start(true);
		assertThat(files()).containsOnly(Map.entry("app.log", TEXT), Map.entry("app.1.log.gz", TEXT),
				Map.entry("app.2.log.gz", TEXT.substring(0, 330)));
	}

	@Test
	void compressionThatIsDoneAgainNeverReplacesAnAlikePieceThatWasFinished() throws IOException {
		write(temporary("app.log.2026-11-20.14"), TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.log.2026-11-20.1.gz", gz(TEXT));
		write("app.log.2026-11-20.13.gz", gz(TEXT.substring(0, 330)));
		start();
		assertThat(files()).containsOnly(Map.entry("app.log.2026-11-20.1.gz", TEXT),
				Map.entry("app.log.2026-11-20.13.gz", TEXT.substring(0, 330)),
				Map.entry("app.log.2026-11-20.14.gz", TEXT));
	}

	@Test
	void policyThatAlwaysFailsIsReportedOnceAndStopsNothing() throws IOException {
		FixedWindowRollingPolicy window = new FixedWindowRollingPolicy() {

			@Override
			public void rollover() {
				throw new IllegalStateException("on purpose");
			}

		};
		window.setFileNamePattern(path("app.%i.log"));
		SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
		trigger.setContext(this.context);
		trigger.setMaxFileSize(FileSize.valueOf("10KB"));
		trigger.setCheckIncrement(Duration.buildByMilliseconds(0));
		use(window, trigger);
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		this.file.start(false);
		for (int i = 0; i < 300; i++) {
			assertThat(this.file.isRollDue()).isTrue();
			this.file.roll();
		}
		assertThat(this.context.getStatusManager().getCopyOfStatusList())
			.filteredOn((status) -> status.getMessage().contains("can't be rolled"))
			.hasSize(1);
		assertThat(files()).containsOnly(Map.entry("app.log", TEXT));
	}

	/** From the oldest to the newest. */
	private void setAges(String... names) throws IOException {
		long time = System.currentTimeMillis() - 1000L * names.length;
		for (String name : names) {
			Files.setLastModifiedTime(this.directory.resolve(name), FileTime.fromMillis(time));
			time += 1000;
		}
	}

	@Test
	void windowThatWasMovedUpIsMovedBack() throws IOException {
		useWindow("app.%i.log.gz");
		write("app.log", TEXT.getBytes(StandardCharsets.UTF_8));
		write("app.1.log.gz", Arrays.copyOf(gz(TEXT), 40));
		write("app.2.log.gz", gz("one"));
		write("app.3.log.gz", gz("two"));
		this.file.start(true);
		assertThat(files()).containsOnly(Map.entry("app.log", TEXT), Map.entry("app.1.log.gz", "one"),
				Map.entry("app.2.log.gz", "two"));
		assertThat(this.file.isRollDue()).isTrue();
		this.file.roll();
		assertThat(files()).containsOnly(Map.entry("app.1.log.gz", TEXT), Map.entry("app.2.log.gz", "one"),
				Map.entry("app.3.log.gz", "two"));
	}

	@Test
	void stopReturnsWhenNothingTouchesTheFilesAnyMore() throws IOException {
		byte[] large = "0123456789".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
		write("app.log", large);
		this.file.start(false);
		assertThat(this.file.isRollDue()).isTrue();
		this.file.roll();
		this.file.stop();
		assertThat(files().values()).singleElement().extracting((text) -> text.length()).isEqualTo(large.length);
	}

	@Test
	void sizeIsCountedFromWhatIsThere() throws IOException {
		this.file.start(false);
		assertThat(this.file.isRollDue()).isFalse();
		this.file.written(600_000);
		assertThat(this.file.isRollDue()).isTrue();
	}

	private SizeAndTimeBasedRollingPolicy<ILoggingEvent> sizeAndTime(String pattern) {
		SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
		policy.setFileNamePattern(path(pattern));
		policy.setMaxFileSize(FileSize.valueOf("500KB"));
		return policy;
	}

	private <P extends RollingPolicyBase & TriggeringPolicy<ILoggingEvent>> void use(P policy) {
		use(policy, policy);
	}

	private void useWindow(String pattern) {
		FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
		window.setFileNamePattern(path(pattern));
		window.setMinIndex(1);
		window.setMaxIndex(3);
		SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
		trigger.setContext(this.context);
		trigger.setMaxFileSize(FileSize.valueOf("10KB"));
		trigger.setCheckIncrement(Duration.buildByMilliseconds(0));
		use(window, trigger);
	}

	private void use(RollingPolicyBase rolling, TriggeringPolicy<ILoggingEvent> triggering) {
		QueueAppender appender = new QueueAppender();
		appender.setContext(this.context);
		appender.setFile(path("app.log"));
		appender.setEncoder(new PatternLayoutEncoder());
		rolling.setContext(this.context);
		rolling.setParent(appender);
		appender.setRollingPolicy(rolling);
		this.file = new RollingLogFile(appender, rolling, triggering);
	}

	private void start() throws IOException {
		this.file.start(false);
		awaitCompression();
	}

	private void awaitCompression() {
		Awaitility.await().until(() -> {
			try (Stream<Path> files = Files.walk(this.directory)) {
				return files.noneMatch((path) -> path.toString().endsWith(".tmp") || path.toString().contains("/."));
			}
		});
	}

	private String path(String name) {
		return this.directory.resolve(name).toString();
	}

	private String temporary(String name) {
		return name + this.nanoTime + ".tmp";
	}

	private void write(String name, byte[] bytes) throws IOException {
		Files.write(this.directory.resolve(name), bytes);
	}

	private static byte[] gz(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (OutputStream stream = new GZIPOutputStream(bytes)) {
			stream.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

	private static byte[] zip(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream stream = new ZipOutputStream(bytes)) {
			stream.putNextEntry(new ZipEntry("app.log"));
			stream.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

	/** Contents by name. */
	private Map<String, String> files() throws IOException {
		Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path path : files.toList()) {
				StringBuilder text = new StringBuilder();
				try (var reader = LogFiles.reader(path)) {
					char[] buffer = new char[8192];
					int length = reader.read(buffer);
					while (length > 0) {
						text.append(buffer, 0, length);
						length = reader.read(buffer);
					}
				}
				contents.put(path.getFileName().toString(), text.toString());
			}
		}
		return contents;
	}

}
