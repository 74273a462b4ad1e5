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

package io.observability.logback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observability.testing.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Log calls that overflow the stack leave nothing behind that others wait for. The
 * profile {@code soak} starts more processes with more errors.
 */
class StackOverflowIT {

	private static final int PROCESSES = Integer.getInteger("overflowProcesses", 2);

	private static final int ERRORS = Integer.getInteger("overflows", 50);

	@TempDir
	private Path directory;

	@Test
	void linesThatAreLoggedAfterwardsAreAllThere() throws IOException {
		List<ForkedJvm> jvms = new ArrayList<>();
		try {
			for (int i = 0; i < PROCESSES; i++) {
				// Frames have other sizes when they are interpreted, and what is left
				// open
				// depends on them.
				String compilers = (i % 2 == 1) ? "-Xint" : "-XX:TieredStopAtLevel=4";
				jvms.add(ForkedJvm.startPlain(List.of("env", "_JAVA_OPTIONS=" + compilers), StackOverflowMain.class,
						Map.of("maxFileSize", "1GB"), this.directory.toString(), "w" + i, Integer.toString(ERRORS)));
			}
			jvms.forEach((jvm) -> jvm.awaitLine("stopped"));
		}
		finally {
			jvms.forEach(ForkedJvm::close);
		}
		try (Stream<String> lines = Files.lines(this.directory.resolve("app.log"), StandardCharsets.UTF_8)) {
			assertThat(lines.filter((line) -> line.contains(" after ")).map((line) -> line.split(" : ", 2)[1]).toList())
				.containsExactlyInAnyOrderElementsOf(IntStream.range(0, PROCESSES)
					.boxed()
					.flatMap((process) -> IntStream.range(0, ERRORS).mapToObj((i) -> "w" + process + " after " + i))
					.toList());
		}
	}

}
