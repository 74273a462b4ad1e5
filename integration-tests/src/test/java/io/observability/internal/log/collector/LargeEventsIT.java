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

package io.observability.internal.log.collector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.observability.testing.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Large events, with the limit to direct memory that buildpacks set. */
class LargeEventsIT {

	private static final int MEGABYTE = 1 << 20;

	@TempDir
	private Path directory;

	@Test
	void eventsOfAnySizeAreCollectedInLittleDirectMemory() throws IOException {
		try (ForkedJvm jvm = ForkedJvm.startPlain(List.of("env", "JAVA_TOOL_OPTIONS=-XX:MaxDirectMemorySize=10M"),
				LargeEventsMain.class, Map.of(), this.directory.toString(), Integer.toString(MEGABYTE),
				Integer.toString(6 * MEGABYTE), Integer.toString(64 * MEGABYTE), "10")) {
			for (int i = 0; i < 4; i++) {
				assertThat(jvm.awaitLine("taken")).isEqualTo("taken true");
			}
			long direct = Long.parseLong(jvm.awaitLine("direct ").substring("direct ".length()));
			assertThat(direct).isLessThan(2 * MEGABYTE);
			jvm.awaitExit();
		}
		Path log = this.directory.resolve("app.log");
		assertThat(Files.size(log)).isEqualTo(71L * MEGABYTE + 10);
		try (var bytes = Files.newByteChannel(log)) {
			assertThat(digitAt(bytes, 0)).isEqualTo('1');
			assertThat(digitAt(bytes, MEGABYTE)).isEqualTo('2');
			assertThat(digitAt(bytes, 7 * MEGABYTE)).isEqualTo('3');
			assertThat(digitAt(bytes, 71 * MEGABYTE - 1)).isEqualTo('3');
			assertThat(digitAt(bytes, 71 * MEGABYTE)).isEqualTo('4');
		}
	}

	private static char digitAt(SeekableByteChannel file, long position) throws IOException {
		ByteBuffer digit = ByteBuffer.allocate(1);
		file.position(position).read(digit);
		return (char) digit.get(0);
	}

}
