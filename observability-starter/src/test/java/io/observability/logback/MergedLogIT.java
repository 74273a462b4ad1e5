package io.observability.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.observability.testing.ForkedJvm;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that write one log, rolled at 1 MB and compressed, while they are killed:
 * each event whose log call has returned is in it once, whole and in its writer's order.
 * Set the system property {@code kills} to try more often.
 */
class MergedLogIT {

	private static final int KILLS = Integer.getInteger("kills", 6);

	private static final int PAUSE_MICROS = 20;

	private static final long SOME_BYTES = 700_000;

	@TempDir
	private Path directory;

	@Test
	void killedProcess() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, PAUSE_MICROS)) {
			for (int i = 0; i < KILLS; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.any()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void killedCollector() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, PAUSE_MICROS)) {
			for (int i = 0; i < KILLS; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.collector()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void everybodyKilledAtOnce() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, PAUSE_MICROS)) {
			for (int i = 0; i < KILLS / 2; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(fleet.all());
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void processesThatWriteAsFastAsTheyCan() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 2, 0)) {
			for (int i = 0; i < KILLS / 2; i++) {
				fleet.awaitProgress(SOME_BYTES);
				fleet.replace(List.of(fleet.any()));
			}
			stopAndCheck(fleet);
		}
	}

	@Test
	void stoppedAndContinuedCollector() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 2, PAUSE_MICROS)) {
			ForkedJvm collector = fleet.collector();
			fleet.awaitProgress(SOME_BYTES / 4);
			collector.signal("STOP");
			// The others wait for it, because it still has the lock.
			Awaitility.await().until(() -> fleet.queueFiles().size() > 4);
			collector.signal("CONT");
			fleet.awaitProgress(SOME_BYTES);
			stopAndCheck(fleet);
		}
	}

	@Test
	void attachedAppendersGetEachEventAtLeastOnceAndInOrder() throws IOException {
		try (LogFleet fleet = new LogFleet(this.directory, 3, 10 * PAUSE_MICROS, Map.of("sink", "true"))) {
			for (int i = 0; i < KILLS / 2; i++) {
				fleet.awaitProgress(SOME_BYTES / 4);
				fleet.replace(List.of(fleet.collectorOfSinks()));
			}
			stopAndCheck(fleet);
		}
		SinkChecker sinks = SinkChecker.check(this.directory);
		assertThat(sinks.findings()).isEmpty();
		assertThat(sinks.files()).isGreaterThan(1);
	}

	private void stopAndCheck(LogFleet fleet) throws IOException {
		fleet.stop();
		MergedLogChecker log = MergedLogChecker.check(this.directory);
		assertThat(log.findings()).as(log.toString()).isEmpty();
		assertThat(log.lines()).isGreaterThan(10_000);
		assertThat(fleet.queueFiles()).isEmpty();
	}

}
