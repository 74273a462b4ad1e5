package io.observability.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The launcher itself.
 */
class LauncherIT {

	@TempDir
	private Path dir;

	@Test
	void workersEndWithTheirLauncherHoweverItEnds() throws Exception {
		RunningFleet fleet = RunningFleet.start(1, this.dir);
		List<ProcessHandle> workers = fleet.launcher().children().toList();
		assertThat(workers).hasSize(1);

		fleet.launcher().destroyForcibly();

		await().atMost(RunningFleet.TIMEOUT).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
	}

	@Test
	void aPortThatIsTakenIsNamed() throws IOException, InterruptedException {
		try (ServerSocket taken = new ServerSocket(0)) {
			Process launcher = RunningFleet.launch(1, taken.getLocalPort() - 1, this.dir);
			assertThat(launcher.waitFor(RunningFleet.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(launcher.exitValue()).isEqualTo(1);
			assertThat(Files.readString(this.dir.resolve("launcher.out")))
				.contains("port " + taken.getLocalPort() + " is taken");
		}
	}

}
