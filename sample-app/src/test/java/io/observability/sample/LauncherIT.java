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

package io.observability.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The launcher itself, with the executable jar. It needs no other fleet, so it runs while
 * another class waits.
 */
@Execution(ExecutionMode.CONCURRENT)
class LauncherIT {

	@TempDir
	private Path dir;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void workersEndWithTheirLauncherHoweverItEnds(boolean killed) throws Exception {
		RunningFleet fleet = RunningFleet.start(ShopJar.executable(), 1, this.dir);
		List<ProcessHandle> workers = fleet.launcher().children().toList();
		assertThat(workers).hasSize(1);

		if (killed) {
			fleet.launcher().destroyForcibly();
		}
		else {
			fleet.close();
			assertThat(workers).noneMatch(ProcessHandle::isAlive);
		}

		await().atMost(RunningFleet.TIMEOUT).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
	}

	@Test
	void aPortThatIsTakenIsNamed() throws IOException, InterruptedException {
		try (ServerSocket taken = new ServerSocket(0)) {
			Process launcher = RunningFleet.launch(ShopJar.executable(), 1, taken.getLocalPort() - 1, this.dir);
			assertThat(launcher.waitFor(RunningFleet.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(launcher.exitValue()).isEqualTo(1);
			assertThat(Files.readString(this.dir.resolve("launcher.out")))
				.contains("port " + taken.getLocalPort() + " is taken");
		}
	}

}
