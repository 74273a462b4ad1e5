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

package io.observability.internal.instance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which processes can be seen to run.
 */
@EnabledOnOs(OS.LINUX)
class ProcessIdentityTests {

	private final ProcessIdentity current = current();

	private static ProcessIdentity current() {
		ProcessIdentity current = ProcessIdentity.current();
		assertThat(current).isNotNull();
		return current;
	}

	@Test
	void thisProcessRuns() {
		assertThat(this.current.pid()).isEqualTo(ProcessHandle.current().pid());
		assertThat(this.current.isRunning()).isTrue();
	}

	@Test
	void laterProcessWithTheSameIdIsAnother() {
		assertThat(other(this.current.pid(), this.current.startTicks() - 1).isRunning()).isFalse();
	}

	@Test
	void processOfAnotherNamespaceOrBootIsNotKnownToRun() {
		assertThat(new ProcessIdentity(this.current.boot(), "pid:[1]", this.current.pid(), this.current.startTicks())
			.isRunning()).isFalse();
		assertThat(new ProcessIdentity("x", this.current.namespace(), this.current.pid(), this.current.startTicks())
			.isRunning()).isFalse();
	}

	@Test
	void processThatWasKilledDoesNotRunEvenIfItsParentHasNotNoticed() throws IOException {
		Process parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
			long pid = Long.parseLong(output.readLine());
			Path status = Path.of("/proc", Long.toString(pid), "stat");
			String[] fields = Files.readString(status).replaceFirst(".*\\) ", "").split(" ", -1);
			ProcessIdentity child = other(pid, Long.parseLong(fields[19]));
			assertThat(child.isRunning()).isTrue();
			// The shell would notice.
			Path parentName = Path.of("/proc", Long.toString(parent.pid()), "comm");
			Awaitility.await().until(() -> Files.readString(parentName).equals("sleep\n"));
			ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
			Awaitility.await().until(() -> !child.isRunning());
			assertThat(status).exists();
		}
		finally {
			parent.destroyForcibly();
		}
	}

	private ProcessIdentity other(long pid, long startTicks) {
		return new ProcessIdentity(this.current.boot(), this.current.namespace(), pid, startTicks);
	}

}
